#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pages of docs/formats/ name what the sources name: members of acts, tables and versions of the
database, keys of registry.toml, operations of the key socket, messages of the exchange, paths of the API.

usage: formats_test.py SOURCE_FOLDER [--self-test]"""
import pathlib
import re
import sys

FORMATS = "docs/formats/"


def differences(page: str, here: set, source: str, there: set) -> list:
    """What only the page, or only the source, names. An expression that finds nothing is a fault too:
    it would compare nothing for ever."""
    if not here or not there:
        return [f"{page if not here else source}: nothing to compare was found"]
    return ([f"{page}: {name} is not in {source}" for name in sorted(here - there)] +
            [f"{page}: lacks {name} of {source}" for name in sorted(there - here)])


def part(text: str, start: str, end: str) -> str:
    at = text.index(start)
    return text[at:text.index(end, at)] if end in text[at:] else text[at:]


def acts_of_page(page: str) -> set:
    """"enter.copy?" for every member of every kind of act."""
    found = set()
    for kind, members in re.findall(r"^\| \d+ \| `([\w-]+)` \| ([^|]*(?:\\\|[^|]*)*) \|$", page, re.M):
        members = re.split(" (?:what|form) =", members)[0]
        found |= {f"{kind}.{name}" for name in re.sub(r"\([^)]*\)", "", members).split()}
    return found


def acts_of_source(rules: str, kinds: str) -> set:
    tables = dict(re.findall(r"^constexpr FieldRule (k\w+)\[\] = \{(.*?)\};", rules, re.M | re.S))
    found, named = set(), set()
    for cases, table in re.findall(r"((?:    case ActKind::\w+:\n)+)        return (k\w+);", rules):
        for kind in re.findall(r"ActKind::(\w+)", cases):
            named.add(kind)
            for name, need in re.findall(r'\{"(\w+)", F::\w+, (kMust|kMay)', tables[table]):
                found.add(f"{kind.replace('_', '-')}.{name}{'' if need == 'kMust' else '?'}")
    return found if named == set(re.findall(r"^    (\w+) = \d+,", kinds, re.M)) else set()


def database_of_page(page: str) -> set:
    table = part(page, "| table | columns |", "\n\n")
    found = {f"version {part(page, 'schema version ', chr(10))[15:].strip()}"}
    for name, columns in re.findall(r"^\| `(\w+)` \| ([^|]*) \|", table, re.M):
        found |= {f"{name}.{column}" for column in re.findall(r"`(\w+)`", columns)}
    return found


def database_of_source(schema: str) -> set:
    found = {"version " + re.search(r"kSchemaVersion = (\d+)", schema)[1]}
    for name, body in re.findall(r"CREATE TABLE (\w+)\((.*?)\n\) STRICT", schema, re.S):
        found |= {f"{name}.{column}" for column in re.findall(r"^  ([a-z_]+) [A-Z]", body, re.M)}
    return found


def config_of_page(page: str) -> set:
    rows = re.findall(r"^\| ([^|]*) \|[^|]*\|[^|]*\|$", page, re.M)
    return {name for row in rows for name in re.findall(r"`\[?(\w+)\]?`", row)}


def config_of_source(source: str) -> set:
    return set(re.findall(r'(?:reader\.(?:text|integer|boolean_or)|located|read_founder)'
                          r'\((?:reader, )?"(\w+)"', part(source, "Result<Config> parse_config", "\n}"))
               + re.findall(r'reader\.table\("(\w+)"', source))


def operations_of_page(page: str) -> set:
    return set(re.findall(r"`([a-z-]+)`", part(page, "| `op` of the request", "\n\n"))) - {"op"} | (
        {"error"} if "answered by `error`" in page else set())


def operations_of_source(source: str) -> set:
    return set(re.findall(r'kName<[\w:]+> = "([a-z-]+)"', source))


def messages_of_page(page: str) -> set:
    table = part(page, "| request | answer |", "\n\n")
    return set(re.findall(r"^\| `(\w+)` \|", table, re.M))


def messages_of_source(source: str) -> set:
    return set(re.findall(r'request\.type == "(\w+)"', source))


def paths_of_page(page: str) -> set:
    rows = part(page, "| method and path |", "\n\n").replace("`, `GET ", "` | `GET ")
    found = set(re.findall(r"`((?:GET|POST) /[\w/.{}]+)", rows))
    # "…/failed" stands for the path before it with another end.
    for before, end in re.findall(r"`(POST [\w/.{}]+)/\w+`, `…/(\w+)`", rows):
        found.add(f"{before}/{end}")
    return found


def paths_of_source(source: str) -> set:
    return {f"{method} {path}" for method, path in
            re.findall(r'\{"(GET|POST)", "(/[\w/.{}]+)",', source)}


# page, sources joined, what each of them names
COMPARED = [
    ("acts.md", ["src/logbook/internal/act_rules.cpp", "src/logbook/act.h"], acts_of_page,
     lambda text: acts_of_source(text, part(text, "enum class ActKind", "};"))),
    ("database.md", ["src/adapters/sqlite/schema.cpp"], database_of_page, database_of_source),
    ("registry-config.md", ["apps/valised/config.cpp"], config_of_page, config_of_source),
    ("key-socket.md", ["src/adapters/keysocket/internal/fields.h"], operations_of_page,
     operations_of_source),
    ("exchange.md", ["src/registry/arrive.cpp"], messages_of_page, messages_of_source),
    ("api.md", ["src/desk/internal/routes.cpp"], paths_of_page, paths_of_source),
]


def check(root: pathlib.Path) -> list:
    faults = []
    for page, sources, of_page, of_source in COMPARED:
        text = "\n".join((root / source).read_text(encoding="utf-8") for source in sources)
        here = of_page((root / FORMATS / page).read_text(encoding="utf-8"))
        faults += differences(FORMATS + page, here, sources[0], of_source(text))
    return faults


def self_test() -> list:
    cases = [({"a"}, {"a"}, 0), ({"a"}, {"a", "b"}, 1), ({"a", "b"}, {"a"}, 1), (set(), {"a"}, 1)]
    faults = [f"self-test: {here} and {there}" for here, there, count in cases
              if len(differences("p", here, "s", there)) != count]
    act = "| 8 | `enter` | item label(b64) copy? |\n"
    if acts_of_page(act) != {"enter.item", "enter.label", "enter.copy?"}:
        faults.append(f"self-test: acts {acts_of_page(act)}")
    if paths_of_page("| method and path |\n| `POST /a/{b}/c`, `…/d` |\n\n") != {"POST /a/{b}/c",
                                                                          "POST /a/{b}/d"}:
        faults.append("self-test: paths")
    return faults


def main() -> int:
    faults = self_test() if "--self-test" in sys.argv else check(pathlib.Path(sys.argv[1]))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
