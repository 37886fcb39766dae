#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/compliance.md: for each row of docs/obligations.toml the clauses that carry it, the code that
cites it (`//= O-35`), the tests that name it, one of its clauses or one of their reasons, and the events
that keep its findings. Citations that lead nowhere are faults.

usage: tools/compliance.py [--check | --rows | --self-test] [SOURCE_FOLDER]
--rows prints each row that has clauses, and these, on a line."""
import pathlib
import re
import sys
import tomllib

PAGE, DATA = "docs/compliance.md", "docs/obligations.toml"
ROW = r"(?:O-\d{2}|I\d{1,2})(?![\w-])"
CITED = re.compile(rf"//= ({ROW}(?:, {ROW})*)")
CLAUSE = re.compile(rf'\{{\s*"([a-z][a-z-]*)",\s*"({ROW})",\s*(\w+)\}}')
NAMED_CLAUSE = re.compile(rf"constexpr Clause (k\w+){CLAUSE.pattern}")
TABLE = re.compile(r"constexpr auto (k\w+)\s*=\s*with_common\((.*?)\);", re.S)
PART = re.compile(r"constexpr Clause (k\w+)\[\]\s*=\s*\{(.*?)\};", re.S)  # that several tables share
COMMON = re.compile(r"out\{([^}]*)\}")
CASE = re.compile(r"case ActKind::(\w+):\s*return (k\w+);")
WORD = re.compile(r'\{ActKind::(\w+), "([a-z-]+)"\}')
FUNCTION = re.compile(r"((?:^//[^\n]*\n)*)^Verdict (\w+)\(const Situation&(?: s)?\) \{\n(.*?)^\}", re.M | re.S)
REASON = re.compile(r'"(agreement\.\w+)"')
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
EVERY = "every act"

HEAD = """# Obligations and what carries them

<!-- Written by tools/compliance.py; a test compares it. -->

Each row of [obligations.toml](obligations.toml): in our own words what agreements of this family oblige to,
how well its source was read, and what in this program answers to it. **A clause that stands here was looked
at by nobody outside this project**, and a row with clauses is not therefore met in whole: the clause's own
words (`valise agreement explain`) say what it asks.

| mark | means |
|---|---|
| [V] | the clause itself, or an official summary of it, was read in the source named |
| [S] | read in a secondary source |
| [F] | wording of the family recalled and not read again: to be checked before anybody relies on it |
| [U] | a candidate only |

