#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of the OWASP ASVS: every requirement of level 1 or 2 once and in order, a status of four, every path and
every test that a line names is there, a line that is met names a test or a page, and the counts are those
of the lines. --write writes the counts anew.

usage: asvs_test.py SOURCE_FOLDER [--self-test | --write]"""
import pathlib
import posixpath
import re
import sys

PAGE = "docs/asvs.md"
STATUSES = ("met", "partly", "not met", "not applicable")
NO_TEST = "**no test**"
BEGIN, END = "<!-- counts -->", "<!-- /counts -->"
# Chapter, the numbers of each section, and of these what 4.0.3 asks for at level 3 alone or has deleted.
SECTIONS = {
    "1.1": 7, "1.2": 4, "1.4": (5, {2, 3}), "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2, "1.10": 1,
    "1.11": (3, {3}), "1.12": (2, {1}), "1.14": 6,
    "2.1": 12, "2.2": (7, {4, 5, 6, 7}), "2.3": 3, "2.4": 5, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3,
    "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.6": (2, {1, 2}), "3.7": 1,
    "4.1": (5, {4}), "4.2": 2, "4.3": 3,
    "5.1": 5, "5.2": 8, "5.3": 10, "5.4": 3, "5.5": 4,
    "6.1": 3, "6.2": (8, {7, 8}), "6.3": (3, {3}), "6.4": 2,
    "7.1": 4, "7.2": 2, "7.3": (4, {2}), "7.4": 3,
    "8.1": (6, {5, 6}), "8.2": 3, "8.3": 8,
    "9.1": 3, "9.2": (5, {5}),
    "10.1": (1, {1}), "10.2": (6, {3, 4, 5, 6}), "10.3": 3,
    "11.1": 8,
    "12.1": 3, "12.2": 1, "12.3": 6, "12.4": 2, "12.5": 2, "12.6": 1,
    "13.1": (5, {2}), "13.2": (6, {4}), "13.3": 2, "13.4": 2,
    "14.1": (5, {5}), "14.2": 6, "14.3": (3, {1}), "14.4": 7, "14.5": 4,
}
ROW = re.compile(r"^\| V([\d.]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
# `a/b.cpp` and `a/b.cpp::NameOfATest`; what begins with a slash is an address, not a path.
PLACE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+)(?:::(\w+))?`")
LINK = re.compile(r"\]\(([^)#\s]+)\)")
IS_TEST = re.compile(r"^(tests|fuzz)/|_test\.\w+$|^tools/compliance\.py$")


def wanted(sections: dict) -> list:
    out = []
    for section, numbers in sections.items():
        last, left_out = numbers if isinstance(numbers, tuple) else (numbers, set())
        out += [f"{section}.{number}" for number in range(1, last + 1) if number not in left_out]
    return out


def order(number: str) -> list:
    return [int(part) for part in number.split(".")]


def places(text: str) -> list:
    """(path, name of a test or empty) of all that a text names; links are meant from the page."""
    return PLACE.findall(text) + [(posixpath.normpath(posixpath.join(posixpath.dirname(PAGE), target)), "")
                                  for target in LINK.findall(text) if not re.match(r"[a-z]+:", target)]


def faults_of_rows(rows: list, numbers: list) -> list:
    faults, before = [], ""
    for number, asks, status, where in rows:
        if before and order(number) <= order(before):
            faults.append(f"{PAGE}: V{number} stands twice or behind V{before}")
        before = number
        if status not in STATUSES:
            faults.append(f"{PAGE}: V{number}: '{status}' is no status")
        named = places(where)
        if status == "met" and not any(IS_TEST.search(path) or path.endswith(".md") for path, _ in named):
            faults.append(f"{PAGE}: V{number} is met and names neither test nor page")
        if NO_TEST in where and status != "partly":
            faults.append(f"{PAGE}: V{number} has no test, so it is partly met")
        if not asks.strip() or len(PLACE.sub("", where).strip(" ,.;:")) < 5 and status != "met":
            faults.append(f"{PAGE}: V{number} gives no reason")
    there = {number for number, *_ in rows}
    faults += [f"{PAGE}: V{number} is missing" for number in numbers if number not in there]
    faults += [f"{PAGE}: V{number} is no requirement of level 1 or 2" for number in sorted(there - set(numbers))]
    return faults


def faults_of_places(text: str, content) -> list:
    """`content` gives the text of a file, or None where nothing is."""
    faults = []
    for path, name in dict.fromkeys(places(text)):
        found = content(path)
        if found is None:
            faults.append(f"{PAGE}: names {path}, which is not there")
        elif name and not re.search(rf"\b{name}\b", found):
            faults.append(f"{PAGE}: names {name}, which is not in {path}")
    return faults


def counts(rows: list) -> str:
    chapters = sorted({order(number)[0] for number, *_ in rows})
    lines = [f"| chapter | {' | '.join(STATUSES)} | in all | of *partly*, a test is all that is missing |",
             f"|---|{'---|' * (len(STATUSES) + 2)}"]
    for chapter in [*chapters, None]:
        own = [row for row in rows if chapter is None or order(row[0])[0] == chapter]
        cells = [sum(row[2] == status for row in own) for status in STATUSES]
        cells += [len(own), sum(NO_TEST in row[3] for row in own)]
        lines.append(f"| {'all' if chapter is None else f'V{chapter}'} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def faults_of_counts(page: str, rows: list) -> list:
    if BEGIN not in page or END not in page:
        return [f"{PAGE}: no marks round the counts"]
    return [] if page.split(BEGIN)[1].split(END)[0].strip() == counts(rows) else [
        f"{PAGE}: the counts are others: tests/docs/asvs_test.py . --write"]


def faults_of(page: str, numbers: list, content) -> list:
    rows = ROW.findall(page)
    faults = [f"{PAGE}: not number | asks for | status | where: {line[:60]}" for line in page.splitlines()
              if line.startswith("| V") and re.match(r"\| V\d+\.", line) and not ROW.match(line)]
    return faults + faults_of_rows(rows, numbers) + faults_of_places(page, content) + faults_of_counts(page, rows)


def reader(root: pathlib.Path):
    def content(path: str):
        at = root / path
        if at.is_dir():
            return ""
        return at.read_text(encoding="utf-8", errors="replace") if at.is_file() else None
    return content


def self_test() -> list:
    files = {"a/b_test.cpp": "TEST(X, Holds) {}", "a/c.cpp": "", "docs/asvs.md": ""}
    numbers = wanted({"1.1": (3, {2}), "1.10": 1})
    good = ["| V1.1.1 | a | met | `a/b_test.cpp::Holds` |", "| V1.1.3 | b | partly | **no test**; `a/c.cpp` does it |",
            "| V1.10.1 | c | not applicable | there is none of it |"]

    def faults(rows: list, counted=None) -> list:
        found = counts(ROW.findall("\n".join(counted or rows)))
        page = f"{BEGIN}\n{found}\n{END}\n" + "\n".join(rows) + "\n"
        return faults_of(page, numbers, files.get)

    changed = [
        (good, 0),
        ([good[1], good[0], good[2]], 1),                          # out of order
        ([good[0], good[0], *good[1:]], 1),                        # twice
        (good[:2], 1),                                             # one is missing
        ([good[0], "| V1.1.2 | x | not met | nobody did it |", *good[1:]], 1),  # level 3
        ([*good[:2], good[2].replace("not applicable", "fine")], 1),
        ([good[0].replace("b_test", "d_test"), *good[1:]], 1),     # no such file
        ([good[0].replace("Holds", "Falls"), *good[1:]], 1),       # no such test in it
        ([good[0].replace("b_test.cpp::Holds", "c.cpp"), *good[1:]], 1),
        ([good[0], good[1].replace("partly", "met"), good[2]], 2),  # without a test, and it says so
        ([*good[:2], "| V1.10.1 | c | not applicable | no |"], 1),  # no reason
        ([*good[:2], "| V1.10.1 | c | not applicable |"], 2),      # a column is missing: no row
        ([*good[:2], good[2].replace("none of it", "none ([x](gone.md))")], 1),
    ]
    out = [f"self-test: {rows} gave {faults(rows)}" for rows, count in changed if len(faults(rows)) != count]
    if len(faults(good, good[:2])) != 1:
        out.append("self-test: counts of other lines were not seen")
    return out


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    page = (root / PAGE).read_text(encoding="utf-8")
    if "--write" in sys.argv:
        head, tail = page.split(BEGIN)[0], page.split(END)[1]
        (root / PAGE).write_text(f"{head}{BEGIN}\n{counts(ROW.findall(page))}\n{END}{tail}", encoding="utf-8")
        return 0
    faults = self_test() if "--self-test" in sys.argv else faults_of(page, wanted(SECTIONS), reader(root))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
