#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line against real registries: every exit code, JSON everywhere, clear words for wrong input,
pipes, and what the registry says of its health.

usage: cli_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import base64
import csv
import hashlib
import json
import os
import re
import time
import unittest
import urllib.error
import urllib.request

from programs import (PROGRAMS, SOURCE, Registry, Transcript, TwoRegistries, ask, call, quiet_port, remove, run_tests,
                      short_folder)

PDF = SOURCE / "examples" / "weather-exercise.pdf"
TERMS = SOURCE / "agreements" / "jpn-ukr.toml"


def leaves(*words) -> list:
    """Every command that does something, as its words, from --help."""
    text = call("valise", *words, "--help").stdout.decode()
    names = re.findall(r"^  ([a-z-]+) ", text.partition("Subcommands:")[2], re.M)
    return [leaf for name in names for leaf in leaves(*words, name)] if names else [words]


class JsonAnswers:
    def json_of(self, *words, **more) -> tuple:
        done = call("valise", *words, "--json", **more)
        try:
            value = json.loads(done.stdout)
        except ValueError:
            self.fail(f"{words} ended with {done.returncode} and no JSON object: {done.stdout!r} {done.stderr!r}")
        self.assertIsInstance(value, dict, words)
        self.assertEqual(value["v"], 1, words)
        if "error" in value:
            self.assertEqual(value["exit"], done.returncode, words)
            self.assertEqual(set(value["error"]), {"code", "kind", "text", "hint"}, words)
            self.assertIn(value["error"]["code"].encode(), done.stderr, "in words too")
        return done.returncode, value

    def wrong(self, code: str, *words, says: str = "", status: int = 2, **more):
        """Refused with this reason, in words that hold `says`, and nothing is a crash."""
        with self.subTest(words=words):
            got, value = self.json_of(*words, **more)
            self.assertEqual((got, value["error"]["code"]), (status, code), value)
            self.assertIn(says, value["error"]["text"] + " " + value["error"]["hint"])


