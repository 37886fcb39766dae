#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Paper between two running registries, at the command line: released in a list, sealed, announced by wire, handed
from courier to courier, taken, receipted, returned; its papers printed and proved.

usage: packages_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
from programs import AtRegistries, ask, call, run_tests


class Packages(AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        for place, clearer, officer, level in ((cls.tokyo, "sato", "ishikawa", "gokuhi"),
                                               (cls.kyiv, "shevchenko", "kovalenko", "tsilkom-taiemno")):
            cls.done(place, "person", "clear", f"{place.key(officer)}.pub", "--level", level, "--until", "+300d",
                     person=clearer)
        cls.items = [cls.done(cls.tokyo, "item", "enter", "--form", "paper", "--pages", "12", "--level", "gokuhi",
                              "--purpose", "exercise", "--title", f"Map {n}", person="tanaka")["number"]
                     for n in range(2)]

    def copy_of(self, place, item: str) -> str:
        return self.done(place, "item", "show", item)["copies"][0]["copy"]

    def show(self, place, dispatch: str) -> dict:
        return self.done(place, "dispatch", "show", dispatch)

    def announced(self, place, dispatch: str):
        self.until(lambda: self.show(place, dispatch)["announced"])

    def hand_over(self, place, officer: str, dispatch: str, *more):
        self.done(place, "dispatch", "hand-over", dispatch, "--carrier", "Courier One", "--certificate", "C-17", *more,
                  person=officer)

    def test_there_and_back(self):
        for person in ("yamada", "kobayashi"):
            both = self.done(self.tokyo, "release", "approve", *self.items, "--to", "UKR", person=person)
            self.assertEqual([one["outcome"] for one in both["releases"]], ["permit", "permit"])
        item, copy = self.items[0], self.copy_of(self.tokyo, self.items[0])
        self.refused("form", self.tokyo, "dispatch", "send", item, "--to", "UKR", person="ishikawa")
        status, fault = ask(self.tokyo, "dispatch", "send", item, "--to", "UKR", "--copy", copy, person="ishikawa")
        self.assertEqual((status, fault["error"]["code"]), (2, "cli.usage"))
        dispatch = self.done(self.tokyo, "dispatch", "send", item, "--to", "UKR", "--copy", copy, "--seal", "A-17",
                             "--seal", "A-18", person="ishikawa")["dispatch"]
        self.announced(self.tokyo, dispatch)
        self.assertEqual(self.done(self.tokyo, "copy", "show", copy)["place"], dispatch)
        self.assertIn("hand-over", [one["what"] for one in self.duties(self.tokyo)])
        self.assertIn("take-delivery", [one["what"] for one in self.duties(self.kyiv)])
        self.hand_over(self.tokyo, "ishikawa", dispatch, "--place", "Narita")
        self.hand_over(self.tokyo, "ishikawa", dispatch, "--place", "Warsaw")
        self.refused("custody-chain", self.tokyo, "dispatch", "hand-over", dispatch, "--carrier", "Courier Two",
                     "--certificate", "C-18", "--at", "2026-01-01T00:00:00Z", person="ishikawa")
        self.assertEqual([leg["seals"] for leg in self.show(self.tokyo, dispatch)["legs"]], ["intact", "intact"])
        self.done(self.kyiv, "dispatch", "take", dispatch, "--carrier", "Courier One", "--seals", "intact",
                  person="kovalenko")
        self.done(self.tokyo, "dispatch", "wait", dispatch, "--until", "custody_receipted", "--timeout", "60")
        got = self.show(self.kyiv, dispatch)["item"]
        self.assertEqual(self.done(self.kyiv, "item", "show", got)["form"], "paper")
        self.done(self.kyiv, "receipt", "contents", dispatch, "--finding", "in-order", person="kovalenko")
        self.done(self.tokyo, "dispatch", "wait", dispatch, "--until", "closed", "--timeout", "60")
        self.papers(dispatch)
        self.back(got, copy)
        self.proven()

    # The note names the seals; both sides print it.
    def papers(self, dispatch: str):
        for place in self.both.places:
            file = self.both.folder / f"note-{place.city}.pdf"
            self.done(place, "form", "transmittal", dispatch, "-o", file)
            evidence = self.both.folder / f"evidence-{place.city}.json"
            self.done(place, "evidence", "export", "-o", evidence, "--force")
            told = call("valise-verify", "form", file, "--evidence", evidence)
            self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
            self.assertIn(b"A-17,A-18", told.stdout)

    def back(self, got: str, copy: str):
        for person in ("melnyk", "lysenko"):
            self.done(self.kyiv, "release", "approve", got, "--to", "JPN", person=person)
        theirs = self.copy_of(self.kyiv, got)
        self.refused("return-form", self.kyiv, "dispatch", "send", got, "--to", "JPN", person="kovalenko")
        dispatch = self.done(self.kyiv, "dispatch", "send", got, "--to", "JPN", "--copy", theirs, "--seal", "B-1",
                             person="kovalenko")["dispatch"]
        self.announced(self.kyiv, dispatch)
        self.hand_over(self.kyiv, "kovalenko", dispatch)
        self.done(self.tokyo, "dispatch", "take", dispatch, "--carrier", "Courier Two", "--seals", "broken",
                  person="ishikawa")
        self.done(self.tokyo, "receipt", "contents", dispatch, "--finding", "in-order", person="ishikawa")
        self.done(self.kyiv, "dispatch", "wait", dispatch, "--until", "closed", "--timeout", "60")
        self.assertEqual(self.done(self.tokyo, "copy", "show", copy)["place"], "registry")
        self.assertEqual(self.done(self.kyiv, "copy", "show", theirs)["place"], dispatch)

    def proven(self):
        for place in self.both.places:
            evidence = self.both.folder / f"evidence-{place.city}.json"
            self.done(place, "evidence", "export", "-o", evidence, "--force")
            told = call("valise-verify", "evidence", evidence)
            self.assertEqual(told.returncode, 0, told.stdout + told.stderr)

    def test_a_third_party_by_consent(self):
        until = self.done(self.tokyo, "release", "consent", self.both.story.item, "--to", "POL", "--until", "+10d",
                          person="yamada")
        self.assertEqual(until["outcome"], "permit")
        self.refused("consent-third", self.tokyo, "release", "consent", self.both.story.item, "--to", "UKR", "--until",
                     "+10d", person="yamada")


if __name__ == "__main__":
    run_tests()
