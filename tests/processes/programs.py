# SPDX-License-Identifier: Apache-2.0
"""What the tests with real programs share: folders that go when the test ends, registries of the exchange,
calls of `valise` whose answer is JSON."""
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
sys.path[:0] = [str(SOURCE / "tools" / "exchange"), str(SOURCE / "tools")]
import longruns  # noqa: E402
import main as exchange  # noqa: E402
from registry import Registry, free_port  # noqa: E402
from story import Story  # noqa: E402
from transcript import Transcript  # noqa: E402

PROGRAMS = exchange.programs(BUILD)
EXCHANGE = [sys.executable, "-B", str(SOURCE / "tools" / "exchange" / "main.py"), str(SOURCE), str(BUILD)]


def short_folder() -> pathlib.Path:
    """The path of a unix socket has at most 107 bytes, so TMPDIR, which may be long, is not asked."""
    return pathlib.Path(tempfile.mkdtemp(prefix="vp", dir="/tmp"))


def quiet_port() -> int:
    """Free, and below those that the kernel gives to outgoing connections: one of these could take it while
    its registry is killed."""
    while True:
        wanted = random.randrange(15000, 32000)
        if free_port(wanted) == wanted:
            return wanted


def remove(folder: pathlib.Path):
    shutil.rmtree(folder, ignore_errors=True)


def without_valise(environment: dict) -> dict:
    return {name: value for name, value in environment.items() if not name.startswith("VALISE_")}


def call(name: str, *words, environment: dict | None = None, stdin: bytes | None = None,
         timeout: float = 120) -> subprocess.CompletedProcess:
    """Runs one program; its output stays bytes. Nothing of the caller's VALISE_… reaches it."""
    given = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
    return subprocess.run([str(PROGRAMS[name]), *(str(word) for word in words)], capture_output=True, check=False,
                          timeout=timeout, env=without_valise(os.environ) | (environment or {}), **given)


def ask(place: Registry, *words, person: str = "", timeout: float = 120) -> tuple:
    """Exit status and JSON answer of `valise`, as somebody at this registry."""
    done = call("valise", *words, "--json", environment=place.acting(person), timeout=timeout)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError as fault:
        raise AssertionError(f"{words} ended with {done.returncode} and no JSON: {done.stdout!r} {done.stderr!r}"
                             ) from fault


class TwoRegistries:
    """Tokyo and Kyiv, paired and running, with the people of the exchange and one item in Tokyo."""

    def __init__(self, terms: str | None = None):
        """`terms`: the text of the terms, where they are not those of Japan and Ukraine as they are."""
        self.folder = short_folder()
        self.page = Transcript(SOURCE, self.folder, PROGRAMS)
        self.tokyo, self.kyiv = self.places = [Registry(self.page, city, party, quiet_port(), quiet_port())
                                               for city, party in (("tokyo", "JPN"), ("kyiv", "UKR"))]
        self.story = Story(self.page, self.tokyo, self.kyiv)
        try:
            self.story.work.mkdir()
            if terms is not None:
                for place in self.places:
                    place.terms = self.folder / "terms.toml"
                    place.terms.write_text(terms, encoding="utf-8")
            self.story.two_registries()
            self.story.people_and_an_item()
        except BaseException:
            self.end()
            raise

    def end(self):
        for place in self.places:
            place.stop()
        remove(self.folder)


class AtRegistries(unittest.TestCase):
    """What tests at two running registries ask of them; `both` is set up by the test's own class."""
    both: TwoRegistries

    @classmethod
    def set_up(cls, terms: str | None = None):
        cls.both = TwoRegistries(terms)
        cls.addClassCleanup(cls.both.end)
        cls.tokyo, cls.kyiv = cls.both.places

    @classmethod
    def done(cls, place, *words, person="") -> dict:
        status, value = ask(place, *words, person=person)
        if status != 0:
            raise AssertionError(f"{place.city}: {words} ended with {status}: {value}")
        return value

    def refused(self, clause: str, place, *words, person=""):
        status, value = ask(place, *words, person=person)
        self.assertEqual((status, value.get("outcome")), (1, "refuse"), value)
        self.assertIn(clause, [one["clause"] for one in value["clauses"] if one["finding"] == "refuse"])

    def until(self, what, seconds: float = 60):
        end = time.monotonic() + seconds
        while not (found := what()):
            self.assertLess(time.monotonic(), end, "it does not happen")
            time.sleep(0.1)
        return found

    def notice(self, place, kind: str, *states: str):
        """The newest notice of this type in one of these states, or None."""
        found = [one for one in self.done(place, "notice", "list")["notices"]
                 if one["type"] == kind and one["state"] in states]
        return found[-1] if found else None

    def duties(self, place) -> list:
        status, value = ask(place, "duties")
        self.assertIn(status, (0, 5), value)
        return value["duties"]


def run_tests(long_run=lambda: None):
    """unittest over the calling script; the two folders are not its words. `long_run` says of a run that is one
    its command, what it was of and how it ended, for docs/longruns.md, once all of it held."""
    del sys.argv[1:3]
    commit = longruns.commit()
    held = unittest.main(module="__main__", verbosity=2, exit=False).result.wasSuccessful()
    if held and (told := long_run()):
        command, what, verdict = told
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        longruns.append(command, commit, used.ru_utime + used.ru_stime, what, verdict)
    sys.exit(not held)
