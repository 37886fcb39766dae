#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many files sealed by one call: what was sealed stays sealed, whatever becomes of the others.

usage: sealing_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import json
import os
import resource
import subprocess
import time
import unittest

from programs import PROGRAMS, call, remove, run_tests, short_folder


class ManyFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = short_folder()
        cls.addClassCleanup(remove, cls.folder)
        for kind in ("recipient", "sender"):
            done = call("valise", "keygen", "--kind", kind, "-o", cls.folder / kind, "--name", kind, "--no-passphrase")
            if done.returncode != 0:
                raise AssertionError(done.stderr)
        cls.to = ("--to", cls.folder / "recipient.pub", "--from", cls.folder / "sender")
        cls.by = ("--key", cls.folder / "recipient", "--sender", cls.folder / "sender.pub")

    def answer(self, *words) -> tuple:
        done = call("valise", *words, "--json")
        return done.returncode, json.loads(done.stdout)

    def many(self, count: int) -> tuple:
        """Small files, and the folder for what they are sealed into."""
        folder = self.folder / f"many-{count}"
        out = folder / "out"
        out.mkdir(parents=True)
        files = [folder / str(number) for number in range(count)]
        for file in files:
            file.write_bytes(file.name.encode())
        return files, out

    def opens(self, sealed, text: bytes):
        self.assertEqual(call("valise", "open", *self.by, sealed).stdout, text)

    def test_more_files_than_descriptors(self):
        files, out = self.many(60)
        command = [str(PROGRAMS["valise"]), "seal", *map(str, files + list(self.to)), "--output-folder", str(out)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24)))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(list(out.iterdir())), len(files))
        self.opens(out / "59.sealed", b"59")

    def test_who_breaks_it_off_keeps_the_files_before(self):
        files, out = self.many(3)
        pipe = files[0].with_name("pipe")
        os.mkfifo(pipe)
        command = [str(PROGRAMS["valise"]), "seal", *map(str, [*files, pipe, *self.to]), "--output-folder", str(out)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + 20
            while not (out / "2.sealed").exists() and time.monotonic() < until:
                time.sleep(0.05)
            process.kill() # it waits for somebody to write into the pipe
        self.assertEqual(sorted(one.name for one in out.iterdir()), ["0.sealed", "1.sealed", "2.sealed"])
        self.opens(out / "2.sealed", b"2")

    def test_a_name_that_was_taken_meanwhile_costs_its_own_file_alone(self):
        files, out = self.many(4)
        # Nothing is there when it begins, and yet the name is not to be had.
        (out / "1.sealed").symlink_to(out / "nowhere")
        status, value = self.answer("seal", *files, *self.to, "--output-folder", out)
        self.assertEqual((status, value["error"]["code"]), (5, "adapters.file_exists"), value)
        self.assertEqual([one["file"] for one in value["files"]], [str(files[n]) for n in (0, 2, 3)])
        self.assertEqual(sorted(one.name for one in out.iterdir()), [f"{n}.sealed" for n in range(4)])
        self.assertTrue((out / "1.sealed").is_symlink())
        self.opens(out / "3.sealed", b"3")


if __name__ == "__main__":
    run_tests()
