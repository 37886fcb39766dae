#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Completion in three shells and the man pages say what --help says. A shell that is not installed is skipped,
visibly.

usage: completion_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from programs import BUILD, PROGRAMS, SOURCE, call, run_tests

sys.path.insert(0, str(SOURCE / "tools"))
import docs_cli  # noqa: E402

HIDDEN = {"--help", "-h", "--help-all", "--version"}
PLACES = docs_cli.tree(PROGRAMS["valise"], [], [])
OPTION = re.compile(r"^ +(-[\w,-]+)", re.M)


def options_of(text: str) -> set:
    return {name for names in OPTION.findall(text.partition("Options:")[2]) for name in names.split(",")} - HIDDEN


def expected(words: list, text: str) -> tuple:
    everywhere = options_of(PLACES[0][1])
    return set(docs_cli.subcommands(text)), options_of(text) | everywhere


def script(shell: str) -> str:
    done = call("valise", "completion", shell)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout.decode()


def lines(*words, given: str = "") -> list:
    done = subprocess.run(words, input=given, text=True, capture_output=True, timeout=60, check=False)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{words[0]} ended with {done.returncode}: {done.stderr[:500]}")
    return done.stdout.splitlines()


class Completion(unittest.TestCase):
    def compare(self, shell: str, ask):
        """ask(words, part) -> what the shell offers behind these words."""
        self.assertGreater(len(PLACES), 40)
        for words, text in PLACES:
            commands, options = expected(words, text)
            with self.subTest(shell=shell, words=words):
                self.assertEqual(ask(["valise", *words], "") & commands, commands)
                offered = {word for word in ask(["valise", *words], "-") if word.startswith("-")} - HIDDEN
                self.assertEqual(offered, options)
        # An option's value is no command, and what stands behind it is one again.
        self.assertIn("enter", ask(["valise", "--as", "list", "item"], ""))
        self.assertEqual(ask(["valise", "--language"], ""), {"en", "ja", "uk"})

    def test_bash(self):
        source = script("bash") + """
while IFS=$'\\t' read -r -a COMP_WORDS; do
    [[ ${COMP_WORDS[-1]} == . ]] && COMP_WORDS[-1]=
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    _valise
    printf '%s ' "${COMPREPLY[@]}"; printf '\\n'
done
"""
        with tempfile.NamedTemporaryFile("w", suffix=".sh") as file:
            file.write(source)
            file.flush()
            self.compare("bash", lambda words, part: set(
                lines("bash", file.name, given="\t".join([*words, part or "."]) + "\n")[0].split()))

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh(self):
        stub = """
compdef() { }
_files() { }
_describe() { for one in ${(P)2}; do print -r -- "${one%%:*}"; done }
words=("$@"); CURRENT=$#
[[ $words[-1] == . ]] && words[-1]=
"""
        with tempfile.NamedTemporaryFile("w", suffix=".zsh") as file:
            file.write(stub + script("zsh") + "_valise\n")
            file.flush()
            self.compare("zsh", lambda words, part: set(lines("zsh", "-f", file.name, *words, part or ".")))

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish(self):
        with tempfile.TemporaryDirectory() as home, tempfile.NamedTemporaryFile("w", suffix=".fish") as file:
            file.write(script("fish") + "complete -C \"$argv[1]\"\n")
            file.flush()
            environment = {"HOME": home, "PATH": "/usr/bin:/bin", "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}

            def ask(words, part):
                done = subprocess.run(["fish", file.name, " ".join([*words, part])], env=environment, text=True,
                                      capture_output=True, timeout=60, check=True)
                return {line.split("\t")[0] for line in done.stdout.splitlines()}
            self.compare("fish", ask)


class ManPages(unittest.TestCase):
    def test_they_say_what_help_says(self):
        with tempfile.TemporaryDirectory() as folder:
            lines(sys.executable, str(SOURCE / "tools" / "man.py"), str(BUILD), folder)
            for name, program in PROGRAMS.items():
                page = pathlib.Path(folder, f"{name}.1").read_text(encoding="utf-8")
                plain = page.replace("\\-", "-")
                for words, text in docs_cli.tree(program, [], []):
                    self.assertIn(" ".join([name, *words]), plain)
                    for option in options_of(text):
                        self.assertIn(option, plain, (name, words))
                if shutil.which("groff"):
                    self.assertEqual(lines("groff", "-man", "-ww", "-K", "utf8", "-T", "utf8", "-z",
                                           f"{folder}/{name}.1"), [])


if __name__ == "__main__":
    run_tests()
