#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/errors.md and the sources hold the same reason ids, and where a source gives a reason its code
in the same call, the page gives that code too. Every clause is named on the page.

usage: errors_test.py SOURCE_FOLDER [--self-test]"""
import pathlib
import re
import sys

PAGE = "docs/errors.md"
PROGRAMS = {"valise": "cli", "valised": "daemon", "valise-keys": "keys", "valise-verify": "verify",
            "valise-render": "render"}
REASON = re.compile(r'"([a-z]+\.[a-z0-9_]+)"')
WITH_CODE = re.compile(r'Code::(\w+),\s*"([a-z]+\.[a-z0-9_]+)"')
CLAUSE = re.compile(r'\{"([a-z][a-z-]*)", "[A-Z]+-?\d+", \w+\}')
ROW = re.compile(r"^\| `([a-z]+\.[a-z0-9_]+)` \| ([^|]*) \| [^|]+ \| [^|]+ \|$", re.M)
# A text of the form room.what that names a file, a host or a place in a document is no reason.
NO_REASON = re.compile(r"\.(h|sqlite|sock)$|^(?!base\.)\w+\.(toml|json)$")


def is_source(path: pathlib.Path) -> bool:
    return (path.suffix in (".h", ".cpp") and not path.name.endswith("_test.cpp")
            and path.name not in ("testing.h", "test_world.h") and "test_support" not in path.name)


def without_comments(text: str) -> str:
    return re.sub(r"(?m)^\s*(#|//).*$|(?<=\s)// .*$", "", text)


def reasons_of(text: str, rooms: set) -> dict:
    """reason -> the codes that are given in the same call."""
    text, found = without_comments(text), {}
    for reason in REASON.findall(text):
        if reason.split(".")[0] in rooms and not NO_REASON.search(reason):
            found.setdefault(reason, set())
    for code, reason in WITH_CODE.findall(text):
        if reason in found:
            found[reason].add(code)
    return found


def rooms_of(root: pathlib.Path) -> set:
    rooms = {path.name for path in (root / "src").iterdir() if path.is_dir()}
    rooms |= {PROGRAMS[path.name] for path in (root / "apps").iterdir() if path.name in PROGRAMS}
    return rooms | ({"library"} if (root / "lib").is_dir() else set())


def sources(root: pathlib.Path, rooms: set) -> dict:
    all_found = {}
    for folder in ("src", "apps", "lib"):
        for path in sorted((root / folder).rglob("*")):
            if not is_source(path):
                continue
            for reason, codes in reasons_of(path.read_text(encoding="utf-8"), rooms).items():
                entry = all_found.setdefault(reason, (path.relative_to(root), set()))
                entry[1].update(codes)
    return all_found


def compare(found: dict, page: str, rooms: set) -> list:
    rows, faults = ROW.findall(page), []
    named = {}
    for reason, code in rows:
        if reason in named:
            faults.append(f"{PAGE}: {reason} has two rows")
        named[reason] = code
    # A row that does not have the four columns would otherwise be overlooked.
    for line in page.splitlines():
        if re.match(r"\| `[a-z]+\.[a-z0-9_]+` \|", line) and not ROW.match(line):
            faults.append(f"{PAGE}: not reason | code | meaning | what to do: {line[:60]}")
    for reason, (place, codes) in sorted(found.items()):
        if reason not in named:
            faults.append(f"{place}: {reason} has no row in {PAGE}")
            continue
        missing = codes - set(re.findall(r"\w+", named[reason]))
        if missing:
            faults.append(f"{PAGE}: {reason} is also {', '.join(sorted(missing))} ({place})")
    # The page may know a program before its source is here.
    absent = set(PROGRAMS.values()) - rooms
    faults += [f"{PAGE}: {reason} is in no source" for reason in sorted(set(named) - set(found))
               if reason.split(".")[0] not in absent]
    return faults


def missing_clauses(source: str, page: str) -> list:
    codes = " ".join(code for _, code in ROW.findall(page))
    # What only permits, or stands for another clause's reason, is named in the page's rows too.
    return [f"{PAGE}: the clause {clause} refuses or asks for nothing there"
            for clause in dict.fromkeys(CLAUSE.findall(source)) if f"`{clause}`" not in codes]


def self_test() -> list:
    rooms = {"base"}
    page = "| `base.a` | invalid | x | y |\n"
    cases = [
        ('fail(Code::invalid, "base.a", "x")', page, 0),
        ('fail(Code::limit,\n  "base.a")', page, 1),
        ('fail(Code::invalid, "base.b")', page, 2),
        ('// "base.b"\nnote("base.a"); // as "base.c"\n', page, 0),
        ('x("base.a"); y("other.b"); z("base.h");', page, 0),
        ('x("base.a")', page + page, 1),
        ('x("base.a")', page + "| `base.b` | invalid |\n", 1),
    ]
    faults = []
    for text, listed, count in cases:
        found = {reason: ("f", codes) for reason, codes in reasons_of(text, rooms).items()}
        if len(compare(found, listed, rooms)) != count:
            faults.append(f"self-test: {text} gave {compare(found, listed, rooms)}")
    if len(missing_clauses('{"a-b", "O-01", a_b}', page)) != 1:
        faults.append("self-test: a clause that is missing was not seen")
    return faults


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    if "--self-test" in sys.argv:
        faults = self_test()
    else:
        page = (root / PAGE).read_text(encoding="utf-8")
        clauses = (root / "src/agreement/clauses.cpp").read_text(encoding="utf-8")
        faults = compare(sources(root, rooms_of(root)), page, rooms_of(root)) + missing_clauses(clauses, page)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
