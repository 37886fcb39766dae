#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every write, fsync, rename and link of a registry's programs fails once, as on a disk that is full or breaks,
while a document is entered, released, sent and receipted. A program may end over it and is started again, as a
service manager does; a command may fail and is given again, as a person does. Nothing that was acknowledged is
lost, nothing happens twice, and in the end the proofs hold. failing_calls.cpp, preloaded, puts the error in the
place of the call.

usage: faults_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]
VALISE_FAULTS=all: every call in turn until a whole document passes without reaching it, some hours; what was
tried is kept in .build/faults.json, so that an interrupted run goes on, and the run appends its line to
docs/longruns.md. Else a sample, of VALISE_FAULTS_SEED."""
import errno
import json
import mmap
import os
import pathlib
import random
import struct
import threading
import time
import unittest

from crash_test import Officers, RECEIVED, DELIVERED
from programs import BUILD, SOURCE, TwoRegistries, ask, call, run_tests

ALL = os.environ.get("VALISE_FAULTS") == "all"
SEED = int(os.environ.get("VALISE_FAULTS_SEED", "20261130"))
SAMPLE = 10
PATIENCE = 60  # seconds for one command with all that fails in it
STATE = SOURCE / ".build" / "faults.json"
# What fails, and how: number of the call, error, and whether half of it is done.
CALLS = {"write": (1, errno.ENOSPC, 0), "torn write": (1, errno.EIO, 1), "fsync": (2, errno.EIO, 0),
         "rename": (3, errno.EIO, 0), "link": (4, errno.EIO, 0)}
TARGETS = [(city, name) for city in ("tokyo", "kyiv") for name in ("valised", "valise-keys")]
MOST = 400  # of one call; a document does not take as many


class Disk:
    """What one program finds on its disk: all is well, or its call number n of a kind fails."""

    def __init__(self, folder: pathlib.Path, library: pathlib.Path):
        self.path = folder
        self.path.write_bytes(bytes(20))
        with open(self.path, "r+b") as file:
            self.shared = mmap.mmap(file.fileno(), 20)
        self.environment = {"LD_PRELOAD": str(library), "VALISE_TEST_FAILING": str(self.path)}

    def fails(self, calls: str, number: int):
        call, error, torn = CALLS[calls]
        struct.pack_into("=4xIIiI", self.shared, 0, error, torn, number, 0)
        struct.pack_into("=I", self.shared, 0, call)

    def mended(self) -> bool:
        """Whether it came to the call."""
        struct.pack_into("=I", self.shared, 0, 0)
        return struct.unpack_from("=16xI", self.shared, 0)[0] == 1


class Keeper(threading.Thread):
    """Starts again what has ended."""

    def __init__(self, places: list):
        super().__init__(daemon=True)
        self.places, self.enough, self.ended, self.fault = places, threading.Event(), 0, None
        self.lock = threading.Lock()

    def run(self):
        while not self.enough.wait(0.05):
            with self.lock:
                try:
                    for place in self.places:
                        for name in ("valise-keys", "valised"):
                            self.look(place, name)
                except Exception as fault:  # it ends once more while it starts: looked at anew
                    self.fault = fault

    def look(self, place, name: str):
        program = place._running.get(name)
        if program is None or program.poll() is not None:
            self.ended += program is not None
            place._running.pop(name, None)
            place.start(name)
            self.fault = None


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.both = TwoRegistries()
        cls.addClassCleanup(cls.both.end)
        tokyo, kyiv = cls.both.places
        cls.sides = {"tokyo": Officers(tokyo, "UKR", "tanaka", ("yamada", "kobayashi"), "ishikawa", "gokuhi"),
                     "kyiv": Officers(kyiv, "JPN", "bondarenko", ("melnyk", "lysenko"), "kovalenko",
                                      "tsilkom-taiemno")}
        library = BUILD / "tests/processes/libfailing_calls.so"
        cls.disks = {}
        for place in cls.both.places:
            for name in ("valised", "valise-keys"):
                disk = Disk(cls.both.folder / f"{place.city}-{name}.disk", library)
                cls.disks[place.city, name] = disk
                place.preloaded[name] = disk.environment
            place.stop()
            place.start_all()
        cls.sent, cls.count, cls.tried, cls.reached = {}, 0, 0, 0
        cls.keeper = Keeper(cls.both.places)

    def again(self, side: Officers, *words, person: str, happened=lambda: None) -> dict:
        """Until it is done. What a lost answer recorded shows in what is there, or in a refusal to do it twice."""
        end = time.monotonic() + PATIENCE
        first = True
        while True:
            status, value = ask(side.place, *words, person=person)
            if status == 0 or (not first and status == 1 and value.get("outcome") == "refuse"):
                return value
            self.assertLess(time.monotonic(), end, f"{words} still fails: {value}; {self.keeper.fault}")
            first = False
            time.sleep(0.1)
            if (already := happened()) is not None:
                return already

    def document(self, side: Officers):
        """One that goes from this side to the other."""
        self.count += 1
        type(self).count = self.count
        path = self.both.folder / "document"
        path.write_bytes(os.urandom(70_000))
        title = f"document {self.count}"
        place = side.place

        def entered():
            status, value = ask(place, "item", "list")
            found = [item for item in value.get("items", []) if item.get("title") == title]
            return found[0] if status == 0 and found else None

        def dispatched():
            status, value = ask(place, "dispatch", "list")
            found = [one for one in value.get("dispatches", []) if one["item"] == item]
            return found[0] if status == 0 and found else None

        number = self.again(side, "item", "enter", path, "--level", side.level, "--purpose", "exercise", "--title",
                            title, person=side.originator, happened=entered)["number"]
        item = self.again(side, "item", "show", number, person="")["item"]
        for person in side.releasing:
            self.again(side, "release", "approve", number, "--to", side.peer, person=person)
        sent = self.again(side, "dispatch", "send", number, "--to", side.peer, person=side.officer,
                          happened=dispatched)["dispatch"]
        self.sent[sent] = side
        self.again(side, "dispatch", "wait", sent, "--until", "custody_receipted", "--timeout", "40", person="")

    def once(self, city: str, name: str, calls: str, number: int) -> bool:
        """Whether the call was reached."""
        disk = self.disks[city, name]
        disk.fails(calls, number)
        try:
            self.document(self.sides["tokyo"])
        except BaseException:
            self.show(city, name, calls, number)
            raise
        finally:
            reached = disk.mended()
        type(self).tried += 1
        type(self).reached += reached
        print(f"{city} {name} {calls} {number}: {'failed' if reached else 'not reached'}", flush=True)
        return reached

    def show(self, *point):
        print("broken by", *point)
        for place in self.both.places:
            for path in sorted(place.folder.glob("*.log")):
                print(f"{path}:\n{path.read_text(encoding='utf-8', errors='replace')[-2000:]}")

    def every_point(self):
        done = json.loads(STATE.read_text(encoding="utf-8")) if STATE.exists() else {}
        for city, name in TARGETS:
            for calls in CALLS:
                key = f"{city} {name} {calls}"
                number = done.get(key, 0) + 1
                while 0 < number <= MOST and self.once(city, name, calls, number):
                    done[key] = number
                    number += 1
                    STATE.write_text(json.dumps(done), encoding="utf-8")
        return done

    def a_sample(self):
        chance = random.Random(SEED)
        for _ in range(SAMPLE):
            city, name = chance.choice(TARGETS)
            self.once(city, name, chance.choice(list(CALLS)), chance.randint(1, 12))

    def test_nothing_is_lost_or_done_twice(self):
        self.keeper.start()
        try:
            if ALL:
                self.every_point()
            else:
                self.a_sample()
        finally:
            self.keeper.enough.set()
            self.keeper.join()
        print(f"{self.tried} documents, {self.reached} with a fault, {self.keeper.ended} programs ended over one")
        self.assertGreater(self.reached, 0)
        for place in self.both.places:
            place.stop()
            place.start_all()
        self.arrived_once()
        self.proven()

    def arrived_once(self):
        lists = {city: ask(side.place, "dispatch", "list")[1]["dispatches"] for city, side in self.sides.items()}
        out = [entry["dispatch"] for entry in lists["tokyo"] if entry["direction"] == "out"]
        in_ = [entry["dispatch"] for entry in lists["kyiv"] if entry["direction"] == "in"]
        self.assertEqual(sorted(out), sorted(set(in_)))
        self.assertEqual(len(in_), len(set(in_)))
        self.assertLessEqual(set(self.sent), set(out))
        for city, wanted in (("tokyo", DELIVERED), ("kyiv", RECEIVED)):
            for entry in lists[city]:
                self.assertIn(entry["state"], wanted, entry)
        for side in self.sides.values():
            numbers = [item["number"] for item in ask(side.place, "item", "list")[1]["items"]]
            self.assertEqual(len(numbers), len(set(numbers)))

    def proven(self):
        tokyo, kyiv = self.both.places
        for place, other in ((tokyo, kyiv), (kyiv, tokyo)):
            self.both.story.wait_for_cosignatures(place)
            self.both.story.logs(place, other)
            evidence = self.both.folder / f"evidence-{place.party}.json"
            self.assertEqual(ask(place, "evidence", "export", "-o", evidence)[0], 0)
            done = call("valise-verify", "evidence", evidence)
            self.assertEqual(done.returncode, 0, done.stdout)


def long_run():
    if not ALL:
        return None
    return ("VALISE_FAULTS=all tests/processes/faults_test.py",
            f"{Faults.reached} calls failed, one at a time; {Faults.keeper.ended} programs ended over one",
            "nothing lost or doubled, proofs hold")


if __name__ == "__main__":
    run_tests(long_run)
