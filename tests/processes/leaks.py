# SPDX-License-Identifier: Apache-2.0
"""Every form in which a text or key could lie in a file in clear, for search_bytes."""
import base64
import json
import pathlib
import subprocess

from programs import BUILD

WINDOW = 24
SHORTEST = 8  # what search_bytes looks for at least
CONTENT_STEP = 32
SECRET_STEP = 8


def base64_cores(content: bytes) -> list:
    """What stands in base64 whatever precedes and follows `content`: one for each alignment."""
    cores = []
    for before in range(3):
        padded = b"\0" * before + content
        whole = padded[:len(padded) // 3 * 3]
        cores.append(base64.b64encode(whole)[4 if before else 0:])
    return cores


def bytes_forms(name: str, content: bytes) -> dict:
    forms = {f"{name}/raw": content, f"{name}/hex": content.hex().encode(),
             f"{name}/HEX": content.hex().upper().encode()}
    for at, core in enumerate(base64_cores(content)):
        forms[f"{name}/base64-{at}"] = core
        forms[f"{name}/base64url-{at}"] = core.replace(b"+", b"-").replace(b"/", b"_")
    return forms


def text_forms(name: str, text: str) -> dict:
    escaped = json.dumps(text)[1:-1]
    return bytes_forms(name, text.encode()) | {
        f"{name}/utf-16le": text.encode("utf-16-le"), f"{name}/utf-16be": text.encode("utf-16-be"),
        f"{name}/json": escaped.encode(), f"{name}/JSON": escaped.upper().replace("\\U", "\\u").encode()}


def windows(content: bytes, step: int):
    """Strings of WINDOW bytes of it; those of few different bytes, as zeros, say nothing."""
    for at in range(0, len(content) - WINDOW + 1, step):
        window = content[at:at + WINDOW]
        if len(set(window)) >= WINDOW // 2:
            yield at, window


def document_forms(name: str, content: bytes) -> dict:
    forms = {f"{name}/raw-{at}": window for at, window in windows(content, CONTENT_STEP)}
    for at, window in windows(content, 8 * CONTENT_STEP):
        forms |= bytes_forms(f"{name}/{at}", window)
    return forms


def secret_forms(name: str, secret: bytes, known_to_all: list) -> dict:
    if len(secret) <= 2 * WINDOW:
        return bytes_forms(name, secret) | {f"{name}/half-{at}": secret[at:at + 16] for at in (0, len(secret) - 16)}
    forms = {}
    for at, window in windows(secret, SECRET_STEP):
        if not any(window in public for public in known_to_all):
            forms |= bytes_forms(f"{name}/{at}", window)
    return forms


def reveal(place) -> dict:
    """The forms of every private key of a registry and of its people."""
    words = ["keystore", place.folder / "keys" / "keystore", place.passphrase]
    people = sorted(place.people.glob("*.key"))
    for key in people:
        words += ["person", key, place.person_passphrase]
    done = subprocess.run([BUILD / "tests" / "processes" / "reveal_secrets", *words], check=True, capture_output=True,
                          text=True)
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    known_to_all = [bytes.fromhex(text) for kind, _, text in lines if kind == "public"]
    secrets = [(name, bytes.fromhex(text)) for kind, name, text in lines if kind == "secret"]
    if len(secrets) != 18 + len(people):
        raise AssertionError(f"{len(secrets)} secrets of {place.city}")
    forms = {}
    for number, (name, secret) in enumerate(secrets):
        forms |= secret_forms(f"{place.city}/{name}-{number}", secret, known_to_all)
    return forms


def search(forms: dict, *folders: pathlib.Path) -> list:
    """Lines `NAME PATH OFFSET` of what was found."""
    lines = "".join(f"{name} {content.hex()}\n" for name, content in forms.items() if len(content) >= SHORTEST)
    done = subprocess.run([BUILD / "tests" / "processes" / "search_bytes", *folders], input=lines, text=True,
                          capture_output=True, check=False, errors="replace")
    found = done.stdout.splitlines()
    if done.returncode not in (0, 3) or (done.returncode == 3) != bool(found):
        raise AssertionError(f"search_bytes ended with {done.returncode}: {done.stderr}")
    return found
