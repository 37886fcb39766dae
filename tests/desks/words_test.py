#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every phrase that stands in the sources of the desks is in each catalogue, translated, with the
same places for what is put in; and no catalogue holds one that nothing says. The codes of acts,
members and states are compared by desk_test, which knows all of them.

usage: words_test.py SOURCE_FOLDER [--list | --self-test]"""
import pathlib
import re
import sys

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def call_arguments(text: str, name: str):
    """The text between the brackets of each call of this name."""
    for match in re.finditer(r"\b" + name + r"\(", text):
        depth, at, quoted = 1, match.end(), False
        while depth and at < len(text):
            c = text[at]
            if quoted:
                at += c == "\\"
                quoted = c != '"'
            else:
                quoted = c == '"'
                depth += (c == "(") - (c == ")")
            at += 1
        yield text[match.end():at - 1]


def literals(arguments: str) -> list:
    """Neighbouring literals are one; those of a condition are each their own. What is said in place of
    %1 are values, which begin behind the first comma outside of a literal."""
    parts, last_end, out = [], None, []
    for match in LITERAL.finditer(arguments):
        between = arguments[last_end:match.start()] if last_end is not None else ""
        if last_end is not None and between.strip() == "":
            out[-1] += match[1]
        elif "," in between:
            break
        else:
            out.append(match[1])
        last_end = match.end()
    parts += [one for one in out if re.search(r"[A-Za-z]", one)]
    return parts


def said(source: pathlib.Path) -> set:
    found = set()
    for path in sorted((source / "src/desk").rglob("*.cpp")):
        if path.name.endswith("_test.cpp"):
            continue
        text = path.read_text(encoding="utf-8")
        for name in ("say", "phrase"):
            for arguments in call_arguments(text, name):
                found |= set(literals(arguments))
    # Conditions inside of a call compare codes with literals of their own.
    return {one for one in found if not re.fullmatch(r"[a-z]+(_[a-z]+)+", one)}


def catalogue(text: str) -> dict:
    out = {}
    for block in re.split(r"\n\s*\n", text):
        words = {}
        for key, value in re.findall(r'^(msgid|msgstr) ((?:"(?:[^"\\]|\\.)*"\s*)+)', block, re.M):
            words[key] = "".join(LITERAL.findall(value))
        if words.get("msgid") and "#, fuzzy" not in block:
            out[words["msgid"]] = words.get("msgstr", "")
    return out


def compare(language: str, wanted: set, known: dict, extra_allowed) -> list:
    faults = [f"{language}: lacks {phrase!r}" for phrase in sorted(wanted) if not known.get(phrase)]
    for phrase, words in sorted(known.items()):
        if sorted(re.findall(r"%\d", phrase)) != sorted(re.findall(r"%\d", words)):
            faults.append(f"{language}: {phrase!r} has other places for values")
        if phrase not in wanted and not extra_allowed(phrase):
            faults.append(f"{language}: nothing says {phrase!r}")
    return faults


def is_code(phrase: str) -> bool:
    return re.fullmatch(r"[a-z0-9 ]+", phrase) is not None


def self_test() -> list:
    faults = []
    if literals('x ? "One" : "Two"') != ["One", "Two"] or literals('"Three" " four", "five"') != ["Three four"]:
        faults.append("self-test: literals are read wrongly")
    if len(compare("xx", {"A", "B %1"}, {"A": "a", "B %1": "b", "C": "c"}, lambda _: False)) != 2:
        faults.append("self-test: a fault was not seen")
    if list(call_arguments('say("a)", b(c)) + say("d")', "say")) != ['"a)", b(c)', '"d"']:
        faults.append("self-test: calls are read wrongly")
    return faults


def main() -> int:
    source = pathlib.Path(sys.argv[1])
    if "--self-test" in sys.argv:
        faults = self_test()
    elif "--list" in sys.argv:
        print("\n".join(sorted(said(source))))
        return 0
    else:
        wanted, faults = said(source), []
        for language in ("ja", "uk"):
            text = (source / f"src/desk/words/{language}.po").read_text(encoding="utf-8")
            faults += compare(language, wanted, catalogue(text), is_code)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
