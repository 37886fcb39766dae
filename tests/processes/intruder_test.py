#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An exchange happens, both daemons stop, and intruder_test takes their place at the real valise-keys processes:
it has everything that the daemons had, and must get no key for what no person decided.

usage: intruder_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import os
import re
import subprocess
import time
import unittest

from programs import BUILD, PROGRAMS, TwoRegistries, run_tests, without_valise

INTRUDER = BUILD / "tests/processes/intruder_test"


def cut_off(place, number: str, person: str):
    """Somebody begins to read and is gone: permitted, and nothing came of it. A pipe takes 64 KiB, the document is
    longer."""
    words = [PROGRAMS["valise"], "item", "open", number, "--purpose", "exercise", "-o", "-"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=without_valise(os.environ) | place.acting(person)) as reading:
        if not reading.stdout.read(4):
            raise AssertionError("the document did not open")
        reading.kill()


def exchange(both: TwoRegistries):
    """Two items of Tokyo are sent. Kyiv's reader is cut off in both, and the grant for the first is taken back. A
    third one waits in Tokyo, since Kyiv is down."""
    tokyo, kyiv = both.places

    def send(number: str) -> str:
        for person in ("yamada", "kobayashi"):
            tokyo.valise("Approved", "release", "approve", number, "--to", "UKR", person=person)
        return tokyo.valise("Sent", "dispatch", "send", number, "--to", "UKR", person="ishikawa")["dispatch"]

    def another(title: str) -> str:
        return both.story.enter(tokyo, "tanaka", "observation-report.pdf", "gokuhi", title)

    received = []
    for number in (both.story.item, another("second")):
        sent = send(number)
        tokyo.valise("Arrived", "dispatch", "wait", sent, "--until", "custody_receipted")
        received.append(kyiv.valise("Received", "dispatch", "show", sent)["item"])
    for person in ("bondarenko", "lysenko"):
        kyiv.valise("Refused", "item", "open", received[0], "--purpose", "exercise", "-o", both.folder / "never.pdf",
                    person=person, exits=(1,))
    for number in received:
        both.story.grant(kyiv, "kovalenko", "bondarenko", number, "exercise")
        cut_off(kyiv, number, "bondarenko")
    kyiv.valise("The grant is taken back", "person", "revoke", f"{kyiv.key('bondarenko')}.pub", "--what", "grant",
                "--item", received[0], "--purpose", "exercise", person="kovalenko")
    third = another("third")
    wait_until(lambda: all(place.cosigned() for place in both.places))
    kyiv.stop_one("valised")
    send(third)
    wait_until(lambda: signed_all(tokyo))


def signed_all(place) -> bool:
    events = place.asked("status")["events"]
    checkpoint = (place.folder / "state" / "logs" / "private" / "checkpoint").read_text(encoding="utf-8")
    return int(checkpoint.splitlines()[1]) == events


def wait_until(holds):
    for _ in range(300):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


class Intruder(unittest.TestCase):
    def intrude(self, both: TwoRegistries, suite: str, least: int):
        done = subprocess.run([str(INTRUDER), str(both.folder), f"--gtest_filter={suite}.*"], capture_output=True,
                              text=True, errors="replace", timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        self.assertGreaterEqual(int(re.search(r"PASSED  \] (\d+) test", done.stdout)[1]), least)
        for place in both.places:
            self.assertTrue(place.alive(), "the keys outlived all that was tried")

    def test_a_taken_over_daemon_gets_nothing_that_no_person_decided(self):
        both = TwoRegistries()
        self.addCleanup(both.end)
        exchange(both)
        both.tokyo.stop_one("valised")
        self.intrude(both, "TakenOver", 10)
        both.kyiv.stop_one("valise-keys")
        both.kyiv.start("valise-keys")
        self.intrude(both, "TakenOverAnew", 1)


if __name__ == "__main__":
    run_tests()
