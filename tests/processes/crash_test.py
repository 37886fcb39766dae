#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The programs of both registries are killed at random moments while dispatches go both ways; every time they
are started again. Nothing is lost, nothing happens twice, and the proofs hold.

usage: crash_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]; VALISE_CRASH_SEED, VALISE_CRASH_KILLS for other runs, of
which one of 100 kills or more appends its line to docs/longruns.md"""
import hashlib
import os
import pathlib
import random
import re
import threading
import time
import unittest

from programs import TwoRegistries, ask, call, run_tests

SEED = int(os.environ.get("VALISE_CRASH_SEED", "20261124"))
KILLS = int(os.environ.get("VALISE_CRASH_KILLS", "15"))
PATIENCE = 90  # seconds for one command, kills included
REFUSED, UNREACHABLE, PARTLY = 1, 4, 5
DELIVERED = {"custody_receipted", "contents_receipted", "closed"}
RECEIVED = {"custody_receipt_sent", "marked", "opened", "contents_receipt_sent"}


class Officers:
    """Who acts at a registry, and at which level its documents are."""

    def __init__(self, place, peer: str, originator: str, releasing: tuple, officer: str, level: str):
        self.place, self.peer, self.originator, self.releasing = place, peer, originator, releasing
        self.officer, self.level = officer, level


class Driver(threading.Thread):
    """Enters, releases and sends small documents, one way and the other, until it is told to stop. What comes
    back as unreachable is asked again, as a person would; whether it happened is looked up first."""

    def __init__(self, sides: list, folder: pathlib.Path, chance: random.Random):
        super().__init__()
        self.sides, self.folder, self.chance = sides, folder, chance
        self.enough, self.fault, self.sent, self.retries = threading.Event(), None, {}, 0
        self.receipted = []  # what is to be closed in the end

    def run(self):
        try:
            count = 0
            while not self.enough.is_set() or count < 3:
                self.one(self.sides[count % len(self.sides)], count)
                count += 1
        except BaseException as fault:  # shown by the test, which runs in another thread
            self.fault = fault

    def persist(self, side: Officers, *words, person: str, happened=None) -> dict:
        end = time.monotonic() + PATIENCE
        while True:
            status, value = ask(side.place, *words, person=person)
            if status not in (UNREACHABLE, PARTLY):
                break
            self.retries += 1
            if time.monotonic() > end:
                raise AssertionError(f"{words} still fails after {PATIENCE} s: {value}")
            time.sleep(0.05)
            already = happened() if happened else None
            if already is not None:
                return already
        # It was recorded before the answer was lost: an approval, a receipt.
        if status == REFUSED and self.retries and "release-distinct-persons" in refusing(value):
            return value
        if self.retries and value.get("error", {}).get("code") == "logbook.no_transition":
            while happened:  # the look at the book was cut off as well
                if (already := happened()) is not None:
                    return already
                if time.monotonic() > end:
                    raise AssertionError(f"{words} was recorded and is not found after {PATIENCE} s")
                time.sleep(0.05)
            return value
        if status != 0:
            raise AssertionError(f"{words} ended with {status}: {value}")
        return value

    def one(self, side: Officers, count: int):
        size = self.chance.choice((1, 70_000, 3_000_000, 12_000_000))
        document = self.folder / f"document-{count}"
        document.write_bytes(os.urandom(size))
        number = self.persist(side, "item", "enter", document, "--level", side.level, "--purpose", "exercise",
                              "--title", f"document {count}", person=side.originator)["number"]
        for person in side.releasing:
            self.persist(side, "release", "approve", number, "--to", side.peer, person=person)
        item = self.persist(side, "item", "show", number, person="")["item"]
        sent = self.persist(side, "dispatch", "send", number, "--to", side.peer, person=side.officer,
                            happened=lambda: self.dispatch_of(side, item))["dispatch"]
        self.sent[sent] = (side, hashlib.sha256(document.read_bytes()).hexdigest())
        if count % 4 == 0:  # the others overlap with what follows
            self.persist(side, "dispatch", "wait", sent, "--until", "custody_receipted", "--timeout", "60", person="")
            self.read(self.sides[1], sent, document)
        document.unlink()

    def read(self, side: Officers, sent: str, document: pathlib.Path):
        """Opened and receipted in Kyiv; an opening of which the book does not know yet is made again."""
        item = self.persist(side, "dispatch", "wait", sent, "--until", "marked", person="")["item"]
        self.persist(side, "person", "grant", f"{side.place.key('bondarenko')}.pub", "--item", item, "--purpose",
                     "exercise", "--until", "+30d", person=side.officer)
        read = self.folder / "read"
        self.persist(side, "item", "open", item, "--purpose", "exercise", "-o", read, "--force", person="bondarenko")
        if read.read_bytes() != document.read_bytes():
            raise AssertionError(f"{sent} brought another document")
        self.persist(side, "receipt", "contents", sent, "--finding", "in-order", person="bondarenko")
        self.receipted.append(sent)

    def dispatch_of(self, side: Officers, item: str) -> dict | None:
        status, value = ask(side.place, "dispatch", "list")
        found = [entry for entry in value.get("dispatches", []) if entry["item"] == item]
        return found[0] if status == 0 and found else None


def refusing(value: dict) -> list:
    return [clause["clause"] for clause in value.get("clauses", []) if clause["finding"] == "refuse"]


class Crashes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.both = TwoRegistries()
        cls.addClassCleanup(cls.both.end)
        tokyo, kyiv = cls.both.places
        cls.sides = [Officers(tokyo, "UKR", "tanaka", ("yamada", "kobayashi"), "ishikawa", "gokuhi"),
                     Officers(kyiv, "JPN", "bondarenko", ("melnyk", "lysenko"), "kovalenko", "tsilkom-taiemno")]
        chance = random.Random(SEED)
        cls.driver = Driver(cls.sides, cls.both.folder, random.Random(chance.random()))
        cls.driver.start()
        try:
            cls.kill_at_random(chance)
        finally:
            cls.driver.enough.set()
            cls.driver.join()
        print(f"seed {SEED}: {KILLS} kills, {len(cls.driver.sent)} dispatches, {cls.driver.retries} retries")
        try:
            if cls.driver.fault:
                raise cls.driver.fault
            cls.settle()
        except BaseException:
            cls.show_state()
            raise

    @classmethod
    def show_state(cls):
        for place in cls.both.places:
            for path in place.folder.glob("*.log"):
                print(f"{path}:\n{path.read_text(encoding='utf-8', errors='replace')}")
            for question in ("dispatch list", "doctor"):
                done = call("valise", *question.split(), environment=place.environment)
                print(f"{place.city}$ valise {question}\n{(done.stdout + done.stderr).decode('utf-8', 'replace')}")

    @classmethod
    def kill_at_random(cls, chance: random.Random):
        """In the thread that started the programs: they end with it."""
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 1.2))
            place = chance.choice(cls.both.places)
            name = chance.choice(("valised", "valised", "valise-keys"))
            if not cls.driver.is_alive():
                return
            print(f"{place.city}: SIGKILL of {name}", flush=True)
            place.kill(name)
            time.sleep(chance.choice((0, 0.1, 0.4)))
            place.start(name)

    @classmethod
    def settle(cls):
        for sent, (side, _) in cls.driver.sent.items():
            wanted = "closed" if sent in cls.driver.receipted else "custody_receipted"
            status, value = ask(side.place, "dispatch", "wait", sent, "--until", wanted, "--timeout", "60")
            if status != 0:
                raise AssertionError(f"{sent} from {side.place.city} ended as {value}")

    def test_every_dispatch_arrived_once(self):
        lists = {side.peer: ask(side.place, "dispatch", "list")[1]["dispatches"] for side in self.sides}
        for side in self.sides:
            own = {"UKR": "JPN", "JPN": "UKR"}[side.peer]
            out = [entry["dispatch"] for entry in lists[side.peer] if entry["direction"] == "out"]
            in_ = [entry["dispatch"] for entry in lists[own] if entry["direction"] == "in"]
            self.assertEqual(len(out), len(set(out)))
            self.assertEqual(sorted(out), sorted(in_))
            self.assertEqual(set(out), {sent for sent, (sender, _) in self.driver.sent.items() if sender is side})
            for entry in lists[side.peer]:
                self.assertIn(entry["state"], DELIVERED if entry["direction"] == "out" else RECEIVED, entry)

    def test_register_numbers_are_unique_and_without_gaps(self):
        for side in self.sides:
            numbers = [item["number"] for item in ask(side.place, "item", "list")[1]["items"]]
            self.assertGreater(len(numbers), 1)
            counted = sorted(int(re.search(r"(\d+)$", number)[1]) for number in numbers)
            self.assertEqual(counted, list(range(1, len(numbers) + 1)), numbers)

    def test_what_arrived_is_what_was_sent(self):
        """One document each way is read, receipted and closed; the item's hash stands for the others."""
        for side, reader, marker in ((self.sides[0], "bondarenko", ""), (self.sides[1], "nakamura", "gokuhi")):
            other = self.sides[1] if side is self.sides[0] else self.sides[0]
            sent, digest = next((sent, digest) for sent, (sender, digest) in self.driver.sent.items()
                                if sender is side and sent not in self.driver.receipted)
            item = ask(other.place, "dispatch", "show", sent)[1]["item"]
            if marker:
                self.assertEqual(ask(other.place, "item", "mark", item, "--level", marker, person=other.officer)[0], 0)
            status, value = ask(other.place, "person", "grant", f"{other.place.key(reader)}.pub", "--item", item,
                                "--purpose", "exercise", "--until", "+30d", person=other.officer)
            self.assertEqual(status, 0, value)
            read = self.both.folder / f"read-{other.place.city}"
            status, value = ask(other.place, "item", "open", item, "--purpose", "exercise", "-o", read, person=reader)
            self.assertEqual(status, 0, value)
            self.assertEqual(hashlib.sha256(read.read_bytes()).hexdigest(), digest)
            status, value = ask(other.place, "receipt", "contents", sent, "--finding", "in-order", person=reader)
            self.assertEqual(status, 0, value)
            status, value = ask(side.place, "dispatch", "wait", sent, "--until", "closed", "--timeout", "30")
            self.assertEqual((status, value["state"]), (0, "closed"), value)

    def test_both_registries_are_in_order(self):
        for side in self.sides:
            end = time.monotonic() + 20
            while (found := ask(side.place, "doctor"))[0] != 0 and time.monotonic() < end:
                time.sleep(0.2)
            self.assertEqual(found[0], 0, found[1])

    def test_no_unfinished_file_is_left(self):
        for side in self.sides:
            side.place.stop()
            side.place.start_all()
            blobs = [path.name for path in (side.place.folder / "state" / "blobs").iterdir()]
            self.assertEqual([name for name in blobs if "." in name], [])
            items = ask(side.place, "item", "list")[1]["items"]
            dispatches = ask(side.place, "dispatch", "list")[1]["dispatches"]
            print(f"{side.place.city}: {len(blobs)} files, {len(items)} items, {len(dispatches)} dispatches")

    def test_proofs_hold(self):
        tokyo, kyiv = self.both.places
        for place, other in ((tokyo, kyiv), (kyiv, tokyo)):
            self.both.story.wait_for_cosignatures(place)
            self.both.story.logs(place, other)
            evidence = self.both.folder / f"evidence-{place.party}.json"
            self.assertEqual(ask(place, "evidence", "export", "-o", evidence)[0], 0)
            done = call("valise-verify", "evidence", evidence, "--fingerprint",
                        self.both.page.artifacts["fingerprint"])
            self.assertEqual(done.returncode, 0, done.stdout)


def long_run():
    if KILLS < 100:
        return None
    return (f"VALISE_CRASH_SEED={SEED} VALISE_CRASH_KILLS={KILLS} tests/processes/crash_test.py",
            f"{KILLS} kills, {len(Crashes.driver.sent)} dispatches", "each arrived once, proofs hold")


if __name__ == "__main__":
    run_tests(long_run)