KR is Japan–Korea 2016, JP-UA Japan–Ukraine 2024. A clause in brackets
belongs to another row and cites this one too. *Kept* names the acts in whose events the finding of the
row's clauses stands. `./test --without-clause O-15` switches the clauses of a row off and shows which tests
notice.
"""


class Fault(Exception):
    pass


def sources(root: pathlib.Path) -> dict:
    """path -> text of all C++ and Python sources of the house and its tests."""
    found = {}
    for folder in ("src", "apps", "tests"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp", ".py") and path.is_file():
                found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
    return found


def is_test(name: str) -> bool:
    return name.startswith("tests/") or re.search(r"_test\.(cpp|py)$|/test_world\.", name) is not None


def clauses_of(texts: dict) -> tuple:
    """(clause id -> {row, function, reasons, cites}, clause id -> kinds of act), from the tables."""
    rules = {name: text for name, text in texts.items()
             if name.startswith("src/agreement/") and not is_test(name)}
    tables = "\n".join(text for _, text in sorted(rules.items(), key=lambda rule: (rule[0][-2:] != ".h", rule[0]))
                       if any(one.search(text) for one in (CASE, TABLE, NAMED_CLAUSE)))
    clauses, functions = {}, {}
    for text in rules.values():
        for comment, name, body in FUNCTION.findall(text):
            cites = [row for rows in CITED.findall(comment) for row in rows.split(", ")]
            functions[name] = (cites, sorted(set(REASON.findall(body))))
    for clause, row, function in CLAUSE.findall(tables):
        if function not in functions:
            raise Fault(f"clause {clause}: no function {function} was found")
        cites, reasons = functions[function]
        if row not in cites:
            raise Fault(f"clause {clause} is of {row}, which its function {function} does not cite")
        known = clauses.setdefault(clause, {"row": row, "reasons": set(), "cites": set()})
        if known["row"] != row:
            raise Fault(f"clause {clause} is of {row} and of {known['row']}")
        known["reasons"] |= set(reasons)
        known["cites"] |= set(cites)
    constants = {constant: clause for constant, clause, _, _ in NAMED_CLAUSE.findall(tables)}
    parts = {}

    def ids(body: str) -> list:
        words = re.findall(r'"([a-z][a-z-]*)", "[OI]|\b(k[A-Z]\w*)', body)
        return [clause for literal, constant in words
                for clause in ([literal] if literal else parts.get(constant) or [constants[constant]])]

    parts.update((name, ids(body)) for name, body in PART.findall(tables))
    common = COMMON.search(tables)
    everywhere = ids(common[1]) if common else []
    members = {name: ids(body) for name, body in TABLE.findall(tables)}
    kinds = {clause: [EVERY] for clause in everywhere}
    words = dict(WORD.findall(texts.get("src/logbook/act.cpp", "")))
    for kind, table in CASE.findall(tables):
        if table not in members:
            raise Fault(f"the clauses of {kind} were not found")
        for clause in members[table]:
            kinds.setdefault(clause, []).append(words.get(kind, kind.replace("_", "-")))
    for clause in clauses:
        if clause not in kinds:
            raise Fault(f"clause {clause} is consulted by no act")
    return clauses, kinds


def tests_naming(texts: dict, row: str, clauses: dict) -> list:
    """Tests in which a string is a clause of the row, a list that holds one, or one of its reasons, or in
    which a comment cites the row."""
    reasons = {reason for clause in clauses.values() for reason in clause["reasons"]}
    found = []
    for name, text in texts.items():
        if not is_test(name):
            continue
        # Outside of the room an id of one word, as "purpose", may mean anything.
        wanted = reasons | {clause for clause in clauses if "-" in clause or name.startswith("src/agreement/")}
        strings = {word for string in STRING.findall(text) for word in string.split(", ")}
        cited = re.search(rf"(//|#).*(?<![\w-]){row}(?![\w-])", text)
        if strings & wanted or cited:
            found.append(name)
    return found


def short(names: list) -> str:
    return "<br>".join(f"`{name.removeprefix('src/')}`" for name in sorted(names)) or "–"


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def line_of(row: dict, texts: dict, clauses: dict, kinds: dict, cited: dict) -> str:
    mine = {name: clause for name, clause in clauses.items() if clause["row"] == row["id"]}
    code = sorted(cited.get(row["id"], ()))
    said = cell(row["words"])
    if row.get("limit"):
        said += f" *{cell(row['limit'])}*"
    also = [name for name, clause in clauses.items() if name not in mine and row["id"] in clause["cites"]]
    names = "<br>".join([f"`{name}`" for name in mine] + [f"({name})" for name in also])
    absent = row.get("absent", "to come")
    if not names:
        names = "–" if code else absent
    kept = dict.fromkeys(kind for name in [*mine] or also for kind in kinds[name])
    events = EVERY if EVERY in kept else ", ".join(kept) or absent
    evidence = "" if "evidence" not in row else \
        (f"{cell(row['evidence'])}. " if row["evidence"] else "") + f"Kept: {events}"
    if "absent" in row:
        evidence = "–"
    source = f" | {cell(row['source'])}" if "source" in row else ""
    kept_cell = f" | {evidence}" if "evidence" in row else ""
    return (f"| **{row['id']}** | {said}{source} | {names} | {short(code)} | "
            f"{short(tests_naming(texts, row['id'], mine))}{kept_cell} |")


def page(texts: dict, data: dict) -> str:
    clauses, kinds = clauses_of(texts)
    rows, invariants = data["row"], data["invariant"]
    known = {row["id"] for row in rows + invariants}
    if len(known) != len(rows) + len(invariants):
        raise Fault(f"{DATA} states a row twice")
    for row in rows:
        if not re.search(r"\[[VSFU][^\]]*\]", row["source"]):
            raise Fault(f"{DATA}: {row['id']} has no grade")
    cited = {}
    for name, text in texts.items():
        for line in CITED.findall(text):
            for row in line.split(", "):
                if row not in known:
                    raise Fault(f"{name}: cites {row}, which {DATA} does not hold")
                if not is_test(name):
                    cited.setdefault(row, set()).add(name)
    out = [HEAD]
    part = None
    for row in rows:
        if row["part"] != part:
            part = row["part"]
            out.append(f"\n## {part}\n\n| row | obligation, *limit* | read in | clauses | code | tests | "
                       "evidence |\n|---|---|---|---|---|---|---|\n")
        out.append(line_of(row, texts, clauses, kinds, cited) + "\n")
    out.append("\n## Invariants\n\nWhat must stay true so that the rows hold.\n\n"
               "| invariant | words | clauses | code | tests |\n|---|---|---|---|---|\n")
    out += [line_of(row, texts, clauses, kinds, cited) + "\n" for row in invariants]
    done = [row["id"] for row in rows if any(c["row"] == row["id"] for c in clauses.values())]
    only = [row["id"] for row in rows if row["id"] in cited and row["id"] not in done]
    none = [row["id"] for row in rows if row["id"] not in done + only and "absent" not in row]
    out.append(f"\n## Count\n\n{len(clauses)} clauses carry {len(done)} of {len(rows)} rows; {len(only)} more are "
               f"cited by code without a clause of their own ({', '.join(only) or 'none'}). To come: "
               f"{', '.join(none) or 'none'}.\n")
    return "".join(out)


def self_test() -> list:
    rules = """
