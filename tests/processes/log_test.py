#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is proven of published logs: `valise log verify`, `prove` and `fork-proof`, and `valise-verify` on what they
wrote. Bad input of every kind is refused, and clearly.

usage: log_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import json
import os
import random
import shutil
import subprocess
import unittest

from programs import BUILD, call, remove, run_tests, short_folder

ORIGIN = "valise.invalid/x/made/1"
WRITE_LOG = BUILD / "tests" / "tlog_tools" / "write_log"


class Log(unittest.TestCase):
    def setUp(self):
        self.folder = short_folder()
        self.addCleanup(remove, self.folder)
        self.log = self.folder / "log"
        keys = self.write("log", ORIGIN, 5, 300)
        log, witness = keys["log"], keys["witness"]
        self.options = [word for vkey in log for word in ("--vkey", vkey)]
        self.trust = self.folder / "trust"
        self.trust.write_text("# the log, and the witness that must have cosigned\n"
                              f"log {log[0]}\nlog {log[1]}\nwitness A {witness[0]}\nwitness B {witness[1]}\n"
                              "group both all A B\nquorum both\n")

    def write(self, name, origin, *sizes) -> dict:
        done = subprocess.run([WRITE_LOG, self.folder / name, origin, *map(str, sizes)], capture_output=True,
                              check=True)
        return json.loads(done.stdout)

    def json_of(self, code: int, program: str, *words) -> dict:
        done = call(program, *words, "--json")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def proof(self, entry: int):
        path = self.folder / f"{entry}.tlog-proof"
        done = call("valise", "log", "prove", self.log, entry, "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def fork(self, one, other, tiles=None, code=0):
        path = self.folder / "fork"
        path.unlink(missing_ok=True)
        more = ["--tiles", tiles] if tiles else []
        done = call("valise", "log", "fork-proof", one / "checkpoint", other / "checkpoint", *more, "-o", path)
        self.assertEqual(done.returncode, code, done.stderr)
        return path, done.stderr.decode()

    def refused(self, path, *command) -> dict:
        """Not verified, in words, with the place."""
        done = call("valise-verify", *command, path, "--trust", self.trust, "--json")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        said = json.loads(done.stdout)
        self.assertFalse(said["verified"])
        self.assertTrue(said["fault"]["place"] and said["fault"]["text"], said)
        return said

    # --- verify ---
    def test_both_programs_check_a_folder_alike(self):
        one = self.json_of(0, "valise", "log", "verify", self.log, "--trust", self.trust)
        other = self.json_of(0, "valise-verify", "log", self.log, "--trust", self.trust)
        self.assertEqual(one, other)
        self.assertEqual((one["size"], one["quorum"], one["foreign"]), (300, "both", 300))
        self.assertEqual(len(one["cosignatures"]), 2)
        self.assertEqual(self.json_of(0, "valise", "log", "verify", self.log, *self.options)["quorum"], "")

    def test_what_a_folder_lacks_or_says_otherwise_is_named(self):
        for name in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"):
            path = self.log / name
            whole = path.read_bytes()
            path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:] if len(whole) > 100
                             else bytes([whole[0] ^ 1]) + whole[1:])
            self.assertEqual(self.json_of(3, "valise", "log", "verify", self.log, "--trust", self.trust)["fault"]
                             ["place"].split("/")[0], "tile", name)
            path.unlink()
            self.assertEqual(self.refused(self.log, "log")["fault"]["place"], name)
            path.write_bytes(whole)
        (self.log / "checkpoint").unlink()
        self.assertEqual(call("valise", "log", "verify", self.log, "--trust", self.trust).returncode, 2)

    def test_a_quorum_that_is_not_made_is_refused(self):
        checkpoint = self.log / "checkpoint"
        checkpoint.write_text("".join(checkpoint.read_text().splitlines(keepends=True)[:-1]))
        self.assertEqual(self.refused(self.log, "log")["fault"]["reason"], "verify.quorum")
        self.json_of(0, "valise-verify", "log", self.log, *self.options)

    def test_whom_to_believe_must_be_said_once(self):
        for options in ([], ["--trust", self.trust, *self.options], ["--vkey", "x"], ["--trust", self.log]):
            self.assertEqual(call("valise-verify", "log", self.log, *options).returncode, 2, options)
        self.trust.write_text("quorum none\nlog x\n")
        done = call("valise", "log", "verify", self.log, "--trust", self.trust)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"line 2", done.stderr)

    # --- prove ---
    def test_a_proof_of_every_kind_of_entry(self):
        for entry in (0, 5, 255, 256, 299):
            said = self.json_of(0, "valise-verify", "proof", self.proof(entry), "--trust", self.trust)
            self.assertEqual((said["index"], said["size"]), (entry, 300))
        for entry, code in ((300, 2), (-1, 2), ("x", 2)):
            done = call("valise", "log", "prove", self.log, entry, "-o", self.folder / "none")
            self.assertEqual(done.returncode, code, done.stderr)
        self.assertFalse((self.folder / "none").exists())

    def test_the_entry_may_come_from_elsewhere(self):
        path, entry = self.proof(7), self.folder / "entry"
        entry.write_bytes(b"entry 7".ljust(256, b"\0"))
        bare = self.folder / "bare"
        bare.write_text("".join(line for line in path.read_text().splitlines(keepends=True)
                                if not line.startswith("extra ")))
        self.json_of(0, "valise-verify", "proof", bare, "--entry", entry, "--trust", self.trust)
        self.assertEqual(self.refused(bare, "proof")["fault"]["reason"], "verify.no_entry")
        entry.write_bytes(b"entry 8".ljust(256, b"\0"))
        self.assertEqual(self.json_of(3, "valise-verify", "proof", path, "--entry", entry, "--trust", self.trust)
                         ["fault"]["reason"], "tlog.inclusion")

    def test_tiles_that_do_not_lead_to_the_checkpoint_prove_nothing(self):
        self.write("other", f"{ORIGIN}@3", 300)
        shutil.copy(self.folder / "other" / "checkpoint", self.log / "checkpoint")
        done = call("valise", "log", "prove", self.log, 1, "-o", self.folder / "none")
        self.assertEqual(done.returncode, 3, done.stderr)

    # --- fork-proof ---
    def test_two_histories_are_proven_at_every_pair_of_sizes(self):
        for small, large in ((300, 300), (4, 300), (256, 300), (300, 301), (299, 4096)):
            with self.subTest(small=small, large=large):
                self.write("small", ORIGIN, small)
                self.write("large", f"{ORIGIN}@3", large)
                tiles = None if small == large else self.folder / "large"
                path, _ = self.fork(self.folder / "large", self.folder / "small", tiles)
                said = self.json_of(0, "valise-verify", "fork", path, "--trust", self.trust)
                self.assertEqual((said["first"]["size"], said["second"]["size"]), (small, large))
                self.assertNotEqual(said["prefix_root"], said["first"]["root"])
                remove(self.folder / "small")
                remove(self.folder / "large")

    def test_one_history_is_none(self):
        self.write("grown", ORIGIN, 700)
        _, said = self.fork(self.log, self.folder / "grown", self.folder / "grown", code=2)
        self.assertIn("tlog.no_fork", said)
        _, said = self.fork(self.log, self.log, code=2)
        self.assertIn("tlog.no_fork", said)
        self.write("forked", f"{ORIGIN}@3", 700)
        # Tiles of the honest log say nothing of a checkpoint of the other.
        _, said = self.fork(self.log, self.folder / "forked", self.folder / "grown", code=3)
        self.assertIn("tlog.consistency", said)
        _, said = self.fork(self.log, self.folder / "forked", code=2)
        self.write("stranger", f"{ORIGIN}0@3", 700)
        _, said = self.fork(self.log, self.folder / "stranger", self.folder / "stranger", code=2)
        self.assertIn("tlog.fork", said)

    def test_a_fork_of_a_log_that_nobody_believes_in_convicts_nobody(self):
        self.write("one", "valise.invalid/x/other/1", 300)
        self.write("two", "valise.invalid/x/other/1@3", 300)
        path, _ = self.fork(self.folder / "one", self.folder / "two")
        self.assertEqual(self.refused(path, "fork")["fault"]["reason"], "tlog.origin")

    # --- while it is written ---
    def test_a_reader_sees_a_whole_log_wherever_the_writer_was_killed(self):
        sizes = [str(size) for size in range(1, 1200, 37)]
        options = ["--trust", self.trust]
        seen, chance = set(), random.Random(4)
        for _ in range(25):
            writing = subprocess.Popen([WRITE_LOG, self.log, ORIGIN, *sizes], stdout=subprocess.DEVNULL)
            try:
                writing.wait(timeout=chance.uniform(0.005, 0.4))
            except subprocess.TimeoutExpired:
                writing.kill()
                writing.wait()
            seen.add(self.json_of(0, "valise", "log", "verify", self.log, *options)["size"])
        self.assertGreater(len(seen), 3, seen)

    # --- bad input ---
    def test_no_byte_can_be_changed_and_none_left_out(self):
        self.write("large", f"{ORIGIN}@3", 4096)
        fork, _ = self.fork(self.log, self.folder / "large", self.folder / "large")
        chance = random.Random(20261124)
        for command, path in (("proof", self.proof(7)), ("fork", fork)):
            whole = path.read_bytes()
            copy = self.folder / "changed"
            # A signature holds thousands of bytes; what is before them is changed byte by byte.
            head = whole.index("\u2014".encode())
            for at in [*range(0, head, 7), *chance.sample(range(head, len(whole)), 60)]:
                copy.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1:])
                with self.subTest(command=command, at=at):
                    self.refused(copy, command)
            for size in [0, 1, *chance.sample(range(len(whole)), 60)]:
                copy.write_bytes(whole[:size])
                with self.subTest(command=command, size=size):
                    self.refused(copy, command)
        copy.write_bytes(os.urandom(5 << 20))
        self.assertEqual(call("valise-verify", "fork", copy, "--trust", self.trust).returncode, 2)


if __name__ == "__main__":
    run_tests()
