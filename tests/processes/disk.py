# SPDX-License-Identifier: Apache-2.0
"""What a thief of the disk would look for, in every form in which it could lie there."""
import base64
import json
import pathlib

LARGE = 4 << 20  # of a larger file, its two ends: the 256 MiB of the exchange are noise, sought by nobody
WINDOW = 24  # bytes of a document that no chance puts on a disk


def forms_of_text(text: str) -> set:
    """UTF-8, UTF-16, JSON's escapes, and base64 at each of the three places at which it can begin."""
    utf8 = text.encode()
    forms = {utf8, text.encode("utf-16-le"), text.encode("utf-16-be"), json.dumps(text)[1:-1].encode()}
    return forms | forms_in_base64(utf8)


def forms_of_secret(secret: bytes) -> set:
    return {secret, secret.hex().encode(), secret.hex().upper().encode()} | forms_in_base64(secret)


def forms_in_base64(raw: bytes) -> set:
    forms = set()
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        # The first and last letters depend on the neighbours as well.
        inner = text[(shift * 8 + 5) // 6:len(text.rstrip(b"=")) - 1]
        if len(inner) >= 8:
            forms |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return forms


def windows(document: bytes) -> set:
    """Windows of all of it that compress badly: a PDF's own words stand in other files too."""
    found = set()
    for at in range(0, len(document) - WINDOW, 997):
        window = document[at:at + WINDOW]
        if len(set(window)) > WINDOW // 2:
            found.add(window)
    return found


def search(folder: pathlib.Path, wanted: dict) -> list:
    """wanted: what it is -> its forms. Returns each find as 'what in which file'."""
    finds = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        if len(content) > LARGE:
            content = content[:LARGE // 2] + content[-LARGE // 2:]
        finds += [f"{what} in {path.relative_to(folder)}" for what, forms in wanted.items()
                  if any(form in content for form in forms)]
    return finds
