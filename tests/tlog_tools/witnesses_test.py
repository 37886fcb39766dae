#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our log before the witnesses of others, omniwitness, litewitness and Sunlight's: every answer that they have,
as our log side understands it; and a registry whose logs all three cosign.

usage: witnesses_test.py SOURCE_FOLDER BUILD_FOLDER"""
import contextlib
import json
import shutil
import sys
import time
import unittest

import answers
import tools
import witnesses
from tools import OURS, SOURCE, Folder, run, said

sys.path.insert(0, str(SOURCE / "tests" / "processes"))
import programs  # noqa: E402

if shutil.which("openssl") is None:
    tools.skip("openssl, which makes the root that Sunlight wants, is not here")
THEIRS = tools.build(*witnesses.NAMES)


class Answers(unittest.TestCase):
    def test_each_answer_is_understood(self):
        logs = said(OURS / "probe_witness", "logs")
        for name, kind in witnesses.ALL.items():
            with self.subTest(witness=name), kind(THEIRS, logs) as witness:
                done = run(OURS / "probe_witness", witness.url, *witness.vkeys)
                self.assertEqual(done.returncode, 0, done.stderr)
                seen = {line["what"]: line for line in map(json.loads, done.stdout.splitlines())}
                self.assertEqual({what: line["status"] for what, line in seen.items()}, answers.expected(name))
                for what, line in seen.items():
                    self.assertEqual(line["outcome"], answers.outcome_of(line["status"]), what)
                    if line["outcome"] == "behind":
                        self.assertEqual(line["size"], answers.SIZES[what], what)
                    if line["outcome"] == "cosigned":
                        self.assertEqual(line["lines"], len(witness.vkeys), what)


class OneRegistry:
    """A registry of no peer, with the neutral witnesses that it is given."""

    def __init__(self, folder):
        page = programs.Transcript(SOURCE, folder, programs.PROGRAMS)
        self.place = programs.Registry(page, "tokyo", "JPN", programs.quiet_port())
        self.place.prepare()
        for person, name in (("ishikawa", "Ishikawa"), ("sato", "Sato")):
            self.place.make_key(person, name)
        self.place.create("ishikawa", "sato")

    def know(self, chosen: dict):
        with open(self.place.folder / "registry.toml", "a", encoding="utf-8") as config:
            for witness in chosen.values():
                config.write(f"\n[[witnesses]]\nurl = \"{witness.url}\"\nvkeys = {json.dumps(witness.vkeys)}\n")

    def keys(self) -> dict:
        said_here = self.place.checkpoints()
        return {said_here[log]["origin"]: said_here[log]["vkeys"] for log in ("private", "shared")}

    def checkpoint(self, log: str):
        return self.place.folder / "state" / "logs" / log / "checkpoint"

    def lines(self, log: str) -> int:
        path = self.checkpoint(log)
        return path.read_text(encoding="utf-8").count("\n\u2014 ") if path.exists() else 0


def wait_for(what, seconds=20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


class Registries(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.one = OneRegistry(self.stack.enter_context(Folder()))
        self.place = self.one.place
        self.stack.callback(self.place.stop)

    def act(self):
        """One more event."""
        self.place.make_key(f"p{time.monotonic_ns()}", "Somebody")
        key = max(self.place.people.glob("p*.key.pub"), key=lambda path: path.stat().st_mtime_ns)
        code, answer = programs.ask(self.place, "person", "enrol", key, person="ishikawa")
        self.assertEqual(code, 0, answer)

    def test_all_three_cosign_and_none_is_waited_for(self):
        self.place.start_all()
        logs = self.one.keys()
        chosen = {name: self.stack.enter_context(kind(THEIRS, logs)) for name, kind in witnesses.ALL.items()}
        wanted = 2 + sum(len(witness.vkeys) for witness in chosen.values())
        self.assertEqual(self.one.lines("private"), 2)
        self.place.stop()
        self.one.know(chosen)
        self.place.start_all()
        keys = [vkey for witness in chosen.values() for vkey in witness.vkeys]
        for _ in range(3):
            self.act()
            events = self.place.asked("status")["events"]
            ready = lambda: (self.one.lines("private") == wanted and  # noqa: E731
                             int(self.one.checkpoint("private").read_text().splitlines()[1]) == events)
            self.assertTrue(wait_for(ready), (self.place.folder / "valised.log").read_text())
            for log, vkeys in zip(("private", "shared"), logs.values()):
                seen = said(THEIRS["glue"], "checkpoint", self.one.checkpoint(log), *vkeys, *keys)
                self.assertEqual(len(seen["signers"]), wanted)
        # One that is away holds nothing up, and what they cosigned is known after a restart.
        chosen["litewitness"].__exit__()
        self.place.stop()
        self.place.start_all()
        self.act()
        self.assertTrue(wait_for(lambda: self.one.lines("private") == wanted - 1))


if __name__ == "__main__":
    tools.run_tests()
