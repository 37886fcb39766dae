#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole exchange of ./run with real programs: what its transcript says, what its proofs prove, and that
nothing secret lies in the state of either registry.

usage: exchange_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import subprocess
import unittest

import leaks
from programs import BUILD, EXCHANGE, SOURCE, Registry, Transcript, PROGRAMS, call, remove, run_tests, short_folder

# Title in chapter 3 of the transcript → the clause that has to refuse.
REFUSALS = {
    "Released by the originator alone": "release-separation",
    "Signed twice by one person": "release-distinct-persons",
    "Release to a third country": "third-party",
    "Dispatch above the level of the link": "link-accreditation",
    "A reader without clearance": "clearance",
    "A reader without need-to-know": "need-to-know",
    "A reader whose clearance ran out": "clearance-in-date",
    "For another purpose": "purpose",
    "The administrator": "no-access-by-role",
}
FINDINGS = {"pass", "refuse", "duty", "not-applicable"}
MEMBERS = {"step", "title", "command", "exit", "decision", "evidence", "log", "index", "millis"}
FLIPS = 20
BLOCK = 1 << 20  # as tools/exchange/pipes.py


def run_exchange(folder: pathlib.Path) -> subprocess.CompletedProcess:
    """Plays it, and copies both registries while they run, when chapter 5 begins: its 256 MiB are entered meanwhile."""
    words = EXCHANGE + ["--once", "--json", str(folder / "x.json"), "--state", str(folder / "s")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as playing:
        lines = []
        for line in playing.stdout:
            lines.append(line)
            if line.startswith("== 5."):
                for city in ("tokyo", "kyiv"):
                    subprocess.run(["cp", "-a", "--reflink=auto", folder / "s" / city, folder / "copy"], check=False)
    return subprocess.CompletedProcess(words, playing.returncode, "".join(lines))


def option_of(command: str, name: str) -> str:
    words = shlex.split(command)
    return words[words.index(name) + 1] if name in words else ""


class Exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = short_folder()
        cls.addClassCleanup(remove, cls.folder)
        (cls.folder / "copy").mkdir()
        cls.done = run_exchange(cls.folder)
        if cls.done.returncode != 0:
            raise AssertionError(f"the exchange ended with {cls.done.returncode}:\n{cls.done.stdout}")
        cls.transcript = json.loads((cls.folder / "x.json").read_text(encoding="utf-8"))
        cls.steps, cls.artifacts = cls.transcript["steps"], cls.transcript["artifacts"]
        page = Transcript(SOURCE, cls.folder / "s", PROGRAMS)
        cls.places = [Registry(page, city, party, 0) for city, party in (("tokyo", "JPN"), ("kyiv", "UKR"))]

    # --- the transcript ---
    def test_every_step_has_the_members_of_the_format(self):
        self.assertEqual(self.transcript["v"], 1)
        self.assertEqual([step for step in self.steps if set(step) != MEMBERS], [])
        self.assertEqual(sorted({step["step"].split(".")[0] for step in self.steps}), list("123456"))
        self.assertEqual(len({step["step"] for step in self.steps}), len(self.steps))
        for step in self.steps:
            self.assertIsInstance(step["millis"], int)
            self.assertGreater(len(shlex.split(step["command"])), 1)

    def test_every_decision_lists_its_clauses(self):
        decided = [step for step in self.steps if step["decision"]]
        self.assertGreater(len(decided), 40)
        for step in decided:
            clauses = step["decision"]["clauses"]
            self.assertGreater(len(clauses), 2, step["title"])
            self.assertLessEqual({clause["finding"] for clause in clauses}, FINDINGS)
            self.assertTrue(all(clause["row"] for clause in clauses), step["title"])
            refused = any(clause["finding"] == "refuse" for clause in clauses)
            self.assertEqual(step["decision"]["outcome"], "refuse" if refused else "permit", step["title"])
            self.assertEqual(step["exit"], 1 if refused else 0, step["title"])
            self.assertRegex(step["evidence"], "^E[0-9]$")

    def test_every_refusal_is_there_with_its_clause(self):
        found = {}
        for step in self.steps:
            if step["decision"] and step["decision"]["outcome"] == "refuse":
                self.assertTrue(step["step"].startswith("3."), step["title"])
                found[step["title"]] = [clause["clause"] for clause in step["decision"]["clauses"]
                                        if clause["finding"] == "refuse"]
        self.assertEqual(set(found), set(REFUSALS))
        for title, clause in REFUSALS.items():
            self.assertIn(clause, found[title], title)

    def test_indices_increase_in_each_log(self):
        last, count = {}, 0
        for step in self.steps:
            if step["index"] is None:
                continue
            socket = re.search(r"VALISE_SOCKET=\S*?/(tokyo|kyiv)/", step["command"])
            key = (socket[1], step["log"])
            self.assertGreater(step["index"], last.get(key, -1), step["title"])
            last[key], count = step["index"], count + 1
        self.assertEqual(set(last), {("tokyo", "private"), ("kyiv", "private")})
        self.assertGreater(count, 50)

    def test_the_cut_was_in_the_middle(self):
        resume = self.artifacts["resume"]
        self.assertEqual(resume["all"] // (1 << 20), 256)
        for name in ("at_kill", "at_resume"):
            self.assertTrue(0 < resume[name] < resume["all"], resume)

    def test_artifacts_are_there(self):
        self.assertEqual(set(self.artifacts["logs"]), {"JPN", "UKR"})
        sealed = self.artifacts["sealed"]
        self.assertGreater(len(sealed), 5)
        for path in sealed:
            self.assertTrue(pathlib.Path(path).is_file(), path)
            done = call("valise", "inspect", path, "--json")
            self.assertEqual((done.returncode, json.loads(done.stdout)["v"]), (0, 1), done.stderr)

    def test_the_banner_stands_everywhere(self):
        self.assertGreater(self.done.stdout.count("DRAFT TERMS - TEST MODE"), 90)

    # --- the proofs ---
    def test_evidence_holds(self):
        words = ("evidence", self.artifacts["evidence_file"], "--fingerprint", self.artifacts["fingerprint"])
        done = call("valise-verify", *words)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(b"VERIFIED", done.stdout)

    def test_evidence_with_another_fingerprint_is_refused(self):
        print_ = self.artifacts["fingerprint"]
        other = ("b" if print_[0] != "b" else "d") + print_[1:]
        done = call("valise-verify", "evidence", self.artifacts["evidence_file"], "--fingerprint", other)
        self.assertEqual(done.returncode, 3, done.stdout)

    def test_every_flipped_byte_is_refused_with_its_place(self):
        chance, forged = random.Random(20261124), self.folder / "forged.json"
        content = pathlib.Path(self.artifacts["evidence_file"]).read_bytes()
        for at in chance.sample(range(len(content)), FLIPS):
            changed = bytearray(content)
            changed[at] ^= 1 << chance.randrange(8)
            forged.write_bytes(changed)
            done = call("valise-verify", "evidence", forged, "--json")
            with self.subTest(at=at, of=len(content), was=content[at], now=changed[at]):
                self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
                self.assertTrue(json.loads(done.stdout)["fault"]["place"])

    def logs(self):
        for party, log in self.artifacts["logs"].items():
            yield f"private log of {party}", log
            yield f"shared log of {party}", log["shared"]

    def verify_log(self, folder, vkeys) -> int:
        return call("valise-verify", "log", folder, *(word for vkey in vkeys for word in ("--vkey", vkey))).returncode

    def test_both_logs_of_both_parties_verify(self):
        for name, log in self.logs():
            with self.subTest(name):
                self.assertEqual((len(log["vkeys"]), len(log["witness_vkeys"])), (2, 2))
                self.assertEqual(self.verify_log(log["folder"], log["vkeys"] + log["witness_vkeys"]), 0)

    def test_a_log_under_keys_of_another_one_is_refused(self):
        private, shared = (self.artifacts["logs"]["JPN"], self.artifacts["logs"]["JPN"]["shared"])
        self.assertNotEqual(self.verify_log(private["folder"], shared["vkeys"]), 0)

    def test_a_log_with_a_changed_leaf_is_refused(self):
        log = self.artifacts["logs"]["UKR"]
        copy = self.folder / "changed-log"
        shutil.copytree(log["folder"], copy)
        # The widest partial tile is the newest one, which the checkpoint speaks of.
        newest = max((copy / "tile" / "entries" / "000.p").iterdir(), key=lambda path: int(path.name))
        changed = bytearray(newest.read_bytes())
        changed[len(changed) // 2] ^= 1
        newest.write_bytes(changed)
        self.assertEqual(self.verify_log(copy, log["vkeys"] + log["witness_vkeys"]), 3)

    # --- what must not lie there ---
    def words_of(self, option: str) -> set:
        return {option_of(step["command"], option) for step in self.steps} - {""}

    def secret_texts(self) -> dict:
        titles, names = self.words_of("--title"), self.words_of("--name")
        self.assertEqual((len(titles), len(names)), (4, 18), (titles, names))
        forms = {}
        for kind, texts in (("title", titles), ("name", names)):
            for number, text in enumerate(sorted(texts)):
                forms |= leaks.text_forms(f"{kind}-{number}", text)
        for place in self.places:
            for path in (place.passphrase, place.person_passphrase):
                passphrase = path.read_text(encoding="ascii").strip()
                forms |= leaks.text_forms(f"passphrase/{path.name}", passphrase)
                forms |= leaks.bytes_forms(f"passphrase-bytes/{path.name}", bytes.fromhex(passphrase))
        return forms

    def large_document(self) -> bytes:
        """Its first bytes, read once more in Kyiv: it came from a pipe and went into one, so no file has them."""
        step = next(step for step in self.steps if step["title"] == "Read in Kyiv, into a pipe")
        words = shlex.split(step["command"])
        words = words[words.index("item"):]
        kyiv = self.places[1]
        kyiv.start_all()
        try:
            with subprocess.Popen([PROGRAMS["valise"], *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  env={**os.environ, **kyiv.acting("bondarenko")}) as reading:
                begin = reading.stdout.read(BLOCK)
                while reading.stdout.read(BLOCK):
                    pass
            self.assertEqual((reading.returncode, len(begin)), (0, BLOCK))
        finally:
            kyiv.stop()
        return begin

    def all_forms(self) -> dict:
        forms = self.secret_texts()
        for file in sorted((SOURCE / "examples").glob("*.pdf")):
            forms |= leaks.document_forms(file.name, file.read_bytes())
        for place in self.places:
            forms |= leaks.reveal(place)
        self.assertGreater(len(forms), 10000)
        return forms

    def test_nothing_secret_lies_in_the_state_or_in_a_copy_of_it(self):
        copies = [self.folder / "copy" / place.city for place in self.places]
        for copy in copies:  # taken while the registries ran
            self.assertTrue((copy / "state" / "registry.sqlite-wal").exists(), copy)
        # Its blocks differ in their number alone, so the first one stands for all.
        forms = self.all_forms() | leaks.document_forms("large", self.large_document())
        found = leaks.search(forms, *(place.folder for place in self.places), *copies)
        self.assertEqual(found, [])

    def test_the_search_finds_what_is_planted(self):
        title = sorted(self.words_of("--title"))[0]
        person = sorted(self.words_of("--name"))[0]
        secret = next(iter(leaks.reveal(self.places[0]).values()))
        document = (SOURCE / "examples" / "weather-exercise.pdf").read_bytes()
        planted = self.folder / "planted"
        shutil.copytree(self.places[0].folder / "keys", planted)
        state = planted / "vault-state"
        forms = self.all_forms()
        for name, content in (("title", title.encode()), ("title", json.dumps(title).encode()),
                              ("title", title.encode("utf-16-le")), ("name", leaks.base64_cores(person.encode())[1]),
                              ("tokyo/", secret), ("tokyo/", secret.hex().encode()),
                              ("weather-exercise.pdf", document[100_003:100_003 + 80])):
            before = state.read_bytes()
            state.write_bytes(before[:1001] + content + before[1001:])
            with self.subTest(name, content=content[:40]):
                found = leaks.search(forms, planted)
                self.assertTrue(found and all(line.startswith(name) for line in found), found)
            state.write_bytes(before)
        (planted / title).touch()
        self.assertTrue(leaks.search(forms, planted), "a title as the name of a file")


if __name__ == "__main__":
    run_tests()
