#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three months of two registries at the command line: 100 items, 30 dispatches, a change of class, a loss, a muster
with a copy that is missing and found, a destruction, the end of the agreement. At the end every duty is met or
listed, and the evidence of every step verifies. Both registries and everybody at them live by one clock that the
test turns (libfaketime).

usage: story_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import csv
import datetime
import glob
import os
import pathlib
import unittest

from programs import SOURCE, AtRegistries, ask, call, run_tests, short_folder

ITEMS = 100
ELECTRONIC = {"tokyo": 44, "kyiv": 10}
SENT = {"tokyo": 20, "kyiv": 10}
DOCUMENT = SOURCE / "examples" / "observation-report.pdf"


class Clock:
    """What libfaketime adds to the time of every program that is started after set_up()."""

    def __init__(self):
        libraries = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        self.library = libraries[0] if libraries else ""
        self.file = short_folder() / "clock"
        self.day = 0
        self.turn(0)

    def set_up(self):
        os.environ.update({"LD_PRELOAD": self.library, "FAKETIME_TIMESTAMP_FILE": str(self.file),
                           "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"})

    def turn(self, days: int):
        self.day += days
        new = self.file.with_suffix(".new")
        new.write_text(f"+{self.day * 86400}\n", encoding="ascii")
        new.replace(self.file)


CLOCK = Clock()


