#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Notices at the command line, between two real registries: a tracer that is not due, a change of class with its
acknowledgement, an incident from its report to its closing.

usage: notices_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
from programs import AtRegistries, call, run_tests


class Notices(AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.mine = cls.both.story.item
        for person in ("yamada", "kobayashi"):
            cls.done(cls.tokyo, "release", "approve", cls.mine, "--to", "UKR", person=person)
        cls.dispatch = cls.done(cls.tokyo, "dispatch", "send", cls.mine, "--to", "UKR", person="ishikawa")["dispatch"]
        cls.done(cls.tokyo, "dispatch", "wait", cls.dispatch, "--until", "custody_receipted", "--timeout", "30")
        cls.theirs = cls.done(cls.kyiv, "dispatch", "show", cls.dispatch)["item"]

    def test_a_tracer_has_its_day(self):
        self.refused("tracer-due", self.tokyo, "dispatch", "trace", self.dispatch, person="ishikawa")
        self.assertIn("contents-receipt", [duty["what"] for duty in self.duties(self.kyiv)])
        words = call("valise", "duties", environment=self.kyiv.environment).stdout.decode()
        self.assertIn("clause receipt-due, O-36", words)

    def test_a_change_of_class_is_marked_and_acknowledged(self):
        change = ("item", "change-class", self.mine, "--level", "hi", "--reason", "published in part")
        self.refused("class-change-office", self.tokyo, *change, person="ishikawa")
        self.refused("originator-only", self.kyiv, "item", "change-class", self.theirs, "--level", "taiemno",
                     "--reason", "x", person="melnyk")
        self.done(self.tokyo, *change, person="yamada")
        told = self.until(lambda: self.notice(self.kyiv, "class-change", "received"))
        self.refused("remarked-first", self.kyiv, "notice", "acknowledge", told["notice"], person="kovalenko")
        shown = call("valise", "item", "show", self.theirs, environment=self.kyiv.environment).stdout.decode()
        self.assertIn("hi since the originator's change; the label says gokuhi", shown)
        self.assertIn(f"pending   to be marked anew after notice {told['notice']}", shown)
        self.done(self.kyiv, "item", "mark", self.theirs, "--level", "taiemno", person="kovalenko")
        self.done(self.kyiv, "notice", "acknowledge", told["notice"], person="kovalenko")
        self.until(lambda: self.notice(self.tokyo, "class-change", "acknowledged"))
        self.assertEqual(self.done(self.kyiv, "item", "show", self.theirs)["change"], "")

    def test_an_incident_from_its_report_to_its_closing(self):
        incident = self.done(self.kyiv, "incident", "report", self.theirs, "--what", "loss",
                             person="bondarenko")["incident"]
        self.refused("frozen", self.kyiv, "item", "open", self.theirs, "--purpose", "exercise", "-o",
                     self.both.folder / "never", person="bondarenko")
        self.refused("findings-first", self.kyiv, "incident", "close", incident, person="kovalenko")
        self.done(self.kyiv, "incident", "investigate", incident, "--note", "left on a train", person="kovalenko")
        self.until(lambda: self.notice(self.kyiv, "incident", "taken"))
        self.done(self.kyiv, "incident", "measures", incident, "--note", "no more trains", person="kovalenko")
        report = self.until(lambda: self.notice(self.tokyo, "incident-report", "received"))
        self.assertEqual(self.done(self.tokyo, "notice", "show", report["notice"])["enclosed"], "no more trains")
        self.refused("report-acknowledged", self.kyiv, "incident", "close", incident, person="kovalenko")
        self.done(self.tokyo, "notice", "acknowledge", report["notice"], person="ishikawa")
        self.until(lambda: self.notice(self.kyiv, "incident-report", "acknowledged"))
        self.done(self.kyiv, "incident", "close", incident, person="kovalenko")
        self.assertEqual([one["state"] for one in self.done(self.kyiv, "incident", "list")["incidents"]], ["closed"])
        self.assertEqual([one["direction"] for one in self.done(self.tokyo, "incident", "list")["incidents"]], ["in"])

    def test_what_is_sent_is_proven_to_an_outsider(self):
        for place in self.both.places:
            evidence = self.both.folder / f"{place.city}.json"
            self.done(place, "evidence", "export", "-o", evidence)
            done = call("valise-verify", "evidence", evidence)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    run_tests()
