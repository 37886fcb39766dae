#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Originator control at the command line, between two real registries: each opening in Kyiv asks Tokyo; narrowed,
recalled between two openings, answered; the originator away; a lease.

usage: control_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
from programs import SOURCE, AtRegistries, ask, run_tests


class Controlled(AtRegistries):
    def send(self) -> tuple:
        """A controlled item of Tokyo that has arrived; its ids there and here, and its dispatch."""
        work = self.both.folder / "plain.txt"
        work.write_bytes(b"for your eyes\n")
        mine = self.done(self.tokyo, "item", "enter", work, "--level", "hi", "--purpose", "exercise", "--title", "Plan",
                         person="tanaka")["number"]
        self.done(self.tokyo, "release", "approve", mine, "--to", "UKR", "--control", person="yamada")
        self.done(self.tokyo, "release", "approve", mine, "--to", "UKR", person="kobayashi")
        dispatch = self.done(self.tokyo, "dispatch", "send", mine, "--to", "UKR", person="ishikawa")["dispatch"]
        self.done(self.tokyo, "dispatch", "wait", dispatch, "--until", "custody_receipted", "--timeout", "30")
        theirs = self.done(self.kyiv, "dispatch", "show", dispatch)["item"]
        self.done(self.kyiv, "person", "grant", f"{self.kyiv.key('bondarenko')}.pub", "--item", theirs, "--purpose",
                  "exercise", "--until", "+30d", person="kovalenko")
        return mine, theirs, dispatch

    def open(self, theirs: str) -> tuple:
        out = self.both.folder / "opened.txt"
        out.unlink(missing_ok=True)
        status, value = ask(self.kyiv, "item", "open", theirs, "--purpose", "exercise", "-o", out, person="bondarenko")
        return status, value, out.read_bytes() if out.exists() else b""

    def opens(self, theirs: str) -> dict:
        status, value, plain = self.open(theirs)
        self.assertEqual((status, plain), (0, b"for your eyes\n"), value)
        return value

    def closed(self, theirs: str, reason: str, status: int = 1):
        got, value, plain = self.open(theirs)
        self.assertEqual((got, plain), (status, b""), value)
        self.assertIn(reason, str(value))

    def control(self, place, dispatch: str) -> dict:
        return next(one for one in self.done(place, "control", "list")["controls"] if one["dispatch"] == dispatch)


class EachOpening(Controlled):
    @classmethod
    def setUpClass(cls):
        cls.set_up()

    def test_recalled_between_two_openings(self):
        mine, theirs, dispatch = self.send()
        self.assertEqual(self.opens(theirs)["result"]["control"], "permit")
        self.assertEqual([one["openings"] for one in self.control(self.tokyo, dispatch)["admitted"]], [1])
        self.done(self.tokyo, "control", "recall", mine, "--ground", "sent in error", person="yamada")
        self.closed(theirs, "recalled")
        told = self.until(lambda: self.notice(self.kyiv, "recall", "received"))
        self.assertEqual(self.done(self.kyiv, "notice", "show", told["notice"])["enclosed"], "sent in error")
        self.refused("not-recalled", self.kyiv, "item", "open", theirs, "--purpose", "exercise", "-o",
                     self.both.folder / "never", person="bondarenko")
        self.assertIn("answer-recall", [one["what"] for one in self.duties(self.kyiv)])
        answered = self.done(self.kyiv, "control", "answer", told["notice"], person="kovalenko")
        self.assertEqual(answered["answer"], "1,0,0,1,0")
        back = self.until(lambda: self.notice(self.tokyo, "recall", "acknowledged"))
        self.assertEqual(back["answer"], "1,0,0,1,0")

    def test_narrowed(self):
        _, theirs, dispatch = self.send()
        reader = self.control(self.kyiv, dispatch)["readers"][0]["reader"]
        self.done(self.tokyo, "control", "narrow", dispatch, "--reader", reader, person="yamada")
        self.opens(theirs)
        self.done(self.tokyo, "control", "narrow", dispatch, "--until", "2026-01-01", person="yamada")
        self.closed(theirs, "control_expired")
        self.refused("narrow-only", self.tokyo, "control", "narrow", dispatch, "--until", "+30d", person="yamada")

    def test_the_originator_is_away(self):
        _, theirs, _ = self.send()
        self.opens(theirs)
        self.tokyo.stop_one("valised")
        try:
            self.closed(theirs, "registry.originator_unreachable", 4)
        finally:
            self.tokyo.start("valised")
        self.until(lambda: self.open(theirs)[0] == 0)


class UnderALease(Controlled):
    @classmethod
    def setUpClass(cls):
        terms = (SOURCE / "agreements" / "jpn-ukr.toml").read_text(encoding="utf-8")
        cls.set_up(terms.replace("answer_days = 5 ", 'lease = "PT8H"\nanswer_days = 5 ', 1))

    def test_the_originator_is_away(self):
        _, theirs, dispatch = self.send()
        self.assertNotIn("lease", self.opens(theirs)["result"])
        self.tokyo.stop_one("valised")
        try:
            result = self.opens(theirs)["result"]
            self.assertEqual(result["control"], "lease")
            self.assertEqual([one["until"] for one in self.control(self.kyiv, dispatch)["leases"]], [result["lease"]])
        finally:
            self.tokyo.start("valised")


if __name__ == "__main__":
    run_tests()
