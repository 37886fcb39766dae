# SPDX-License-Identifier: Apache-2.0
"""The command line as a person and a script meet it: exit codes, errors, JSON, pipes, health.

usage: cli_test.py SOURCE_FOLDER BUILD_FOLDER"""
import contextlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import registries

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
VALISE = str(BUILD / "apps/valise/valise")
DONE, REFUSED, USAGE, INTEGRITY, UNREACHABLE, PARTLY = range(6)


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vc-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def valise(self, *words, stdin: bytes = b"", environment: dict | None = None) -> subprocess.CompletedProcess:
        return subprocess.run([VALISE, *map(str, words)], input=stdin, capture_output=True, check=False,
                              cwd=self.folder, timeout=60, env={**os.environ, **(environment or {})})

    def ends(self, status: int, *words, **more) -> subprocess.CompletedProcess:
        done = self.valise(*words, **more)
        self.assertEqual(done.returncode, status, (done.stdout[:300] + done.stderr).decode("utf-8", "replace"))
        return done

    def json_of(self, done: subprocess.CompletedProcess) -> dict:
        answer = json.loads(done.stdout)
        self.assertEqual(answer["v"], 1)
        return answer

    def keys(self):
        for kind in ("sender", "recipient"):
            self.ends(DONE, "keygen", "--kind", kind, "-o", kind, "--no-passphrase")


