#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two registries of which only one runs at a time: all that passes between them are files that a courier carries.

usage: courier_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import pathlib
import shutil

from programs import SOURCE, AtRegistries, ask, call, run_tests

DOCUMENT = SOURCE / "examples" / "observation-report.pdf"
# Words of both schemes, and what a document would show.
WORDS = ("gokuhi", "極秘", "kimitsu", "機密", "tsilkom", "Цілком", "таємно", "SECRET", "Secret", "Report", "%PDF")


class Courier(AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.kyiv.stop()

    def bag(self, name: str) -> pathlib.Path:
        folder = self.both.folder / name
        folder.mkdir()
        return folder

    def turn(self, away, here):
        away.stop()
        here.start_all()

    def state(self, place, dispatch: str) -> str:
        return self.done(place, "dispatch", "show", dispatch)["state"]

    def test_one_trip_each_way(self):
        number = self.done(self.tokyo, "item", "enter", DOCUMENT, "--level", "gokuhi", "--purpose", "exercise", "--title",
                           "Report 7", "--mime-type", "application/pdf", person="tanaka")["number"]
        for person in ("yamada", "kobayashi"):
            self.done(self.tokyo, "release", "approve", number, "--to", "UKR", person=person)
        dispatch = self.done(self.tokyo, "dispatch", "send", number, "--to", "UKR", person="ishikawa")["dispatch"]
        there = self.bag("there")
        notes = self.bag("notes")
        packed = self.done(self.tokyo, "courier", "pack", there, "--volume-mib", "32", "--papers", notes)
        self.assertEqual([path.name for path in notes.iterdir()], [f"{dispatch}-note.pdf"])
        self.assertEqual(packed["papers"], [str(notes / f"{dispatch}-note.pdf")])
        self.assertEqual(call("valise", "courier", "pack", there, "--papers", there,
                              environment=self.tokyo.acting("")).returncode, 2)
        self.assertEqual(self.state(self.tokyo, dispatch), "permitted")
        volumes = sorted(there.iterdir())
        self.assertEqual([str(one) for one in volumes], packed["files"])
        self.nothing_outside(volumes)

        self.turn(self.tokyo, self.kyiv)
        torn = self.bag("torn")
        (torn / volumes[0].name).write_bytes(volumes[0].read_bytes()[:-1000])
        status, value = ask(self.kyiv, "courier", "unpack", torn)
        self.assertEqual((status, value["volumes"][0]["error"]), (5, "exchange.bag"))
        for _ in range(2):  # and once more, with no harm
            taken = self.done(self.kyiv, "courier", "unpack", there)
        self.assertEqual(taken["volumes"][0]["refused"], {})
        self.assertEqual(self.state(self.kyiv, dispatch), "marked")
        item = self.done(self.kyiv, "dispatch", "show", dispatch)["item"]
        self.done(self.kyiv, "person", "grant", f"{self.kyiv.key('bondarenko')}.pub", "--item", item, "--purpose",
                  "exercise", "--until", "+30d", person="kovalenko")
        read = self.both.folder / "read.pdf"
        self.done(self.kyiv, "item", "open", item, "--purpose", "exercise", "-o", read, person="bondarenko")
        self.assertEqual(read.read_bytes(), DOCUMENT.read_bytes())
        self.done(self.kyiv, "receipt", "contents", dispatch, "--finding", "in-order", person="bondarenko")
        back = self.bag("back")
        receipts = self.bag("receipts")
        self.done(self.kyiv, "courier", "ack", back, "--papers", receipts)
        self.assertEqual([path.name for path in receipts.iterdir()], [f"{dispatch}-receipt.pdf"])

        self.turn(self.kyiv, self.tokyo)
        status, value = ask(self.tokyo, "courier", "unpack", there)
        self.assertEqual((status, value["volumes"][0]["error"]), (5, "registry.bag_address"))
        self.done(self.tokyo, "courier", "unpack", back)
        self.assertEqual(self.state(self.tokyo, dispatch), "closed")
        evidence = self.both.folder / "evidence.json"
        self.done(self.tokyo, "evidence", "export", "-o", evidence)
        told = call("valise-verify", "evidence", evidence)
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        for paper in (notes / f"{dispatch}-note.pdf", receipts / f"{dispatch}-receipt.pdf"):
            led = call("valise-verify", "form", paper, "--evidence", evidence)
            self.assertEqual(led.returncode, 0, led.stdout + led.stderr)
        self.assertEqual(self.done(self.tokyo, "dispatch", "show", dispatch)["custody_evidence"][0], "E")

    # What a finder of the medium sees: names of files, and bytes.
    def nothing_outside(self, volumes):
        for volume in volumes:
            seen = volume.name.encode() + volume.read_bytes()
            for word in WORDS:
                for coding in ("utf-8", "utf-16-le", "utf-16-be"):
                    self.assertNotIn(word.encode(coding), seen, word)

    def test_a_folder_without_a_bag(self):
        empty = self.bag("empty")
        place = self.tokyo if self.tokyo._running else self.kyiv
        status, value = ask(place, "courier", "unpack", empty)
        self.assertEqual((status, value["error"]["code"]), (2, "cli.no_volume"))
        shutil.copy(DOCUMENT, empty / "report.vbag")
        status, value = ask(place, "courier", "unpack", empty)
        self.assertEqual((status, value["volumes"][0]["error"]), (5, "exchange.bag"))
        status, value = ask(place, "courier", "pack", empty, "--volume-mib", "1")
        self.assertEqual((status, value["error"]["code"]), (2, "registry.volume_size"))


if __name__ == "__main__":
    run_tests()