class Stateless(JsonAnswers, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = short_folder()
        cls.addClassCleanup(remove, cls.folder)
        for kind in ("recipient", "sender", "person"):
            done = call("valise", "keygen", "--kind", kind, "-o", cls.folder / kind, "--name", kind, "--no-passphrase")
            if done.returncode != 0:
                raise AssertionError(done.stderr)
        cls.to = ("--to", cls.folder / "recipient.pub", "--from", cls.folder / "sender")
        cls.by = ("--key", cls.folder / "recipient", "--sender", cls.folder / "sender.pub")
        cls.document = PDF.read_bytes()
        cls.sealed = call("valise", "seal", *cls.to, stdin=cls.document).stdout
        (cls.folder / "sealed").write_bytes(cls.sealed)

    def test_every_command_answers_in_json_when_its_words_are_wrong(self):
        commands = leaves()
        self.assertGreater(len(commands), 25)
        for command in commands:
            with self.subTest(command):
                status, value = self.json_of(*command, "--no-such-option")
                self.assertEqual((status, value["error"]["code"]), (2, "cli.usage"))
                self.assertIn("--no-such-option", value["error"]["text"])

    def test_every_command_that_needs_a_registry_says_how_to_start_it(self):
        for command in (("status",), ("doctor",), ("item", "list"), ("dispatch", "list"), ("person", "list"),
                        ("container", "list"), ("duties",), ("log", "checkpoint"), ("agreement", "show"), ("dispatch", "show", "x")):
            self.wrong("cli.no_socket", *command, says="valise-keys serve", status=4)
            self.wrong("adapters.http_connect", *command, "--socket", self.folder / "none.sock",
                       says="valised --config", status=4)

    def test_wrong_words(self):
        self.wrong("cli.command", "itme", "list", says="did you mean 'item'?")
        self.wrong("cli.command", "item", "lst", says="did you mean 'list'?")
        self.wrong("cli.command", "qqqqqqqq", says="no command 'qqqqqqqq'")
        self.wrong("cli.usage", says="subcommand is required")
        self.wrong("cli.usage", "item", "show", says="item is required")
        self.wrong("cli.usage", "item", "show", "--sockt", "x", says="did you mean '--socket'?")
        self.wrong("cli.usage", "keygen", "--kind", "persn", "-o", self.folder / "x", says="persn")
        self.wrong("cli.command", "it\x1b[31mem", says="it\\u{1b}[31mem")

    def test_files_that_are_missing_or_folders(self):
        missing = self.folder / "missing"
        self.wrong("adapters.no_file", "inspect", missing, says="missing")
        self.wrong("adapters.no_file", "seal", missing, *self.to, "-o", self.folder / "x", says="missing")
        self.wrong("adapters.no_file", "open", missing, *self.by, "-o", self.folder / "x", says="missing")
        self.wrong("adapters.no_file", "agreement", "check", missing, says="missing")
        self.wrong("cli.folder", "inspect", self.folder, says="is a folder")
        self.wrong("cli.folder", "seal", self.folder, *self.to, "-o", self.folder / "x", says="is a folder")
        self.wrong("cli.folder", "open", self.folder, *self.by, "-o", self.folder / "x", says="is a folder")
        self.wrong("adapters.not_a_file", "agreement", "check", self.folder, says="is a folder")
        self.assertFalse((self.folder / "x").exists())

    def test_keys_of_another_kind(self):
        self.wrong("cli.key_kind", "seal", PDF, "--to", self.folder / "sender.pub", "--from", self.folder / "sender",
                   "-o", self.folder / "x", says="recipient")
        self.wrong("adapters.not_a_file", "seal", PDF, "--to", self.folder, "--from", self.folder / "sender", "-o",
                   self.folder / "x", says="is a folder")
        self.wrong("cli.key_file", "seal", PDF, "--to", TERMS, "--from", self.folder / "sender", "-o",
                   self.folder / "x", says="no key file")
        self.wrong("cli.key_file", "open", self.folder / "sealed", "--key", self.folder / "recipient.pub", "--sender",
                   self.folder / "sender.pub", "-o", self.folder / "x", says="public key only")

    def test_nothing_is_overwritten_without_force(self):
        kept, text = self.folder / "kept", b"kept as it was"
        kept.write_bytes(text)
        for words in (("keygen", "--kind", "person", "--no-passphrase", "-o", kept),
                      ("seal", PDF, *self.to, "-o", kept)):
            self.wrong("adapters.file_exists", *words, says="--force")
            self.assertEqual(kept.read_bytes(), text)
        self.assertEqual(self.json_of("seal", PDF, *self.to, "-o", kept, "--force")[0], 0)
        self.assertNotEqual(kept.read_bytes(), text)

    def test_what_was_begun_and_not_finished_is_one_object(self):
        first = self.folder / "first"
        first.write_bytes(b"text")
        status, value = self.json_of("seal", first, self.folder / "missing", PDF, *self.to, "--output-folder",
                                     self.folder)
        self.assertEqual((status, value["error"]["code"]), (5, "adapters.no_file"), value)
        self.assertEqual([one["file"] for one in value["files"]], [str(first)])

    def test_through_pipes(self):
        for document in (self.document, b"", b"x", os.urandom(3 << 20)):
            sealed = call("valise", "seal", *self.to, stdin=document).stdout
            done = call("valise", "open", *self.by, stdin=sealed)
            self.assertEqual((done.returncode, done.stdout), (0, document), done.stderr)
        status, seen = self.json_of("inspect", stdin=self.sealed)
        self.assertEqual(status, 0, seen)
        key = call("valise", "keygen", "--kind", "recipient", "-o", self.folder / "other", "--no-passphrase")
        self.assertEqual(key.returncode, 0)
        done = call("valise", "open", "--key", self.folder / "other", "--sender", self.folder / "sender.pub",
                    stdin=self.sealed)
        self.assertEqual((done.returncode, done.stdout), (2, b""), done.stderr)
        self.assertIn(b"sealed for another key", done.stderr)
        self.assertIn(b"valise inspect", done.stderr)

    def test_a_changed_sealed_file_is_an_integrity_failure(self):
        path = self.folder / "changed"
        for at in (len(self.sealed) // 3, len(self.sealed) * 2 // 3):
            changed = bytearray(self.sealed)
            changed[at] ^= 1
            path.write_bytes(changed)
            status, value = self.json_of("open", path, *self.by, "-o", self.folder / "never")
            self.assertEqual((status, value["error"]["kind"]), (3, "integrity"), value)
            self.assertFalse((self.folder / "never").exists())
        self.wrong("crypto.passphrase", "seal", PDF, "--to", self.folder / "recipient.pub", "--from",
                   self.locked_sender(), "--passphrase-file", self.folder / "recipient.pub", "-o",
                   self.folder / "x", status=3, says="passphrase")

    def locked_sender(self):
        passphrase, key = self.folder / "passphrase", self.folder / "locked"
        passphrase.write_text("correct horse\n", encoding="ascii")
        call("valise", "keygen", "--kind", "sender", "-o", key, "--name", "x", "--passphrase-file", passphrase,
             "--argon2-kib", "64")
        return key

    def test_agreement_from_a_file(self):
        for words in (("check",), ("show",), ("explain",), ("explain", "--act", "dispatch"), ("explain", "--html")):
            with self.subTest(words):
                self.assertEqual(self.json_of("agreement", words[0], TERMS, *words[1:])[0], 0)
        for language in ("en", "ja", "uk"):
            self.assertEqual(self.json_of("agreement", "explain", TERMS, "--language", language)[0], 0)

    def test_an_arrangement_may_only_tighten(self):
        text = TERMS.with_name("examplia-borduria.toml").read_text(encoding="utf-8")
        old, new = self.folder / "old.toml", self.folder / "new.toml"
        old.write_text(text, encoding="utf-8")
        for days, status, effect in ((9, 0, "tightens"), (11, 1, "loosens")):
            new.write_text(text.replace("due_days = 10", f"due_days = {days}"), encoding="utf-8")
            got, value = self.json_of("agreement", "compare", old, new)
            self.assertEqual((got, value["arrangement"]), (status, status == 0), value)
            self.assertEqual([(one["effect"], one["clause"]) for one in value["changes"]],
                             [(effect, "receipt-due")])

    def test_terms_are_checked_with_the_line_of_each_fault(self):
        bad = self.folder / "bad.toml"
        bad.write_text(TERMS.read_text(encoding="utf-8").replace("needs_person", "need_person", 1), encoding="utf-8")
        done = call("valise", "agreement", "check", bad)
        self.assertEqual(done.returncode, 2)
        self.assertRegex((done.stdout + done.stderr).decode(),
                         r"bad\.toml:\d+: unknown key 'need_person'.*'needs_person'")


class Alone(JsonAnswers, unittest.TestCase):
    def test_without_a_peer_nothing_can_be_delivered(self):
        folder = short_folder()
        self.addCleanup(remove, folder)
        place = Registry(Transcript(SOURCE, folder, PROGRAMS), "tokyo", "JPN", quiet_port())
        self.addCleanup(place.stop)
        place.prepare()
        for officer in ("control", "clearance"):
            place.make_key(officer, officer)
        place.create("control", "clearance")
        place.start_all()
        status, value = self.json_of("doctor", environment=place.environment)
        self.assertEqual(status, 5)
        self.assertEqual({check["name"]: check["ok"] for check in value["checks"]},
                         {"keys": True, "log": True, "disk": True, "clock": True, "shredded": True, "peer": False})


class WithRegistries(JsonAnswers, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.both = TwoRegistries()
        cls.addClassCleanup(cls.both.end)
        cls.tokyo, cls.kyiv = cls.both.places

    def at(self, place, *words, person="") -> tuple:
        return self.json_of(*words, environment=place.acting(person))

    def health(self, path: str) -> int:
        log = (self.tokyo.folder / "valised.log").read_text(encoding="utf-8")
        port = re.findall(r"health on http://127\.0\.0\.1:(\d+)/readyz", log)[-1]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                self.assertEqual(json.load(answer)["v"], 1)
                return answer.status
        except urllib.error.HTTPError as answer:
            with answer:
                answer.read()
            return answer.code

    def until(self, status: int, seconds: float = 20):
        end = time.monotonic() + seconds
        while self.health("/readyz") != status:
            self.assertLess(time.monotonic(), end, f"/readyz is not {status}: {self.at(self.tokyo, 'doctor')}")
            time.sleep(0.05)

    def test_questions_are_done(self):
        for words in (("status",), ("doctor",), ("item", "list"), ("item", "show", self.both.story.item),
                      ("dispatch", "list"), ("person", "list"), ("container", "list"), ("muster", "list"),
                      ("duties",), ("log", "checkpoint"), ("agreement", "show"), ("agreement", "explain"), ("evidence", "export", "-o", self.both.folder / "evidence.json"),
                      ("peer", "invite", "--endpoint", "127.0.0.1:1", "-o", self.both.folder / "invitation")):
            with self.subTest(words):
                status, value = self.at(self.tokyo, *words)
                self.assertIn(status, (0, 5) if words == ("duties",) else (0,), value)  # 5: something is overdue
                self.assertNotIn("error", value)

    def test_the_books_are_printed_as_text_csv_and_json(self):
        for book in ("register", "holdings", "overdue", "access", "inspection"):
            with self.subTest(book):
                status, value = self.at(self.tokyo, "report", book)
                self.assertEqual((status, value["count"]), (0, len(value["rows"])), value)
                names = [column["name"] for column in value["columns"]]
                for row in value["rows"]:
                    self.assertEqual(sorted(row), sorted(names))
                done = call("valise", "report", book, "--csv", environment=self.tokyo.environment)
                table = list(csv.reader(done.stdout.decode().splitlines()))
                self.assertEqual((done.returncode, table[0], len(table)), (0, names, 1 + len(value["rows"])))
        done = call("valise", "report", "register", "--language", "uk", environment=self.tokyo.environment)
        self.assertIn("Обліковий номер: JPN-", done.stdout.decode())
        status, value = self.at(self.tokyo, "report", "register", "--as-of", "2020-01-01")
        self.assertEqual((status, value["rows"]), (0, []))
        self.wrong("desk.as_of", "report", "register", "--as-of", "2999-01-01", says="not past",
                   environment=self.tokyo.environment)

    def test_a_refusal_is_an_answer_with_its_clause(self):
        status, value = self.at(self.tokyo, "person", "clear", f"{self.tokyo.key('kato')}.pub", "--level", "gokuhi",
                                "--until", "+30d", person="ishikawa")
        self.assertEqual((status, value["outcome"]), (1, "refuse"), value)
        self.assertIn("clearance-officer", [one["clause"] for one in value["clauses"] if one["finding"] == "refuse"])

        status, value = self.at(self.tokyo, "link", "accredit", "--level", "gokuhi", "--until", "+9999d",
                                "--reference", "r", person="ishikawa")
        self.assertEqual((status, value["outcome"]), (1, "refuse"), value)
        self.assertIn("accreditation-term", [one["clause"] for one in value["clauses"] if one["finding"] == "refuse"])

    def test_what_would_be_decided_is_asked_before_the_act(self):
        item, before = self.both.story.item, self.at(self.tokyo, "status")[1]["events"]
        asked = ("agreement", "why", "approve-release", f"item={item}", "recipient=XEX")
        status, value = self.at(self.tokyo, *asked)
        self.assertEqual((status, value["outcome"]), (1, "refuse"), value)
        refused = {clause["clause"] for person in value["people"] for clause in person["refusals"]}
        self.assertIn("third-party", refused)
        # The officer who may accredit is among those for whom the answer differs.
        words = ("agreement", "why", "accredit", "peer=UKR", "level=gokuhi", "until=2027-01-01T00:00:00Z",
                 "reference=r")
        status, value = self.at(self.tokyo, *words)
        self.assertEqual(status, 0, value)
        outcomes = {person["person"]: person["outcome"] for person in value["people"]}
        self.assertEqual(set(outcomes.values()), {"permit", "refuse"}, outcomes)
        allowed = next(person for person, outcome in outcomes.items() if outcome == "permit")
        status, value = self.at(self.tokyo, *words, "--person", allowed)
        self.assertEqual((status, value["outcome"]), (0, "permit"), value)
        status, value = self.at(self.tokyo, "agreement", "why", "dispatch", f"item={item}")
        self.assertEqual((status, value["error"]["code"]), (2, "logbook.act_member"), value)
        self.assertEqual(self.at(self.tokyo, "status")[1]["events"], before)
    def done_at(self, place, *words, person):
        status, value = self.at(place, *words, person=person)
        self.assertEqual(status, 0, value)
        return value

    def refused_by(self, clause: str, *words, person):
        status, value = self.at(self.tokyo, *words, person=person)
        self.assertEqual((status, value["outcome"]), (1, "refuse"), value)
        self.assertIn(clause, [one["clause"] for one in value["clauses"] if one["finding"] == "refuse"])

    def test_the_life_of_a_copy(self):
        tokyo, officer, witness = self.tokyo, "ishikawa", "nakamura"
        by_officer = {"person": officer}
        self.done_at(tokyo, "person", "clear", f"{tokyo.key(officer)}.pub", "--level", "gokuhi", "--until", "+30d",
                     person="sato")
        item = self.done_at(tokyo, "item", "enter", PDF, "--level", "gokuhi", "--purpose", "exercise", "--title", "x",
                            person="tanaka")["number"]
        self.done_at(tokyo, "person", "grant", f"{tokyo.key(witness)}.pub", "--item", item, "--purpose", "exercise",
                     "--until", "+30d", **by_officer)
        self.refused_by("minimum-controls", "container", "add", "Safe 1", "--level", "gokuhi", "--access",
                        f"{tokyo.key(officer)}.pub", "--control", "locked", **by_officer)
        safe = self.done_at(tokyo, "container", "add", "Safe 1", "--level", "gokuhi", "--access",
                            f"{tokyo.key(officer)}.pub", "--control", "safe", "--control", "locked",
                            **by_officer)["container"]
        made = self.done_at(tokyo, "copy", "make", item, "--pages", "3", "--reason", "r", **by_officer)
        self.assertEqual(made["result"]["copy_number"], 2)
        paper = f"{item}/2"
        self.done_at(tokyo, "copy", "store", paper, "--in", safe, **by_officer)
        containers = self.done_at(tokyo, "container", "list", **by_officer)["containers"]
        self.assertEqual({one["container"]: one["copies"] for one in containers}[safe], [made["copy"]])
        self.assertEqual({one["container"]: one["controls"] for one in containers}[safe], ["locked", "safe"])
        self.refused_by("issue-term", "copy", "issue", paper, "--to", f"{tokyo.key(witness)}.pub", "--purpose",
                        "exercise", "--due", "+31d", **by_officer)
        self.done_at(tokyo, "copy", "issue", paper, "--to", f"{tokyo.key(witness)}.pub", "--purpose", "exercise",
                     "--due", "+7d", **by_officer)
        duties = self.at(tokyo, "duties", **by_officer)[1]["duties"]
        self.assertIn((made["copy"], "take-back", False), [(one["subject"], one["what"], one["overdue"]) for one in duties])
        self.refused_by("page-check", "copy", "take-back", paper, "--pages", "2", **by_officer)
        self.done_at(tokyo, "copy", "take-back", paper, "--pages", "3", **by_officer)

        destroying = ("copy", "destroy", paper, "--method", "shredding", "--pages", "3", "--reference", "order 7",
                      "--place", "room 2")
        events = self.done_at(tokyo, "status", **by_officer)["events"]
        status, value = self.at(tokyo, *destroying, "--dry-run", **by_officer)
        self.assertEqual((status, value["outcome"], value["dry_run"]), (1, "refuse", True), value)
        self.assertEqual(self.done_at(tokyo, "status", **by_officer)["events"], events, "nothing was recorded")
        self.done_at(tokyo, "copy", "witness", paper, "--method", "shredding", "--pages", "3", person=witness)
        self.assertEqual(self.done_at(tokyo, *destroying, "--dry-run", **by_officer)["outcome"], "permit")
        certificate = self.done_at(tokyo, *destroying, **by_officer)["result"]["certificate"]
        self.done_at(tokyo, "copy", "certify", paper, "--finding", "destroyed", person=witness)

        self.done_at(tokyo, "copy", "witness", f"{item}/1", "--method", "erasure", person=witness)
        before = len(tokyo.sealed_files())
        gone = self.done_at(tokyo, "copy", "destroy", f"{item}/1", "--method", "erasure", "--reference", "order 7",
                            "--place", "room 2", **by_officer)
        self.assertIsInstance(gone["done"], int)
        self.assertEqual(len(tokyo.sealed_files()), before - 1)
        self.refused_by("copy-in-hand", "item", "open", item, "--purpose", "exercise", "-o",
                        self.both.folder / "never", person=witness)
        copies = self.done_at(tokyo, "item", "show", item, **by_officer)["copies"]
        self.assertEqual([one["state"] for one in copies], ["destroyed", "destroyed"])
        self.assertEqual(copies[1]["destruction"]["certificate"], certificate)
        self.assertEqual([one["destruction"]["remaining_copies"] for one in copies], [0, 1], "as it was then")
        self.assertNotIn(b"order 7", json.dumps(copies).encode(), "the authority stands in the opening")
        evidence = self.both.folder / "custody.json"
        self.done_at(tokyo, "evidence", "export", "-o", evidence, **by_officer)
        done = call("valise-verify", "evidence", evidence)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_muster_with_one_copy_missing_and_found(self):
        tokyo, officer = self.tokyo, "ishikawa"
        self.done_at(tokyo, "person", "clear", f"{tokyo.key(officer)}.pub", "--level", "gokuhi", "--until", "+30d",
                     person="sato")
        item = self.done_at(tokyo, "item", "enter", "--form", "paper", "--pages", "3", "--level", "gokuhi", "--purpose",
                            "exercise", "--title", "x", person="tanaka")["number"]
        safe = self.done_at(tokyo, "container", "add", "Safe 3", "--level", "gokuhi", "--access",
                            f"{tokyo.key(officer)}.pub", "--control", "locked", "--control", "safe",
                            person=officer)["container"]
        for number in ("1", "2"):
            if number == "2":
                self.done_at(tokyo, "copy", "make", item, "--pages", "3", "--reason", "r", person=officer)
            self.done_at(tokyo, "copy", "store", f"{item}/{number}", "--in", safe, person=officer)
        muster = self.done_at(tokyo, "muster", "begin", "--in", safe, person=officer)["muster"]
        self.refused_by("muster-complete", "muster", "close", muster, person=officer)
        counting = ("muster", "count", muster)
        value = self.done_at(tokyo, *counting, f"{item}/1", "--finding", "missing", person=officer)
        self.assertEqual([duty["what"] for duty in value["duties"]], ["report-incident"])
        self.done_at(tokyo, *counting, "--in", safe, person=officer)
        self.refused_by("losses-reported", "muster", "close", muster, person=officer)
        self.done_at(tokyo, *counting, f"{item}/1", person=officer)
        shown = self.done_at(tokyo, "muster", "show", muster, person="")
        self.assertEqual((shown["expected"], shown["uncounted"], shown["missing"]), (2, 0, 0))
        self.refused_by("muster-second-person", "muster", "close", muster, person=officer)
        self.done_at(tokyo, *counting, f"{item}/2", person="nakamura")
        self.done_at(tokyo, "muster", "close", muster, person=officer)
        self.assertIn(muster, [one["muster"] for one in self.done_at(tokyo, "muster", "list", person="")["musters"]])
        done = self.at(tokyo, *counting, f"{item}/9", person=officer)
        self.assertEqual(done[1]["error"]["code"], "cli.no_copy")

    def test_a_register_is_taken_over(self):
        tokyo = self.tokyo
        file = self.both.folder / "register.csv"
        (self.both.folder / "old.pdf").write_bytes(PDF.read_bytes())
        file.write_text("number,form,level,purpose,title,pages,file,rights,rights_note\n"
                        "№ 1/25т,paper,hi,exercise,a paper,3,,,\n"
                        "№ 2/25т,electronic,hi,exercise,\"a file, sealed\",,old.pdf,patent copyright,ask first\n",
                        encoding="utf-8")
        taking = ("item", "import", file)
        before = self.at(tokyo, "status")[1]["events"]
        value = self.done_at(tokyo, *taking, "--dry-run", person="tanaka")
        self.assertEqual((value["entered"], value["dry_run"]), (2, True), value)
        self.assertEqual(self.at(tokyo, "status")[1]["events"], before)
        value = self.done_at(tokyo, *taking, person="tanaka")
        self.assertEqual((value["entered"], value["passed_over"]), (2, 0), value)
        shown = self.done_at(tokyo, "item", "show", value["rows"][1]["number"], person="")
        self.assertEqual((shown["former"], shown["form"], shown["rights"]),
                         ("№ 2/25т", "electronic", ["copyright", "patent"]))
        value = self.done_at(tokyo, *taking, person="tanaka")
        self.assertEqual((value["entered"], value["passed_over"]), (0, 2), value)
        file.write_text("number,form,level,purpose,title,rights\n1,paper,,exercise,x,\n1,oral,hi,exercise,,\n"
                        "2,paper,hi,exercise,x,secret\n", encoding="utf-8")
        error = self.at(tokyo, *taking, person="tanaka")[1]["error"]
        self.assertEqual(error["code"], "cli.import")
        for words in ("line 2: no level", "line 3: no title", "line 4: 'secret' is no kind"):
            self.assertIn(words, json.dumps(error))

    def test_a_translation_is_made(self):
        tokyo = self.tokyo
        source = self.done_at(tokyo, "item", "enter", PDF, "--level", "hi", "--purpose", "exercise", "--title", "x",
                              person="tanaka")["number"]
        making = ("item", "enter", PDF, "--level", "hi", "--purpose", "exercise", "--title", "y", "--source", source,
                  "--made-as", "translation")
        self.refused_by("derived-access", *making, "--language", "uk", person="tanaka")
        self.done_at(tokyo, "person", "clear", f"{tokyo.key('tanaka')}.pub", "--level", "gokuhi", "--until", "+30d",
                     person="sato")
        self.refused_by("derived-access", *making, "--language", "uk", person="tanaka")
        self.done_at(tokyo, "person", "brief", SOURCE / "examples" / "briefing.txt", person="tanaka")
        self.refused_by("translation-language", *making, person="tanaka")
        made = self.done_at(tokyo, *making, "--language", "uk", person="tanaka")["number"]
        shown = self.done_at(tokyo, "item", "show", made, person="")
        self.assertEqual((shown["made_as"], shown["language"], len(shown["sources"])), ("translation", "uk", 1))
        self.assertIn("Урядом Японії", shown["note"])

    def test_private_rights_and_modified_equipment(self):
        officer = "ishikawa"
        item = self.done_at(self.tokyo, "item", "enter", "--form", "equipment", "--serial", "S-1", "--level", "hi",
                            "--purpose", "exercise", "--title", "x", "--right", "patent", "--right", "trade-secret",
                            "--rights-note", "Ask the maker before it is copied", person="tanaka")
        self.assertIn("PATENT, TRADE-SECRET", item["marking"])
        self.assertIn("Ask the maker", item["marking"])
        item = item["number"]
        shown = self.done_at(self.tokyo, "item", "show", item, person="")
        self.assertEqual(shown["rights"], ["patent", "trade-secret"])
        making = ("item", "enter", "--form", "paper", "--pages", "2", "--level", "hi", "--purpose", "exercise",
                  "--title", "x", "--source", item)
        ground = ("--rights-ground", "leave of the maker")
        self.done_at(self.tokyo, "person", "clear", f"{self.tokyo.key('tanaka')}.pub", "--level", "gokuhi", "--until",
                     "+30d", person="sato")
        self.done_at(self.tokyo, "person", "brief", SOURCE / "examples" / "briefing.txt", person="tanaka")
        self.refused_by("private-rights", *making, "--right", "patent", "--right", "trade-secret", person="tanaka")
        self.refused_by("private-rights", *making, *ground, "--right", "patent", person="tanaka")
        made = self.done_at(self.tokyo, *making, *ground, "--right", "patent", "--right", "trade-secret",
                            person="tanaka")["number"]
        copying = ("copy", "make", made, "--pages", "2", "--reason", "r")
        self.refused_by("private-rights", *copying, person=officer)
        self.done_at(self.tokyo, *copying, *ground, person=officer)
        self.done_at(self.tokyo, "person", "clear", f"{self.tokyo.key(officer)}.pub", "--level", "gokuhi", "--until",
                     "+30d", person="sato")
        self.done_at(self.tokyo, "copy", "destroy", f"{item}/1", "--method", "modification", "--reference", "r",
                     "--place", "p", person=officer)
        certifying = ("copy", "certify", f"{item}/1", "--finding", "destroyed")
        self.refused_by("modification-report", *certifying, person=officer)
        self.done_at(self.tokyo, *certifying, "--modification-report", PDF, person=officer)
        done = self.done_at(self.tokyo, "copy", "show", f"{item}/1", person="")["destruction"]
        digest = base64.b64encode(hashlib.sha256(PDF.read_bytes()).digest()).decode()
        self.assertEqual((done["method"], done["modification_report"]), ("modification", digest))

    def test_laws_are_recorded_and_asked_for(self):
        recording = ("law", "record", "jp-108-2013", "--title", "Act 108 of 2013", "--from", "+1d", "--text", PDF)
        dry = self.done_at(self.tokyo, *recording, "--edition", "1", "--dry-run", person="ishikawa")
        self.assertEqual(dry["outcome"], "permit")
        self.done_at(self.tokyo, *recording, "--edition", "1", person="ishikawa")
        self.refused_by("law-edition", *recording, "--edition", "1", person="ishikawa")
        value = self.done_at(self.tokyo, *recording, "--edition", "2", "--affects-protection", "--note", "article 5",
                             person="ishikawa")
        self.assertEqual([one["what"] for one in value["duties"]], ["await-acknowledgement"])
        self.done_at(self.tokyo, "law", "ask", "UKR", person="ishikawa")
        self.refused_by("law-request", "law", "ask", "UKR", person="ishikawa")
        listed = self.done_at(self.tokyo, "law", "list", person="")
        self.assertEqual([(one["law"], one["edition"], one["affects"]) for one in listed["laws"]],
                         [("jp-108-2013", "2", True)])
        self.assertEqual([one["party"] for one in listed["asked"]], ["UKR"])

    def test_an_item_is_reviewed(self):
        item = self.done_at(self.tokyo, "item", "enter", PDF, "--level", "hi", "--purpose", "exercise", "--title", "x",
                            "--reserve-copying", person="tanaka")["number"]
        self.refused_by("copying-reserved", "copy", "make", item, "--pages", "3", "--reason", "r", person="ishikawa")
        self.done_at(self.tokyo, "copy", "make", item, "--pages", "3", "--reason", "r", person="tanaka")
        self.refused_by("review-term", "item", "review", item, "--finding", "kept", "--next", "+400d", "--reason", "r",
                        person="ishikawa")
        self.done_at(self.tokyo, "item", "review", item, "--finding", "destroy", "--reason", "r", person="ishikawa")
        shown = self.done_at(self.tokyo, "item", "show", item, person="")
        self.assertEqual((shown["review"], shown["copying_reserved"]), ("destroy", True))
        duties = self.at(self.tokyo, "duties", person="")[1]["duties"]
        self.assertIn((shown["item"], "destroy"), [(one["item"], one["what"]) for one in duties])
        self.wrong("cli.no_copy", "copy", "store", f"{item}/9", says="cpy-", environment=self.tokyo.acting("ishikawa"),
                   status=2)

    def test_wrong_input_is_named(self):
        at = {"environment": self.tokyo.acting("tanaka")}
        entering = ("item", "enter", PDF, "--purpose", "exercise", "--title", "x", "--level")
        self.wrong("cli.level", *entering, "gokuhii", says="did you mean 'gokuhi'?", **at)
        self.wrong("adapters.no_file", "item", "enter", self.both.folder / "missing", *entering[3:], "gokuhi",
                   says="missing", **at)
        self.wrong("cli.folder", "item", "enter", self.both.folder, *entering[3:], "gokuhi", says="is a folder", **at)
        self.wrong("cli.no_item", "item", "show", "JPN-1999-0001", says="JPN-1999-0001", **at)
        self.wrong("cli.no_key_file", *entering, "gokuhi", says="--as", environment=self.tokyo.environment)
        self.wrong("desk.no_dispatch", "dispatch", "wait", "dsp-" + "a" * 16, "--timeout", "1", **at)
        self.wrong("cli.usage", "dispatch", "wait", "x", "--until", "colsed", says="did you mean 'closed'?", **at)
        self.wrong("cli.until", "person", "clear", f"{self.tokyo.key('kato')}.pub", "--level", "gokuhi", "--until",
                   "soon", says="+30d", environment=self.tokyo.acting("sato"))
        self.wrong("cli.registry_exists", "registry", "create", "--folder", self.tokyo.folder, "--party", "JPN",
                   "--terms", TERMS, "--test-mode", "--control-officer", f"{self.tokyo.key('ishikawa')}.pub",
                   "--clearance-officer", f"{self.tokyo.key('sato')}.pub", "--peer-listen", "127.0.0.1:1",
                   "--passphrase-file", self.tokyo.passphrase)

    def test_a_wait_that_times_out_is_partly_done(self):
        item = self.both.story.item
        for person in ("yamada", "kobayashi"):
            self.assertEqual(self.at(self.tokyo, "release", "approve", item, "--to", "UKR", person=person)[0], 0)
        self.kyiv.stop()
        try:
            status, sent = self.at(self.tokyo, "dispatch", "send", item, "--to", "UKR", person="ishikawa")
            self.assertEqual(status, 0, sent)
            words = ("dispatch", "wait", sent["dispatch"], "--until")
            status, value = self.at(self.tokyo, *words, "custody_receipted", "--timeout", "1")
            self.assertEqual((status, value["reached"]), (5, False), value)
        finally:
            self.kyiv.start_all()
        status, value = self.at(self.tokyo, *words, "custody_receipted", "--timeout", "30")
        self.assertEqual((status, value["reached"]), (0, True), value)

    def test_ready_means_that_it_can_sign(self):
        self.until(200)
        self.assertEqual(self.health("/healthz"), 200)
        self.assertEqual(self.at(self.tokyo, "doctor")[0], 0)
        self.tokyo.stop_one("valise-keys")
        self.until(503)
        self.assertEqual(self.health("/healthz"), 200, "the process answers all the same")
        status, value = self.at(self.tokyo, "doctor")
        self.assertEqual(status, 5, value)
        self.assertIn("keys", [check["name"] for check in value["checks"] if not check["ok"]])
        self.tokyo.start("valise-keys")
        self.until(200)
        self.assertEqual(self.at(self.tokyo, "doctor")[0], 0)
        self.assertEqual(self.health("/api/v1/status"), 404, "the port serves health and nothing else")

    def test_ready_means_that_it_can_deliver(self):
        self.until(200)
        self.kyiv.stop_one("valised")
        try:
            self.until(503)
            status, value = self.at(self.tokyo, "doctor")
            self.assertEqual(status, 5, value)
            self.assertEqual([check["name"] for check in value["checks"] if not check["ok"]], ["peer"])
        finally:
            self.kyiv.start("valised")
        self.until(200)

    def test_a_second_daemon_on_the_same_state_is_refused(self):
        done = call("valised", "--config", self.tokyo.folder / "registry.toml")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b"adapters.locked", done.stderr)
        self.assertEqual(ask(self.tokyo, "status")[0], 0)

    def test_a_daemon_without_its_keys_says_what_to_start(self):
        self.kyiv.stop()
        done = call("valised", "--config", self.kyiv.folder / "registry.toml")
        self.kyiv.start_all()
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(b"start valise-keys serve first", done.stderr)


if __name__ == "__main__":
    run_tests()