//= O-01
Verdict form(const Situation& s) {
    return refuse("agreement.form");
}
constexpr Clause kForm{"form", "O-01", form};
std::array<Clause, N> out{kForm};
constexpr auto kEnter = with_common({{"also", "O-01", form}});
    case ActKind::enter_it:
        return kEnter;
"""
    data = {"row": [{"id": "O-01", "part": "P", "words": "w", "bound": "B", "evidence": "e", "source": "s [V]"}],
            "invariant": []}
    texts = {"src/agreement/clauses.cpp": rules, "src/agreement/a_test.cpp": '"agreement.form"',
             "src/agreement/b_test.cpp": '"x, also"', "src/agreement/c_test.cpp": '"other"'}
    line = next(l for l in page(texts, data).splitlines() if l.startswith("| **O-01**"))
    faults = [f"self-test: {word} is not in {line}" for word in
              ("`form`", "`also`", "`agreement/clauses.cpp`", "a_test", "b_test", "Kept: every act", "s [V]")
              if word not in line]
    if "c_test" in line:
        faults.append(f"self-test: c_test names nothing, but {line}")
    for what, old, new in (("a row that is nowhere", "//= O-01", "//= O-02"),
                           ("a clause without its citation", "//= O-01\n", ""),
                           ("a clause that nothing consults", "with_common({{\"also\"", "without({{\"also\""),
                           ("a missing function", "Verdict form", "Verdict other")):
        try:
            page({"src/agreement/clauses.cpp": rules.replace(old, new, 1)}, data)
            faults.append(f"self-test: {what} was not seen")
        except Fault:
            pass
    return faults


def main() -> int:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    root = pathlib.Path(words[0] if words else pathlib.Path(__file__).resolve().parent.parent)
    if "--self-test" in sys.argv:
        faults = self_test()
    else:
        try:
            texts = sources(root)
            if "--rows" in sys.argv:
                rows = {}
                for name, clause in clauses_of(texts)[0].items():
                    rows.setdefault(clause["row"], [clause["row"]]).append(name)
                print("\n".join(" ".join(rows[row]) for row in sorted(rows)))
                return 0
            written = page(texts, tomllib.loads((root / DATA).read_text(encoding="utf-8")))
            faults = []
        except Fault as fault:
            written, faults = "", [str(fault)]
        if "--check" in sys.argv:
            if not faults and (root / PAGE).read_text(encoding="utf-8") != written:
                faults.append(f"{PAGE} is not what the sources say; renew it: tools/compliance.py")
        elif not faults:
            (root / PAGE).write_text(written, encoding="utf-8")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
