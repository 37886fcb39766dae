#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/cli.md from what `--help` of the programs says, all their commands included. A program
that was not built is left out when writing, and is a fault when checking, unless it has no source.

usage: tools/docs_cli.py BUILD_FOLDER [--check]"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/cli.md"
PROGRAMS = ("valise", "valised", "valise-keys", "valise-verify", "valise-render")
NOISE = re.compile(r"^ +(-h,|--help-all).*$|^Options of every command.*$", re.M)
EXIT = re.compile(r"^    (\w+) = (\d+),\s*(?://\s*(.*))?$", re.M)

HEAD = """# The command line

<!-- Written by tools/docs_cli.py from the programs' own --help; a test compares it. -->

Five programs: `valise` is what people use, `valised` and `valise-keys` together are a registry,
`valise-render` draws documents for its Reading desk, `valise-verify` checks evidence offline and needs no registry.

## Exit codes

Of `valise`:

| code | name | when |
|---|---|---|
{exits}

`valised` ends with 0 when it is told to stop (SIGINT, SIGTERM), 1 when a rule forbids the start, 2 for
faults in options or registry.toml, 3 when database, keys or logs are not whole, 4 when `valise-keys` or
the machine does not answer, and 70 when the disk fails while it records: what the disk holds is then
unknown, so it ends at once and is to be started again. `valise-keys` ends with 0, 2, 3 or 4 in the same
sense, `valise-render` with 0, 2 or 4.{verify}

## Environment

| variable | what |
|---|---|
| `VALISE_SOCKET` | socket of the registry for people, where `--socket` does not name it |
| `VALISE_AS` | path of the key file of the person who acts, where `--as` does not name it |
| `VALISE_PASSPHRASE_FILE` | path of the file that holds its passphrase, where `--passphrase-file` does not name it |
| `LC_ALL`, `LC_MESSAGES`, `LANG` | the first that is set chooses en, ja or uk, where `--language` does not |
| `TMPDIR` | folder of the files without a name that hold ciphertext on its way; else `/var/tmp` |

No key and no passphrase itself is taken from the environment: other programs of the same user can read it.

## Input, output and `--json`

Where a document or key list goes to standard output, answers go to standard error. Nothing is
overwritten and no bytes are written to a terminal without `--force`.

With `--json` the answer is one object that holds `"v": 1`. An error is reported on standard error in
words, and on standard output (unless that carries bytes) as

```json
{{"v": 1, "error": {{"code": "cli.no_socket", "kind": "unavailable", "text": "…", "hint": "…"}}, "exit": 4}}
```

`code` is a stable reason id, `kind` one of eight small codes: [errors](errors.md). A refusal by the
agreement is no error but an answer, with `outcome` `refuse`, the clauses, and exit code 1:
[api](formats/api.md). What ended partly (5) because of an error is one object too: the answer as far as it
came, with `error` and `exit` in it.

## Examples

Without a registry:

```console
{stateless}
```

With one:

```console
{registry}
```
"""

VERIFY = """ `valise-verify` ends with 0 when all holds, 2 for what it cannot read, 3 when something does not
hold."""

STATELESS = """$ valise keygen --kind recipient -o kyiv.key --name Kyiv
$ valise keygen --kind sender -o tokyo.key --name Tokyo
$ valise seal report.pdf --to kyiv.key.pub --from tokyo.key -o report.sealed
$ valise inspect report.sealed
$ valise open report.sealed --key kyiv.key --sender tokyo.key.pub -o report.pdf"""

REGISTRY = """$ valise keygen --kind person -o control.key --name "A. Control"
$ valise keygen --kind person -o clearance.key --name "B. Clearance"
$ valise registry create --folder tokyo --party JPN --terms agreements/jpn-ukr.toml --test-mode \\
      --control-officer control.key.pub --clearance-officer clearance.key.pub \\
      --peer-listen 127.0.0.1:7443 --passphrase-file keys.pass
$ valise-render --socket tokyo/render.sock &
$ valise-keys serve --state tokyo/keys --socket tokyo/keys.sock --passphrase-file keys.pass \\
      --renderer tokyo/render.sock &
$ valised --config tokyo/registry.toml &
$ export VALISE_SOCKET=tokyo/people.sock
$ valise doctor
$ valise peer invite --endpoint 127.0.0.1:7443 -o invitation.json
$ valise item enter report.pdf --level gokuhi --purpose defence-cooperation --title "Weather" --as control.key
$ valise dispatch list --json
$ valise report register --as-of 2026-11-01 --csv -o register.csv
$ valise form receipt custody dsp-aebagbafaydqqcik -o receipt.pdf
$ valise evidence export -o evidence.json
$ valise-verify form receipt.pdf --evidence evidence.json"""


