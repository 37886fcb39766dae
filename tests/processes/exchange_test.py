# SPDX-License-Identifier: Apache-2.0
"""The exchange of ./run with real processes: its transcript, its proofs, and what it leaves on the disk.

usage: exchange_test.py SOURCE_FOLDER BUILD_FOLDER"""
import contextlib
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import disk
import registries

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
VERIFY = BUILD / "apps/valise-verify/valise-verify"
TAKEOVER = BUILD / "tests/processes/takeover_test"
REVEAL = BUILD / "tests/processes/reveal_secrets"
STORY = (SOURCE / "tools/exchange/story.py").read_text(encoding="utf-8")

# What the agreement has to refuse, by the words of the step's title.
REFUSALS = {
    "originator alone": "release-separation",
    "Signed twice": "release-distinct-persons",
    "third country": "third-party",
    "above the level": "link-accreditation",
    "without clearance": "clearance",
    "without need-to-know": "need-to-know",
    "clearance ran out": "clearance-in-date",
    "another purpose": "purpose",
    "The administrator": "no-access-by-role",
}


class Exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vx-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.state = cls.folder / "state"
        transcript = cls.folder / "transcript.json"
        done = subprocess.run([sys.executable, "-B", str(SOURCE / "tools/exchange/main.py"), str(SOURCE), str(BUILD),
                               "--once", "--json", str(transcript), "--state", str(cls.state)],
                              capture_output=True, text=True, errors="replace", timeout=240, check=False)
        cls.output = done.stdout
        if done.returncode != 0:
            raise AssertionError(f"the exchange ended with {done.returncode}\n{done.stdout[-3000:]}{done.stderr}")
        cls.transcript = json.loads(transcript.read_text(encoding="utf-8"))
        cls.steps, cls.artifacts = cls.transcript["steps"], cls.transcript["artifacts"]

    # --- the transcript ---
    def test_each_step_has_every_member(self):
        self.assertEqual(self.transcript["v"], 1)
        for step in self.steps:
            self.assertEqual(set(step), {"step", "title", "command", "exit", "decision", "evidence", "log", "index",
                                         "millis"})
            self.assertRegex(step["step"], r"^[1-6]\.\d+$")
            if step["decision"] is not None:
                self.assertIn(step["decision"]["outcome"], ("permit", "refuse"))
                self.assertTrue(step["decision"]["clauses"])
                self.assertEqual(step["exit"], 0 if step["decision"]["outcome"] == "permit" else 1)

    def test_the_agreement_refuses_what_it_has_to(self):
        for words, clause in REFUSALS.items():
            step = next(step for step in self.steps if words in step["title"] and step["decision"])
            self.assertEqual(step["decision"]["outcome"], "refuse", step["title"])
            refusing = [c["clause"] for c in step["decision"]["clauses"] if c["finding"] == "refuse"]
            self.assertIn(clause, refusing, step["title"])
            self.assertTrue(all(c["row"] for c in step["decision"]["clauses"]))

    def test_events_follow_on_in_each_registry(self):
        for city in ("tokyo", "kyiv"):
            indices = [step["index"] for step in self.steps
                       if step["index"] is not None and f"/{city}/people.sock" in step["command"]]
            self.assertGreater(len(indices), 10)
            self.assertEqual(indices, sorted(set(indices)))

    def test_the_transfer_was_cut_between_none_and_all(self):
        resume = self.artifacts["resume"]
        for moment in ("at_kill", "at_resume"):
            self.assertGreater(resume[moment], 0)
            self.assertLess(resume[moment], resume["all"])

    def test_the_banner_stands_everywhere(self):
        self.assertGreater(self.output.count("DRAFT TERMS - TEST MODE"), 90)

    # --- the proofs ---
    def verify(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run([str(VERIFY), "--json", *map(str, words)], capture_output=True, text=True, check=False)

    def test_both_logs_of_both_parties_verify(self):
        self.assertEqual(set(self.artifacts["logs"]), {"JPN", "UKR"})
        for entry in self.artifacts["logs"].values():
            for log in (entry, entry["shared"]):
                vkeys = [word for vkey in log["vkeys"] + log["witness_vkeys"] for word in ("--vkey", vkey)]
                done = self.verify("log", log["folder"], *vkeys)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_one_flipped_byte_is_refused_with_its_place(self):
        evidence = pathlib.Path(self.artifacts["evidence_file"])
        self.assertEqual(self.verify("evidence", evidence).returncode, 0)
        whole, forged = evidence.read_bytes(), self.folder / "forged.json"
        chance = random.Random(20241116)
        for _ in range(6):
            at = chance.randrange(len(whole))
            forged.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1:])
            done = self.verify("evidence", forged)
            self.assertEqual(done.returncode, 3, f"byte {at}: {done.stdout[-500:]}")
            self.assertTrue(json.loads(done.stdout)["fault"]["place"], f"byte {at}")

    def test_sealed_files_are_there(self):
        self.assertGreater(len(self.artifacts["sealed"]), 5)
        for path in self.artifacts["sealed"]:
            self.assertEqual(pathlib.Path(path).read_bytes()[:4], b"PK\x03\x04")

    # --- the keys ---
    def test_a_taken_over_daemon_gets_nothing_that_was_not_permitted(self):
        main, registry, transcript = registries.load(SOURCE)
        page = transcript.Transcript(SOURCE, self.state, main.programs(BUILD))
        place = registry.Registry(page, "tokyo", "JPN", 0)
        with contextlib.redirect_stdout(io.StringIO()):
            place.start("valise-keys")
        self.addCleanup(place.stop)
        done = subprocess.run([str(TAKEOVER)], capture_output=True, text=True, check=False,
                              env={**os.environ, "VALISE_TAKEN_STATE": str(place.folder)})
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr)
        self.assertIn("[  PASSED  ] 8 tests", done.stdout)

    # --- the disk ---
    def secrets(self) -> dict:
        wanted = {}
        for city in ("tokyo", "kyiv"):
            jobs = [("keystore", self.state / city / "keys/keystore",
                     self.state / "people" / f"{city}-registry.passphrase")]
            jobs += [("person", key, self.state / "people" / city / "passphrase")
                     for key in sorted((self.state / "people" / city).glob("*.key"))]
            for kind, path, passphrase in jobs:
                lines = subprocess.run([str(REVEAL), kind, str(path), str(passphrase)], check=True,
                                       capture_output=True, text=True).stdout.splitlines()
                for number, line in enumerate(lines):
                    name, secret = line.split()
                    wanted[f"{name} {number} of {path.name} in {city}"] = disk.forms_of_secret(bytes.fromhex(secret))
                wanted[f"passphrase of {path.name} in {city}"] = disk.forms_of_text(passphrase.read_text().strip())
        return wanted

    def contents(self) -> dict:
        wanted = {}
        for name in ("weather-exercise.pdf", "observation-report.pdf"):
            document = (SOURCE / "examples" / name).read_bytes()
            wanted[name] = disk.windows(document)
            self.assertGreater(len(wanted[name]), 50)
        titles = ["気象演習の記録", "気象演習の付録", "Звіт спостереження", "観測データ"]
        names = [name for name in re.findall(r'"((?:[^\x00-\x7f]+ )[^\x00-\x7f]+)"', STORY) if "таємно" not in name]
        self.assertGreater(len(names), 12)
        self.assertTrue(all(title in STORY for title in titles))
        for text in titles + names:
            wanted[text] = disk.forms_of_text(text)
        return wanted

    def test_the_disk_tells_no_secret(self):
        wanted = self.secrets() | self.contents()
        self.assertGreater(len(wanted), 50)
        for city in ("tokyo", "kyiv"):
            self.assertEqual(disk.search(self.state / city, wanted), [])
            copy = self.folder / f"backup-{city}"
            shutil.copytree(self.state / city, copy, ignore=shutil.ignore_patterns("*.sock", "blobs"))
            self.assertEqual(disk.search(copy, wanted), [])
            # The search itself can fail: one title in one file is found.
            (copy / "planted").write_text("Звіт спостереження", encoding="utf-8")
            self.assertEqual(disk.search(copy, wanted), ["Звіт спостереження in planted"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
