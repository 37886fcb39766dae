#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our witness before the logs of others: a Tessera POSIX log that publishes nothing without our cosignatures, and
every question of tlog-witness.

usage: own_witness_test.py SOURCE_FOLDER BUILD_FOLDER"""
import contextlib
import hashlib
import json
import sys
import unittest

import answers
import tools
from tools import OURS, SOURCE, Folder, free_port, run, said

sys.path.insert(0, str(SOURCE / "tests" / "processes"))
import programs  # noqa: E402

THEIRS = tools.build("glue", "fsck")


class Witnessing(programs.Registry):
    """A registry whose witness cosigns the logs of a trust file besides its peer's."""

    def __init__(self, folder, logs: list):
        super().__init__(programs.Transcript(SOURCE, folder, programs.PROGRAMS), "tokyo", "JPN",
                         programs.quiet_port())
        self.witnessed = folder / "witnessed"
        self.witnessed.write_text("".join(f"log {vkey}\n" for vkey in logs) + "quorum none\n")
        self.prepare()
        for person in ("ishikawa", "sato"):
            self.make_key(person, person)
        self.create("ishikawa", "sato")
        self.witness_port = free_port()
        config = self.folder / "registry.toml"
        config.write_text(f"witness_port = {self.witness_port}\n" + config.read_text())  # before its tables

    def command_of(self, name: str) -> list:
        more = ["--witnessed", self.witnessed] if name == "valise-keys" else []
        return super().command_of(name) + more

    def vkeys(self) -> list:
        return self.checkpoints()["witness"]["vkeys"]


class OurWitness(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(Folder())

    def witness(self, logs: list) -> Witnessing:
        place = Witnessing(self.folder, logs)
        self.stack.callback(place.stop)
        place.start_all()
        return place

    def test_every_question_has_the_answer_of_the_document(self):
        logs = said(OURS / "probe_witness", "logs")
        place = self.witness([vkey for vkeys in logs.values() for vkey in vkeys])
        done = run(OURS / "probe_witness", f"http://127.0.0.1:{place.witness_port}", *place.vkeys())
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = {line["what"]: line for line in map(json.loads, done.stdout.splitlines())}
        self.assertEqual({what: line["status"] for what, line in seen.items()}, answers.SPEC)
        for what, line in seen.items():
            self.assertEqual(line["type"].split(";")[0],
                             "text/x.tlog.size" if line["status"] == 409 else "text/plain", what)
            self.assertEqual(line["outcome"], answers.outcome_of(line["status"]), what)
            if line["status"] == 409:
                self.assertEqual(line["size"], answers.SIZES[what], what)

    def test_a_tessera_log_grows_under_our_witness(self):
        keys = said(THEIRS["glue"], "keys", "tessera.example/log")
        secrets = [keys[name]["secret"] for name in ("ed25519", "ml_dsa_44")]
        logs = [keys[name]["vkey"] for name in ("ed25519", "ml_dsa_44")]
        place = self.witness(logs)
        one, two = place.vkeys()
        # Tessera keeps one key for an address, so that our two keys stand at two names of one.
        policy = self.folder / "policy"
        policy.write_text(f"witness A {one} http://127.0.0.1:{place.witness_port}\n"
                          f"witness B {two} http://localhost:{place.witness_port}\n"
                          "group both all A B\nquorum both\n")
        log = self.folder / "tessera"
        size = 0
        for count in (1, 5, 300):
            size += count
            grown = said(THEIRS["glue"], "tessera", log, policy, count, *secrets)
            self.assertEqual(grown["size"], size)
            seen = said(THEIRS["glue"], "checkpoint", log / "checkpoint", *logs, one, two)
            self.assertEqual(seen["size"], size)
            self.assertEqual(said(THEIRS["glue"], "policy", policy, log / "checkpoint"), {"satisfied": True})
            # What the witness says that it cosigned last, for monitors: by the log and by itself.
            origin = hashlib.sha256(b"tessera.example/log").hexdigest()
            shown = place.folder / "state" / "logs" / "witnessed" / origin / "checkpoint"
            self.assertEqual(said(THEIRS["glue"], "checkpoint", shown, *logs, one, two)["size"], size)
        # A log that was put back to an earlier state is one that rewrites its past.
        self.assertNotEqual(run(THEIRS["glue"], "tessera", self.folder / "other", policy, 1, *secrets).returncode, 0)
        # The witness remembers after a restart of both programs.
        place.stop()
        place.start_all()
        self.assertEqual(said(THEIRS["glue"], "tessera", log, policy, 2, *secrets)["size"], size + 2)


if __name__ == "__main__":
    tools.run_tests()
