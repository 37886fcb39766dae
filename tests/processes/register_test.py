#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The life of the register by the command line: items of every form, corrections, people, deputies, assurances.

usage: register_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
from programs import SOURCE, AtRegistries, ask, run_tests

PURPOSE = ("--purpose", "exercise", "--level", "gokuhi", "--title", "x")


class Register(AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()

    # Most of it happens in Tokyo.
    @classmethod
    def done(cls, *words, person="", place=None) -> dict:
        return super().done(place or cls.tokyo, *words, person=person)

    def refused(self, clause: str, *words, person="", place=None):
        super().refused(clause, place or self.tokyo, *words, person=person)

    def test_every_form_is_entered_and_stays_off_the_wire(self):
        disclosed = ("--disclosed-by", "Sato", "--disclosed-to", "Koval", "--disclosed-at", "2026-01-05T09:00:00Z")
        for form, described in (("paper", ("--pages", "12", "--sheets", "6")), ("equipment", ("--serial", "S-17")),
                                ("oral", disclosed), ("visual", disclosed)):
            with self.subTest(form):
                number = self.done("item", "enter", "--form", form, *described, *PURPOSE, person="tanaka")["number"]
                shown = self.done("item", "show", number)
                self.assertEqual((shown["form"], shown["entry"]["state"]), (form, "entered"))
                for person in ("yamada", "kobayashi"):
                    self.done("release", "approve", number, "--to", "UKR", person=person)
                self.refused("form", "dispatch", "send", number, "--to", "UKR", person="ishikawa")
        for words in (("--form", "paper"), ("--form", "paper", "--serial", "S"), ("--form", "oral", "--pages", "3")):
            status, value = ask(self.tokyo, "item", "enter", *words, *PURPOSE, person="tanaka")
            self.assertEqual((status, value["error"]["code"]), (2, "logbook.act_member"), value)
        for words in ((), (SOURCE / "examples" / "weather-exercise.pdf", "--form", "paper", "--pages", "1")):
            status, value = ask(self.tokyo, "item", "enter", *words, *PURPOSE, person="tanaka")
            self.assertEqual((status, value["error"]["code"]), (2, "cli.form"), value)

    def test_an_entry_is_corrected_and_cancelled_and_stays(self):
        number = self.done("item", "enter", "--form", "paper", "--pages", "12", *PURPOSE, person="tanaka")["number"]
        self.done("item", "correct", number, "--pages", "14", "--reason", "miscounted", person="tanaka")
        self.refused("form", "item", "correct", number, "--serial", "S", "--reason", "x", person="tanaka")
        self.refused("correcting-role", "item", "cancel", number, "--reason", "x", person="nakamura")
        self.done("item", "cancel", number, "--reason", "entered twice", person="ishikawa")
        shown = self.done("item", "show", number)
        self.assertEqual((shown["pages"], shown["entry"]["state"]), (12, "cancelled"))
        self.assertEqual([(note["what"], note["members"], note["pages"]) for note in shown["notes"]],
                         [("correct", "pages", 14), ("cancel", "", None)])
        self.refused("not-cancelled", "release", "approve", number, "--to", "UKR", person="yamada")

    def test_briefing_and_transfer(self):
        item, reader = self.both.story.item, f"{self.tokyo.key('nakamura')}.pub"
        read = ("item", "open", item, "--purpose", "exercise", "-o", self.both.folder / "read.pdf", "--force")
        self.done("person", "grant", reader, "--item", item, "--purpose", "exercise", "--until", "+9d",
                  person="ishikawa")
        self.done(*read, person="nakamura")
        self.done("person", "transfer", reader, "--to", "Ministry", person="sato")
        self.refused("revalidated", *read, person="nakamura")
        self.done("person", "clear", reader, "--level", "gokuhi", "--until", "+9d", person="sato")
        self.done(*read, person="nakamura")
        self.done("person", "debrief", reader, person="ishikawa")
        self.refused("briefed", *read, person="nakamura")

    def test_a_deputy_acts_for_the_officer_who_is_away(self):
        officer = f"{self.tokyo.key('ishikawa')}.pub"
        facility = self.done("facility", "list")["facilities"][0]
        as_deputy = ("--for", facility["officer"])
        grant = ("person", "grant", f"{self.tokyo.key('kato')}.pub", "--item", self.both.story.item, "--purpose",
                 "exercise", "--until", "+9d")
        self.refused("actor", *grant, *as_deputy, person="okada")
        self.done("person", "absence", officer, "--from", "+0d", "--until", "+14d", person="ishikawa")
        facility = self.done("facility", "list")["facilities"][0]
        self.assertEqual((facility["officer_in_office"], facility["deputy_acts"]), (False, True))
        self.refused("control-officer", *grant, person="ishikawa")
        self.done(*grant, *as_deputy, person="okada")
        self.done("person", "absence", officer, "--from", "2026-01-01", "--until", "2026-01-02", person="ishikawa")
        self.done(*grant, person="ishikawa")

    def test_a_release_is_asked_for_and_refused(self):
        number = self.done("item", "enter", SOURCE / "examples" / "weather-exercise.pdf", *PURPOSE,
                           person="tanaka")["number"]
        self.done("release", "ask", number, "--to", "UKR", person="tanaka")
        self.done("release", "approve", number, "--to", "UKR", person="yamada")
        self.done("release", "refuse", number, "--to", "UKR", "--reason", "not needed", person="kobayashi")
        self.assertEqual(self.done("item", "show", number)["releases"][0]["state"], "refused")
        self.refused("asked-again", "release", "approve", number, "--to", "UKR", person="yamada")
        self.done("release", "ask", number, "--to", "UKR", person="tanaka")
        for person in ("yamada", "kobayashi"):
            self.done("release", "approve", number, "--to", "UKR", person=person)

    def test_an_assurance_is_given_there_and_recorded_here(self):
        file = self.both.folder / "assurance"
        self.done("assurance", "give", "--level", "tsilkom-taiemno", "--until", "+99d", "-o", file, person="kovalenko",
                  place=self.kyiv)
        self.done("assurance", "record", file, person="ishikawa")
        self.assertEqual([(one["peer"], one["level"]) for one in self.done("status")["assurances"]],
                         [("UKR", "tsilkom-taiemno")])
        self.refused("assurance-matches", "assurance", "record", file, person="kovalenko", place=self.kyiv)


if __name__ == "__main__":
    run_tests()
