#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A registry is backed up while it works, goes on, dies, and is restored beside the key process that remembers more: it
is closed, says so everywhere, is recovered from the peer's mirror, and documents go both ways again.

usage: backup_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import json
import os
import shutil
import urllib.request

from programs import AtRegistries, ask, call, run_tests


class Backup(AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.work = cls.both.folder
        cls.passphrase = cls.work / "backup.passphrase"
        cls.passphrase.write_text("of the safe\n", encoding="ascii")
        cls.key = cls.work / "backup.key"
        cls.tool("keygen", "--kind", "recipient", "-o", cls.key, "--argon2-kib", "8192")
        cls.send(cls.tokyo, cls.both.story.item, "before")
        cls.file = cls.work / "tokyo.backup"
        cls.made = cls.done(cls.tokyo, "backup", "create", "-o", cls.file, "--to", f"{cls.key}.pub")

    @classmethod
    def tool(cls, *words, exits: int = 0) -> dict:
        """A command that asks no registry."""
        done = call("valise", *words, "--json", "--passphrase-file", cls.passphrase)
        if done.returncode != exits:
            raise AssertionError(f"{words} ended with {done.returncode}: {done.stdout!r} {done.stderr!r}")
        return json.loads(done.stdout)

    @classmethod
    def enter(cls, place, title: str) -> str:
        path = cls.work / f"{title}.txt"
        path.write_text(f"The document {title}.\n", encoding="utf-8")
        person, level = ("tanaka", "gokuhi") if place is cls.tokyo else ("bondarenko", "tsilkom-taiemno")
        return cls.done(place, "item", "enter", path, "--level", level, "--purpose", "exercise", "--title", title,
                        person=person)["number"]

    @classmethod
    def send(cls, place, number: str, title: str = "") -> str:
        """Released, sent, and receipted by the other side."""
        to, releasing, officer = (("UKR", ("yamada", "kobayashi"), "ishikawa") if place is cls.tokyo else
                                  ("JPN", ("melnyk", "lysenko"), "kovalenko"))
        for person in releasing:
            cls.done(place, "release", "approve", number, "--to", to, person=person)
        sent = cls.done(place, "dispatch", "send", number, "--to", to, person=officer)["dispatch"]
        cls.done(place, "dispatch", "wait", sent, "--until", "custody_receipted", "--timeout", "60")
        return sent

    def mirrored(self, sent: str):
        self.until(lambda: self.done(self.tokyo, "dispatch", "show", sent)["custody_evidence"] == "E3")

    def verified(self, place):
        path = self.work / f"{place.city}-evidence.json"
        path.unlink(missing_ok=True)
        self.done(place, "evidence", "export", "-o", path)
        done = call("valise-verify", "--json", "evidence", path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_1_a_backup_is_checked_without_a_registry(self):
        told = self.tool("backup", "verify", self.file, "--key", self.key)
        self.assertEqual((told["verified"], told["party"], told["missing"]), (True, "JPN", []))
        self.assertEqual(told["signed"], told["events"])
        self.assertGreater(told["mirrored"], 0)
        self.tool("backup", "verify", self.file, "--key", self.key, "--root", told["root_key"])
        other = self.tool("backup", "verify", self.file, "--key", self.key, "--root", "00" * 32, exits=3)
        self.assertEqual(other["error"]["code"], "cli.backup_root")
        wrong = self.work / "other.key"
        self.tool("keygen", "--kind", "recipient", "-o", wrong, "--argon2-kib", "8192")
        self.assertEqual(self.tool("backup", "verify", self.file, "--key", wrong, exits=1)["error"]["code"],
                         "registry.backup_key")

    def test_2_nothing_that_was_changed_is_one(self):
        whole = self.file.read_bytes()
        broken = self.work / "broken.backup"
        for at in (3, 30, 2500, len(whole) // 2, len(whole) - 1):
            changed = bytearray(whole)
            changed[at] ^= 4
            broken.write_bytes(changed)
            done = call("valise", "backup", "verify", broken, "--key", self.key, "--json", "--passphrase-file",
                        self.passphrase)
            self.assertIn(done.returncode, (1, 2, 3), at)
        for size in (0, 10, 1500, len(whole) // 2, len(whole) - 1):
            broken.write_bytes(whole[:size])
            done = call("valise", "backup", "restore", broken, "--key", self.key, "--into", self.work / "never",
                        "--json", "--passphrase-file", self.passphrase)
            self.assertIn(done.returncode, (2, 3), size)
            self.assertEqual([path.name for path in self.work.glob("never*")], [])

    def test_3_no_key_of_the_registry_is_in_it(self):
        place = self.work / "looked-at"
        place.mkdir()
        (place / "something").touch()
        taken = self.tool("backup", "restore", self.file, "--key", self.key, "--into", place, exits=2)
        self.assertEqual(taken["error"]["code"], "cli.folder_taken")
        (place / "something").unlink()
        self.tool("backup", "restore", self.file, "--key", self.key, "--into", place)
        files = {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}
        self.assertEqual({name for name in files if not name.startswith("state/blobs/")} -
                         {"state/registry.sqlite-wal", "state/registry.sqlite-shm"},
                         {"registry.toml", "terms.toml", "state/registry.sqlite"})
        self.assertEqual((place / "registry.toml").read_bytes(), (self.tokyo.folder / "registry.toml").read_bytes())
        keystore = (self.tokyo.folder / "keys" / "keystore").read_bytes()
        for name in files:
            self.assertNotIn(keystore[100:200], (place / name).read_bytes())

    def test_4_restored_recovered_and_on(self):
        number = self.enter(self.tokyo, "lost")
        self.mirrored(self.send(self.tokyo, number))
        self.until(self.tokyo.cosigned)
        before = self.tokyo.asked("status")["events"]
        self.tokyo.kill("valised")
        shutil.move(self.tokyo.folder / "state", self.work / "lost-state")
        restored = self.work / "restored"
        told = self.tool("backup", "restore", self.file, "--key", self.key, "--into", restored)
        shutil.move(restored / "state", self.tokyo.folder / "state")
        self.tokyo.start("valised")
        self.closed(told["events"], before)
        self.refused_to_others()
        done = self.done(self.tokyo, "log", "recover", person="ishikawa")
        held = told["events"] + 1  # the refusal stands in the book, too
        self.assertEqual((done["epoch"], done["held"], done["signed"]), (2, held, before))
        self.assertEqual(done["lost_events"], before - held)
        self.assertEqual(done["shared_to"] - done["shared_from"], len(done["lost"]))
        self.assertIn("dispatch", [one["kind"] for one in done["lost"]])
        self.assertIsNone(self.tokyo.asked("status")["behind"])
        again = self.done(self.tokyo, "log", "recover")
        self.assertEqual([one["epoch"] for one in again["recoveries"]], [2])
        self.goes_on()
        # And after everything was started anew.
        for place in self.both.places:
            place.stop()
            place.start_all()
        self.goes_on()

    def closed(self, held: int, signed: int):
        behind = self.tokyo.asked("status")["behind"]
        self.assertEqual((behind["held"], behind["signed"], behind["by_peer"]), (held, signed, False))
        words = call("valise", "status", environment=self.tokyo.acting("")).stdout.decode()
        self.assertIn(f"{held} of {signed} signed events", words)
        status, doctor = ask(self.tokyo, "doctor")
        self.assertEqual((status, doctor["ready"]), (5, False))
        self.assertIn("registry.behind", json.dumps(doctor))
        with urllib.request.urlopen(self.tokyo.desks(), timeout=20) as page:
            self.assertIn("Restored from a backup", page.read().decode())
        status, value = ask(self.tokyo, "person", "enrol", f"{self.tokyo.key('tanaka')}.pub", person="ishikawa")
        self.assertEqual((status, value["error"]["code"]), (3, "registry.behind"))
        self.assertEqual(len(self.done(self.tokyo, "dispatch", "list")["dispatches"]), 1)

    def refused_to_others(self):
        status, value = ask(self.tokyo, "log", "recover", person="tanaka")
        self.assertEqual((status, value["outcome"]), (1, "refuse"), value)
        self.assertEqual([one["clause"] for one in value["clauses"] if one["finding"] == "refuse"], ["control-officer"])

    def goes_on(self):
        self.mirrored(self.send(self.tokyo, self.enter(self.tokyo, f"after-{os.urandom(3).hex()}")))
        self.send(self.kyiv, self.enter(self.kyiv, f"back-{os.urandom(3).hex()}"))
        for place in self.both.places:
            self.until(place.cosigned)
            self.verified(place)


if __name__ == "__main__":
    run_tests()
