# SPDX-License-Identifier: Apache-2.0
"""Documents that are too large to lie about in clear: made into a pipe, and read out of one."""
import hashlib
import os
import threading

BLOCK = 1 << 20


class Pouring:
    """Writes `size` bytes into a pipe, no two blocks alike; `reading` is the end for a program."""

    def __init__(self, size: int):
        self.size, self.digest = size, hashlib.sha256()
        self.reading, self._writing = os.pipe()
        self._thread = threading.Thread(target=self._pour)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        os.close(self.reading)  # a program that ended early lets the thread go
        self._thread.join()

    def _pour(self):
        rest = os.urandom(BLOCK - 8)
        try:
            for number in range(self.size // BLOCK):
                block = number.to_bytes(8, "big") + rest
                self.digest.update(block)
                left = memoryview(block)
                while left:
                    left = left[os.write(self._writing, left):]
        except BrokenPipeError:
            pass
        finally:
            os.close(self._writing)


class Draining:
    """Reads a pipe to its end; `writing` is the end for a program."""

    def __init__(self):
        self.count, self.digest = 0, hashlib.sha256()
        self._reading, self.writing = os.pipe()
        self._thread = threading.Thread(target=self._drain)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        os.close(self.writing)
        self._thread.join()
        os.close(self._reading)

    def _drain(self):
        while block := os.read(self._reading, BLOCK):
            self.count += len(block)
            self.digest.update(block)