@unittest.skipUnless(CLOCK.library, "libfaketime is not installed")
class ThreeMonths(AtRegistries):
    @classmethod
    def setUpClass(cls):
        CLOCK.set_up()
        cls.set_up()
        cls.papers = []
        cls.clear_more(cls.tokyo, "sato", "gokuhi", "ishikawa", "nakamura")
        cls.clear_more(cls.kyiv, "shevchenko", "tsilkom-taiemno", "kovalenko", "tkachenko")

    # --- helpers ---
    @classmethod
    def clear_more(cls, place, officer: str, level: str, *people: str):
        for person in people:
            cls.done(place, "person", "clear", f"{place.key(person)}.pub", "--level", level, "--until", "+365d",
                     person=officer)

    def duty(self, place, what: str) -> list:
        return [one for one in self.duties(place) if one["what"] == what]

    def print_form(self, place, kind: str, subject: str):
        file = self.both.folder / f"form-{place.city}-{kind}.pdf"
        self.done(place, "form", kind, subject, "-o", file)
        self.papers.append((place, file))

    # --- the story ---
    def test_three_months(self):
        self.the_end_is_notified()
        self.a_hundred_items()
        self.thirty_dispatches()
        self.an_arrangement()
        self.late_receipts()
        self.the_class_changes()
        self.a_copy_is_lost()
        self.a_muster()
        self.a_destruction()
        self.after_the_end()
        self.every_duty_is_met_or_listed()
        self.every_book_prints()
        self.every_step_verifies()
        self.every_paper_is_proved()

    # Day 0. Ninety days' notice, as the terms want it.
    def the_end_is_notified(self):
        self.refused("termination-notice", self.kyiv, "agreement", "terminate", "--ends", "+89d", "--reference",
                     "note verbale 1", person="shevchenko")
        self.done(self.kyiv, "agreement", "terminate", "--ends", "+91d", "--reference", "note verbale 2",
                  person="shevchenko")
        self.until(lambda: self.done(self.tokyo, "status")["ends"])

    def a_hundred_items(self):
        mine = self.both.story.item  # the exchange has entered one in Tokyo
        self.items = {"tokyo": [mine], "kyiv": []}
        for place, person, level, count in ((self.tokyo, "tanaka", "gokuhi", ELECTRONIC["tokyo"] - 1),
                                            (self.kyiv, "bondarenko", "tsilkom-taiemno", ELECTRONIC["kyiv"])):
            for number in range(count):
                self.items[place.city].append(self.done(
                    place, "item", "enter", DOCUMENT, "--level", level, "--purpose", "exercise", "--title",
                    f"Report {number}", "--mime-type", "application/pdf", person=person)["number"])
        for place, person, level, count in ((self.tokyo, "tanaka", "hi", 30), (self.kyiv, "bondarenko", "taiemno", 16)):
            table = self.both.folder / f"{place.city}.csv"
            with open(table, "w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(["number", "form", "level", "purpose", "title", "pages"])
                rows.writerows([f"{place.party}/{n}", "paper", level, "exercise", f"Paper {n}", 4] for n in range(count))
            self.done(place, "item", "import", table, person=person)
        held = [self.done(place, "status")["items"] for place in self.both.places]
        self.assertEqual(sum(held), ITEMS)

    def thirty_dispatches(self):
        self.dispatches = {"tokyo": [], "kyiv": []}
        for sender, releasers, officer, to in ((self.tokyo, ("yamada", "kobayashi"), "ishikawa", "UKR"),
                                               (self.kyiv, ("melnyk", "lysenko"), "kovalenko", "JPN")):
            for number in self.items[sender.city][:SENT[sender.city]]:
                for person in releasers:
                    self.done(sender, "release", "approve", number, "--to", to, person=person)
                self.dispatches[sender.city].append(
                    self.done(sender, "dispatch", "send", number, "--to", to, person=officer)["dispatch"])
        # All but the last of each arrive, are read and receipted.
        for sender, receiver, officer, reader, level in (
                (self.tokyo, self.kyiv, "kovalenko", "bondarenko", ""),
                (self.kyiv, self.tokyo, "ishikawa", "nakamura", "gokuhi")):
            for dispatch in self.dispatches[sender.city]:
                self.done(sender, "dispatch", "wait", dispatch, "--until", "custody_receipted", "--timeout", "60")
                item = self.done(receiver, "dispatch", "show", dispatch)["item"]
                if level:
                    self.done(receiver, "item", "mark", item, "--level", level, person=officer)
            for dispatch in self.dispatches[sender.city][:-1]:
                item = self.done(receiver, "dispatch", "show", dispatch)["item"]
                self.done(receiver, "person", "grant", f"{receiver.key(reader)}.pub", "--item", item, "--purpose",
                          "exercise", "--until", "+30d", person=officer)
                self.done(receiver, "item", "open", item, "--purpose", "exercise", "-o", self.both.folder / "read",
                          "--force", person=reader)
                self.done(receiver, "receipt", "contents", dispatch, "--finding", "in-order", person=reader)
        for sender in self.both.places:
            for dispatch in self.dispatches[sender.city][:-1]:
                self.done(sender, "dispatch", "wait", dispatch, "--until", "closed", "--timeout", "60")

    # Day 6: from then on a receipt is traced three days earlier.
    def an_arrangement(self):
        terms = (SOURCE / "agreements" / "jpn-ukr.toml").read_text(encoding="utf-8")
        terms = terms.replace("\nversion = 1\n", "\nversion = 2\n")
        texts = {}
        for name, days in (("tighter", 12), ("looser", 30)):
            texts[name] = self.both.folder / f"{name}.toml"
            texts[name].write_text(terms.replace("tracer_days = 15", f"tracer_days = {days}"), encoding="utf-8")
        kind = ("--kind", "arrangement", "--from", "+5d")
        self.refused("arrangement-tightens", self.tokyo, "agreement", "adopt", texts["looser"], *kind, person="sato")
        self.refused("clearance-officer", self.tokyo, "agreement", "adopt", texts["tighter"], *kind,
                     person="ishikawa")
        status, value = ask(self.tokyo, "agreement", "adopt", texts["tighter"], "--kind", "wish", "--from", "+5d",
                            person="sato")
        self.assertEqual(status, 2, value)
        begins = self.in_days(5)
        for place, person in ((self.tokyo, "sato"), (self.kyiv, "shevchenko")):
            self.done(place, "agreement", "adopt", texts["tighter"], "--kind", "arrangement", "--from", begins,
                      person=person)
        self.until(lambda: all(self.done(place, "status")["peer_adopted"] for place in self.both.places))
        CLOCK.turn(6)
        for place in self.both.places:
            self.until(lambda place=place: self.done(place, "status")["agreement"]["version"] == 2)
        # As after a reboot: the configuration still names the text that the book began with.
        self.kyiv.stop()
        self.kyiv.start_all()
        self.assertEqual(self.done(self.kyiv, "status")["agreement"]["version"], 2)

    @staticmethod
    def in_days(days: int) -> str:
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=CLOCK.day + days)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    # Day 22: past the tracer's day.
    def late_receipts(self):
        CLOCK.turn(16)
        late = self.dispatches["tokyo"][-1]
        self.assertEqual([one["subject"] for one in self.duty(self.tokyo, "trace")], [late])
        self.done(self.tokyo, "dispatch", "trace", late, person="ishikawa")
        told = self.until(lambda: self.notice(self.kyiv, "tracer", "received"))
        self.done(self.kyiv, "notice", "acknowledge", told["notice"], "--note", "the reader is away",
                  person="kovalenko")
        self.until(lambda: self.notice(self.tokyo, "tracer", "acknowledged"))

    # Day 30: with a copy made there, which is marked with it.
    def the_class_changes(self):
        CLOCK.turn(8)
        mine = self.items["tokyo"][0]
        self.theirs = self.done(self.kyiv, "dispatch", "show", self.dispatches["tokyo"][0])["item"]
        made = self.done(self.kyiv, "copy", "make", self.theirs, "--reason", "working group", "--pages", "3",
                         person="kovalenko")
        self.paper = made["copy"]
        self.done(self.tokyo, "item", "change-class", mine, "--level", "hi", "--reason", "published in part",
                  person="yamada")
        told = self.until(lambda: self.notice(self.kyiv, "class-change", "received"))
        self.assertTrue(self.duty(self.kyiv, "remark"))
        self.done(self.kyiv, "item", "mark", self.theirs, "--level", "taiemno", person="kovalenko")
        self.done(self.kyiv, "notice", "acknowledge", told["notice"], person="kovalenko")
        self.until(lambda: self.notice(self.tokyo, "class-change", "acknowledged"))
        self.assertFalse(self.duty(self.kyiv, "remark"))

    # Day 45.
    def a_copy_is_lost(self):
        CLOCK.turn(15)
        incident = self.done(self.kyiv, "incident", "report", self.theirs, "--what", "loss", "--copy", self.paper,
                             "--note", "not in its place", person="kovalenko")["incident"]
        self.until(lambda: self.notice(self.tokyo, "incident", "received"))
        self.done(self.kyiv, "incident", "investigate", incident, "--note", "left on a train", person="kovalenko")
        self.done(self.kyiv, "incident", "measures", incident, "--note", "no more trains", person="kovalenko")
        report = self.until(lambda: self.notice(self.tokyo, "incident-report", "received"))
        first = self.notice(self.tokyo, "incident", "received")
        for one in (first, report):
            self.done(self.tokyo, "notice", "acknowledge", one["notice"], person="ishikawa")
        self.until(lambda: self.notice(self.kyiv, "incident-report", "acknowledged"))
        self.done(self.kyiv, "incident", "close", incident, person="kovalenko")
        self.print_form(self.kyiv, "incident", incident)

    # Day 60: one copy is not there, is reported, and turns up.
    def a_muster(self):
        CLOCK.turn(15)
        muster = self.done(self.tokyo, "muster", "begin", "--level", "hi", person="ishikawa")["muster"]
        copies = [one["copy"] for one in self.done(self.tokyo, "muster", "show", muster)["copies"]]
        self.assertEqual(len(copies), 31)  # the papers, and the sealed file of which the class changed
        self.done(self.tokyo, "muster", "count", muster, *copies[:15], person="ishikawa")
        self.done(self.tokyo, "muster", "count", muster, *copies[15:30], person="nakamura")
        self.refused("muster-complete", self.tokyo, "muster", "close", muster, person="ishikawa")
        self.done(self.tokyo, "muster", "count", muster, copies[30], "--finding", "missing", person="nakamura")
        self.refused("losses-reported", self.tokyo, "muster", "close", muster, person="ishikawa")
        CLOCK.turn(1)
        self.assertTrue(self.duty(self.tokyo, "find-missing"))
        self.done(self.tokyo, "muster", "count", muster, copies[30], "--note", "behind the drawer", person="nakamura")
        self.done(self.tokyo, "muster", "close", muster, person="ishikawa")
        self.print_form(self.tokyo, "muster", muster)

    # Day 75: no longer needed, and burned by two.
    def a_destruction(self):
        CLOCK.turn(14)
        row = next(row for row in self.done(self.tokyo, "report", "holdings")["rows"] if row["form"] == "paper")
        copy, number = row["copy"], row["number"]
        self.done(self.tokyo, "item", "review", number, "--finding", "destroy", "--reason", "the exercise is over",
                  person="ishikawa")
        self.assertTrue(self.duty(self.tokyo, "destroy"))
        self.done(self.tokyo, "copy", "witness", copy, "--method", "burning", "--pages", "4", person="nakamura")
        self.done(self.tokyo, "copy", "destroy", copy, "--method", "burning", "--reference", "review of 2026", "--place",
                  "Tokyo", "--pages", "4", person="ishikawa")
        self.done(self.tokyo, "copy", "certify", copy, "--finding", "destroyed", person="nakamura")
        self.assertFalse(self.duty(self.tokyo, "destroy"))
        self.print_form(self.tokyo, "destruction", f"{number}/1")

    # Day 92: nothing new, and all that protects goes on.
    def after_the_end(self):
        CLOCK.turn(17)
        number = self.items["tokyo"][SENT["tokyo"]]
        self.refused("terms-in-force", self.tokyo, "release", "approve", number, "--to", "UKR", person="yamada")
        self.refused("terms-in-force", self.tokyo, "dispatch", "send", number, "--to", "UKR", person="ishikawa")
        incident = self.done(self.kyiv, "incident", "report", self.theirs, "--what", "suspected",
                             person="kovalenko")["incident"]
        told = self.until(lambda: self.notice(self.tokyo, "incident", "received"))
        self.done(self.tokyo, "notice", "acknowledge", told["notice"], person="ishikawa")
        self.done(self.kyiv, "incident", "investigate", incident, "--note", "nothing was seen", person="kovalenko")

    def every_duty_is_met_or_listed(self):
        listed = {place.city: sorted((one["what"], one["overdue"]) for one in self.duties(place))
                  for place in self.both.places}
        # Each side waits for one receipt that nobody gave; Kyiv still owes the report of its newest incident.
        self.assertEqual(listed["tokyo"], sorted([("await-receipt", True), ("contents-receipt", True),
                                                  ("expired", True),  # the clearance of mori
                                                  ("spot-check", True)]))
        self.assertEqual(listed["kyiv"], sorted([("await-receipt", True), ("contents-receipt", True), ("trace", True),
                                                 ("report", False), ("spot-check", True)]))

    def every_book_prints(self):
        for place in self.both.places:
            for book in ("register", "holdings", "overdue", "muster", "access", "inspection"):
                with self.subTest(f"{place.city} {book}"):
                    now = self.done(place, "report", book)
                    self.assertEqual(now["count"], len(now["rows"]))
                    pages = self.both.folder / f"{place.city}-{book}.pdf"
                    printed = call("valise", "report", book, "--pdf", "-o", pages, environment=place.environment)
                    self.assertEqual(printed.returncode, 0, printed.stderr)
                    self.assertTrue(pages.read_bytes().startswith(b"%PDF-"))
        self.assertEqual(len(self.done(self.tokyo, "report", "register")["rows"]), 84)
        muster = self.done(self.tokyo, "report", "muster")["rows"]
        self.assertEqual((len(muster), {row["finding"] for row in muster}), (31, {"present"}))

    def every_step_verifies(self):
        for place in self.both.places:
            evidence = pathlib.Path(self.both.folder) / f"{place.city}.json"
            self.done(place, "evidence", "export", "-o", evidence)
            checked = call("valise-verify", "evidence", evidence)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    # Certificate, incident report and muster report: by the code on the paper and the book of who printed it.
    def every_paper_is_proved(self):
        self.assertEqual(len(self.papers), 3)
        for place, file in self.papers:
            for holder in self.both.places:
                checked = call("valise-verify", "form", file, "--evidence", self.both.folder / f"{holder.city}.json")
                self.assertEqual(checked.returncode, 0 if holder is place else 3, checked.stdout + checked.stderr)


if __name__ == "__main__":
    run_tests()
