#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when an include climbs: each room may include only the rooms of its row in the table of
docs/architecture.md. CMake's USES of each room must not promise more than that row either.

usage: layers_test.py SOURCE_FOLDER [--self-test]"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)
OPENSSL_FOLDERS = ("crypto/", "adapters/http/")


def read_table(text: str) -> dict:
    """room -> (rooms it may use, rooms of which it may use the ports only)."""
    rows = {}
    if "| room |" in text:
        text = text[text.index("| room |"):].split("\n\n")[0]
    for match in re.finditer(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", text, re.M):
        uses = [word.strip() for word in match[2].split(",")]
        ports = {word[len("ports of "):] for word in uses if word.startswith("ports of ")}
        rows[match[1]] = ({word for word in uses if re.fullmatch(r"\w+", word)}, ports)
    return rows


def port_closure(source: pathlib.Path, ports: set) -> set:
    """The ports of these rooms and every header that a port includes, however deep: who implements
    a port needs the types that it speaks."""
    found, todo = set(), []
    for room in ports:
        todo += [str(path.relative_to(source)) for path in (source / room).rglob("*_port.h")]
    while todo:
        header = todo.pop()
        if header in found or not (source / header).exists():
            continue
        found.add(header)
        todo += INCLUDE.findall((source / header).read_text(encoding="utf-8"))
    return found


def faults_of_file(path: str, text: str, rows: dict, allowed_headers: dict) -> list:
    room, faults = path.split("/")[0], []
    uses, _ = rows[room]
    for header in INCLUDE.findall(text):
        target = header.split("/")[0]
        if target == "openssl" and not path.startswith(OPENSSL_FOLDERS):
            faults.append(f"{path}: includes <{header}>; only {' and '.join(OPENSSL_FOLDERS)} may")
        if "/" not in header or target not in rows or target == room:
            continue
        if target not in uses and header not in allowed_headers[room]:
            faults.append(f"{path}: includes {header}, which the room {room} may not use")
        elif "/internal/" in header:
            faults.append(f"{path}: includes {header}, which is private to {target}")
    return faults


def cycles(rows: dict) -> list:
    order, faults = list(rows), []
    for room, (uses, ports) in rows.items():
        for used in uses | ports:
            if used not in rows:
                faults.append(f"table: {room} names {used}, which is no room")
            elif order.index(used) >= order.index(room):
                faults.append(f"table: {room} stands below {used}, which it uses")
    return faults


def faults_of_cmake(path: str, text: str, rows: dict) -> list:
    match = re.search(r"valise_module\(\s*(\w+)([^)]*)\)", text)
    if not match or match[1] not in rows:
        return [f"{path}: no valise_module() of a room in the table"]
    used = re.search(r"\bUSES((?:\s+[a-z_]+)*)", match[2])
    uses, ports = rows[match[1]]
    return [f"{path}: USES {room}, which is not in its row"
            for room in (used[1].split() if used else []) if room not in uses | ports]


def check(root: pathlib.Path) -> list:
    source = root / "src"
    rows = read_table((root / "docs/architecture.md").read_text(encoding="utf-8"))
    faults = cycles(rows)
    allowed = {room: port_closure(source, ports) for room, (_, ports) in rows.items()}
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        if folder.name not in rows:
            faults.append(f"src/{folder.name}: not a room of the table")
            continue
        for path in sorted(folder.rglob("*")):
            relative = str(path.relative_to(source))
            if path.name == "CMakeLists.txt" and path.parent == folder:
                faults += faults_of_cmake(relative, path.read_text(encoding="utf-8"), rows)
            if path.suffix in (".h", ".cpp"):
                faults += faults_of_file(relative, path.read_text(encoding="utf-8"), rows, allowed)
    return faults


def self_test() -> list:
    """The rule itself must be able to fail."""
    table = "| `low` | x | – |\n| `mid` | x | low |\n| `top` | x | ports of mid |\n"
    rows, none = read_table(table), {"low": set(), "mid": set(), "top": {"mid/a_port.h"}}
    cases = [
        ("low/a.cpp", '#include "mid/b.h"', 1), ("mid/a.cpp", '#include "low/b.h"', 0),
        ("mid/a.cpp", '#include "low/internal/b.h"', 1), ("top/a.cpp", '#include "mid/a_port.h"', 0),
        ("top/a.cpp", '#include "mid/a.h"', 1), ("low/a.cpp", "#include <openssl/evp.h>", 1),
        ("top/a.cpp", '#include "low/a.h"', 1), ("low/a.cpp", '#  include "top/a.h"', 1),
    ]
    faults = [f"self-test: {path} with {text} gave another count than {count}"
              for path, text, count in cases if len(faults_of_file(path, text, rows, none)) != count]
    if len(cycles(read_table("| `low` | x | top |\n| `top` | x | low |\n"))) != 1:
        faults.append("self-test: a table that climbs was not seen")
    if len(faults_of_cmake("x", "valise_module(low USES mid)", rows)) != 1:
        faults.append("self-test: a USES that climbs was not seen")
    return faults


def main() -> int:
    faults = self_test() if "--self-test" in sys.argv else check(pathlib.Path(sys.argv[1]))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