class Stateless(Cli):
    def seal(self, document: bytes) -> bytes:
        return self.ends(DONE, "seal", "-", "--to", "recipient.pub", "--from", "sender", stdin=document).stdout

    def test_a_document_goes_through_pipes(self):
        self.keys()
        for document in (b"", b"x", os.urandom(3 << 20)):
            sealed = self.seal(document)
            opened = self.ends(DONE, "open", "-", "--key", "recipient", "--sender", "sender.pub", stdin=sealed)
            self.assertEqual(opened.stdout, document)
            self.json_of(self.ends(DONE, "inspect", "-", "--json", stdin=sealed))

    def test_a_changed_byte_gives_no_document(self):
        self.keys()
        sealed = bytearray(self.seal(os.urandom(1000)))
        sealed[len(sealed) // 4] ^= 1
        done = self.ends(INTEGRITY, "open", "-", "--key", "recipient", "--sender", "sender.pub", "-o", "out", "--json",
                         stdin=bytes(sealed))
        self.assertTrue(self.json_of(done)["error"]["code"].startswith("envelope."))
        self.assertFalse((self.folder / "out").exists())

    def test_a_file_is_not_overwritten_unasked(self):
        self.keys()
        before = (self.folder / "sender").read_bytes()
        done = self.ends(USAGE, "keygen", "--kind", "sender", "-o", "sender", "--no-passphrase")
        self.assertIn(b"--force", done.stderr)
        self.assertEqual((self.folder / "sender").read_bytes(), before)

    def test_wrong_input_is_named(self):
        for words, text in ((("inspect", "nothing.tdf"), b"nothing.tdf"), (("inspect", "."), b"folder"),
                            (("itme",), b"'itme' (did you mean 'item'?)"),
                            (("item", "shwo"), b"'shwo' (did you mean 'show'?)"),
                            (("agreement", "check", "/dev/null"), b"")):
            done = self.ends(USAGE, *words)
            self.assertIn(text, done.stdout + done.stderr, words)
        done = self.ends(USAGE, "inspect", "nothing.tdf", "--json")
        error = self.json_of(done)["error"]
        self.assertTrue(error["code"] and error["text"])

    def test_without_a_registry_it_says_how_to_start_one(self):
        for words in (("status",), ("item", "list"), ("doctor", "--json")):
            done = self.ends(UNREACHABLE, *words, "--socket", self.folder / "none.sock")
            self.assertIn(b"valise-keys serve", done.stderr)
        self.ends(UNREACHABLE, "status", environment={"VALISE_SOCKET": ""})

    def test_terms_are_checked_with_the_line_of_each_fault(self):
        text = (SOURCE / "agreements/jpn-ukr.toml").read_text(encoding="utf-8")
        (self.folder / "bad.toml").write_text(text.replace("needs_person", "need_person", 1), encoding="utf-8")
        done = self.ends(USAGE, "agreement", "check", "bad.toml")
        self.assertRegex((done.stdout + done.stderr).decode(), r"bad\.toml:\d+: unknown key 'need_person'.*'needs_person'")
        for language in ("en", "ja", "uk"):
            self.ends(DONE, "agreement", "explain", SOURCE / "agreements/jpn-ukr.toml", "--language", language)


class WithRegistry(Cli):
    def setUp(self):
        super().setUp()
        self.place = registries.make_registry(SOURCE, BUILD, self.folder / "s", "tokyo", "JPN")
        self.addCleanup(self.place.stop)
        self.environment = self.place.acting("control")

    def here(self, status: int, *words, **more):
        return self.ends(status, *words, environment=self.environment, **more)

    def ready(self) -> tuple:
        log = (self.place.folder / "valised.log").read_text(encoding="utf-8")
        url = re.search(r"http://127\.0\.0\.1:\d+", log)[0]
        answers = []
        for path in ("/healthz", "/readyz"):
            try:
                with urllib.request.urlopen(url + path, timeout=10) as answer:
                    answers.append(answer.status)
            except urllib.error.HTTPError as error:
                answers.append(error.code)
                error.close()
        return tuple(answers)

    def test_every_answer_is_one_json_object(self):
        for words in (("status",), ("item", "list"), ("dispatch", "list"), ("person", "list"), ("log", "checkpoint")):
            self.json_of(self.here(DONE, *words, "--json"))
        unknown = self.here(USAGE, "item", "show", "JPN-2026-9999", "--json")
        self.assertEqual(self.json_of(unknown)["error"]["code"], "cli.no_item")

    def test_a_refusal_ends_with_one_and_names_the_clause(self):
        done = self.here(REFUSED, "link", "accredit", "--level", "gokuhi", "--until", "+9999d", "--reference", "r",
                         "--json")
        answer = self.json_of(done)
        self.assertEqual(answer["outcome"], "refuse")
        self.assertIn("accreditation-term", [c["clause"] for c in answer["clauses"] if c["finding"] == "refuse"])

    def test_a_level_that_is_unknown_brings_the_nearest(self):
        done = self.here(USAGE, "item", "enter", SOURCE / "README.md", "--level", "gokuh", "--purpose", "exercise",
                         "--title", "t")
        self.assertIn(b"gokuhi", done.stderr)

    def test_waiting_for_a_dispatch_that_never_comes_ends(self):
        done = self.here(USAGE, "dispatch", "wait", "dsp-" + "a" * 16, "--timeout", "1", "--json")
        self.assertEqual(self.json_of(done)["error"]["code"], "desk.no_dispatch")

    def test_health_follows_the_keys(self):
        # Alone, without a peer, nothing can be delivered; the process is alive all the same.
        self.assertEqual(self.ready(), (200, 503))
        done = self.here(PARTLY, "doctor", "--json")
        checks = {check["name"]: check["ok"] for check in self.json_of(done)["checks"]}
        self.assertEqual(checks, {"keys": True, "log": True, "disk": True, "clock": True, "peer": False})
        keys = self.place._running.pop("valise-keys")
        keys.terminate()
        keys.wait(timeout=10)
        done = self.here(PARTLY, "doctor", "--json")
        checks = {check["name"]: check["ok"] for check in self.json_of(done)["checks"]}
        self.assertFalse(checks["keys"])
        with contextlib.redirect_stdout(io.StringIO()):
            self.place.start("valise-keys")
        for _ in range(100):
            checks = {check["name"]: check["ok"]
                      for check in self.json_of(self.here(PARTLY, "doctor", "--json"))["checks"]}
            if checks["keys"]:
                break
            time.sleep(0.1)
        self.assertTrue(checks["keys"] and checks["log"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
