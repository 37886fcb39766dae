#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a man page for each program from what its --help says, all commands included.

usage: tools/man.py BUILD_FOLDER FOLDER"""
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import docs_cli  # noqa: E402


def roff(text: str) -> str:
    """Text that roff takes for text."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def entries(text: str) -> list:
    """[(heading, [(term, what it says)])] of the parts "Options:", "Positionals:"…"""
    found = []
    for line in text.splitlines():
        if heading := re.match(r"(\w[\w ]*):$", line):
            found.append((heading[1], []))
        elif not found or not line.strip():
            continue
        elif entry := re.match(r" {1,4}(\S(?:.*?\S)?)(?: {2,}(\S.*))?$", line):
            found[-1][1].append([entry[1], entry[2] or ""])
        elif found[-1][1]:
            found[-1][1][-1][1] += " " + line.strip()
    return found


def command(name: str, text: str) -> str:
    head, _, rest = docs_cli.NOISE.sub("", text).partition("Usage:")
    usage, _, rest = rest.partition("\n")
    out = f".SS {roff(name)}\n{roff(' '.join(head.split()))}.\n.PP\n.B {roff(usage.strip() or name)}\n"
    for heading, rows in entries(rest):
        if heading in ("Subcommands", "Commands") or not rows:
            continue
        out += f".PP\n{roff(heading)}:\n"
        out += "".join(f".TP\n.B {roff(term)}\n{roff(says.strip()) or '.br'}\n" for term, says in rows)
    return out


def page(name: str, program: pathlib.Path) -> str:
    found = docs_cli.tree(program, [], [])
    head = " ".join(found[0][1].partition("Usage:")[0].split()) or name
    head = re.sub(rf"^{name}:\s*", "", head, flags=re.I)
    out = (f'.TH {roff(name).upper()} 1 "" "valise" "Valise"\n.SH NAME\n{roff(name)} \\- {roff(head)}\n'
           f".SH SYNOPSIS\n.B {roff(name)}\n[options] [command]\n.SH COMMANDS\n")
    out += "".join(command(" ".join([name, *words]), text) for words, text in found)
    return out + ".SH SEE ALSO\n" + ", ".join(roff(one) + "(1)" for one in docs_cli.PROGRAMS if one != name) + "\n"


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    build, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    for name in docs_cli.PROGRAMS:
        program = build / "apps" / name / name
        (folder / f"{name}.1").write_text(page(name, program), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
