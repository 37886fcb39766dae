#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An exchange happens, both daemons stop, and intruder_test takes their place at the real valise-keys processes:
it has everything that the daemons had, and must get no key for what no person decided.

usage: intruder_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import subprocess
import unittest

from programs import BUILD, TwoRegistries, run_tests

INTRUDER = BUILD / "tests/processes/intruder_test"


def exchange(both: TwoRegistries):
    """Two items of Tokyo are sent; of the first, Kyiv's reader opens a copy, after two refusals. Its grant is taken
    back in the end: that the keys cannot know of it is the price in docs/threat-model.md."""
    tokyo, kyiv = both.places
    first = None
    for number in (both.story.item, both.story.enter(tokyo, "tanaka", "observation-report.pdf", "gokuhi", "second")):
        for person in ("yamada", "kobayashi"):
            tokyo.valise("Approved", "release", "approve", number, "--to", "UKR", person=person)
        sent = tokyo.valise("Sent", "dispatch", "send", number, "--to", "UKR", person="ishikawa")["dispatch"]
        tokyo.valise("Arrived", "dispatch", "wait", sent, "--until", "custody_receipted")
        first = first or kyiv.valise("Received", "dispatch", "show", sent)["item"]
    read = ("item", "open", first, "--purpose", "exercise", "-o", both.folder / "read.pdf")
    for person in ("bondarenko", "lysenko"):
        kyiv.valise("Refused", *read, person=person, exits=(1,))
    both.story.grant(kyiv, "kovalenko", "bondarenko", first, "exercise")
    kyiv.valise("Read", *read, person="bondarenko")
    kyiv.valise("The grant is taken back", "person", "revoke", f"{kyiv.key('bondarenko')}.pub", "--what", "grant",
                "--item", first, "--purpose", "exercise", person="kovalenko")


class Intruder(unittest.TestCase):
    def test_no_key_without_a_recorded_proven_permit(self):
        both = TwoRegistries()
        self.addCleanup(both.end)
        exchange(both)
        for place in both.places:
            place.stop_one("valised")
        done = subprocess.run([str(INTRUDER), str(both.folder)], capture_output=True, text=True, errors="replace",
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        self.assertRegex(done.stdout, r"PASSED  \] [1-9][0-9] tests")
        for place in both.places:
            self.assertTrue(place.alive(), "the keys outlived all that was tried")


if __name__ == "__main__":
    run_tests()