def help_of(program: pathlib.Path, words: list) -> str:
    answer = subprocess.run([program.name, *words, "--help"], executable=program, text=True,
                            capture_output=True, timeout=20)
    if answer.returncode != 0 or not answer.stdout:
        raise SystemExit(f"{program.name} {' '.join(words)} --help ended with {answer.returncode}")
    return answer.stdout


def subcommands(text: str) -> list:
    """The names below "Subcommands:", or below "Commands:", one a line."""
    part = re.search(r"^(?:Subc|C)ommands:\n((?: +\S.*\n?)+)", text, re.M)
    return re.findall(r"^ {1,4}([a-z][\w-]*)(?: |$)", part[1], re.M) if part else []


def tree(program: pathlib.Path, words: list, found: list) -> list:
    """[(words, help text)] of the program and all its commands, in the order of the help."""
    text = help_of(program, words)
    found.append((words, text))
    for name in subcommands(text):
        tree(program, words + [name], found)
    return found


def section(program: str, words: list, text: str) -> str:
    name = " ".join([program, *words])
    head, _, rest = text.partition("Usage:")
    says = " ".join(head.split())
    body = NOISE.sub("", "Usage:" + rest) if words else "Usage:" + rest
    body = re.sub(r"\n{3,}", "\n\n", re.sub(r"^(Options|Positionals):\n(?=\n|\Z)", "", body, flags=re.M))
    body = "\n".join(line.rstrip() for line in body.strip().splitlines())
    level = "#" * min(2 + len(words), 4)
    sentence = f"{says[:1].upper()}{says[1:]}." if says else ""
    return f"{level} {name}\n\n{sentence}\n\n```text\n{body}\n```\n"


def exits() -> str:
    enum = (ROOT / "apps/valise/command.h").read_text(encoding="utf-8")
    enum = enum[enum.index("enum class Exit"):]
    rows = EXIT.findall(enum[:enum.index("};")])
    return "\n".join(f"| {code} | {name} | {when or '–'} |" for name, code, when in rows)


def wrong_examples(helps: dict) -> list:
    """Words and options of the examples that no help knows."""
    faults = []
    for line in re.sub(r"\\\n\s*", "", STATELESS + "\n" + REGISTRY).splitlines():
        said = line[2:].rstrip(" &").split()
        if said[0] not in PROGRAMS:
            continue
        words = [said[0]]
        while len(said) > len(words) and " ".join(words + [said[len(words)]]) in helps:
            words.append(said[len(words)])
        known = helps.get(" ".join(words), "") + helps.get(words[0], "")
        faults += [f"docs/cli.md: an example of '{' '.join(words)}' has {option}, which it does not know"
                   for option in re.findall(r"(?<!\S)--?[a-z][\w-]*", " ".join(said[len(words):]))
                   if not re.search(rf"(?<![\w-]){option}(?![\w-])", known)]
    return faults


def main() -> int:
    build, checking = pathlib.Path(sys.argv[1]).resolve(), "--check" in sys.argv
    page = HEAD.format(exits=exits(), stateless=STATELESS, registry=REGISTRY,
                       verify=VERIFY if (build / "apps/valise-verify/valise-verify").is_file() else "")
    contents, sections, helps, faults = [], [], {}, []
    for name in PROGRAMS:
        program = build / "apps" / name / name
        if not program.is_file():
            if (ROOT / "apps" / name / "CMakeLists.txt").exists():
                faults.append(f"{name} is not built: tools/build.sh dev --setup test {name}")
            continue
        for words, text in tree(program, [], []):
            title = " ".join([name, *words])
            helps[title] = text
            contents.append(f"{'  ' * len(words)}- [{title}](#{title.replace(' ', '-')})")
            sections.append(section(name, words, text))
    page += "\n## Commands\n\n" + "\n".join(contents) + "\n\n" + "\n".join(sections)
    faults += wrong_examples(helps)
    if checking and not faults and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page):
        faults.append(f"docs/cli.md is not what the programs say; renew it: tools/docs_cli.py {sys.argv[1]}")
    if not checking:
        PAGE.write_text(page, encoding="utf-8")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
