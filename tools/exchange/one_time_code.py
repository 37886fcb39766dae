# SPDX-License-Identifier: Apache-2.0
"""The one-time code of now, as a person's own generator shows it (RFC 6238).

usage: one_time_code.py FILE     a file with the code key that `valise desk account` printed"""
import base64
import hashlib
import hmac
import pathlib
import struct
import sys
import time

SECONDS = 30


def code(secret: str, at: float | None = None) -> str:
    key = base64.b32decode(secret.strip().upper() + "=" * (-len(secret.strip()) % 8))
    period = int((time.time() if at is None else at) // SECONDS)
    mac = hmac.new(key, struct.pack(">Q", period), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start:start + 4])[0] & 0x7fffffff) % 1_000_000:06d}"


if __name__ == "__main__":
    print(code(pathlib.Path(sys.argv[1]).read_text(encoding="ascii")))
