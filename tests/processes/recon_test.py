#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Both shared logs held against each other at the command line, between two real registries: mirrored leaves, a
statement that one proposes and the other countersigns, its file checked without a registry, a proof of absence.

usage: recon_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import json

from programs import AtRegistries, call, run_tests


class Recon(AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.mine = cls.both.story.item
        for person in ("yamada", "kobayashi"):
            cls.done(cls.tokyo, "release", "approve", cls.mine, "--to", "UKR", person=person)
        cls.dispatch = cls.done(cls.tokyo, "dispatch", "send", cls.mine, "--to", "UKR", person="ishikawa")["dispatch"]
        cls.done(cls.tokyo, "dispatch", "wait", cls.dispatch, "--until", "custody_receipted", "--timeout", "30")

    def trust(self):
        """A trust file of both shared logs, whose mirrors must have cosigned the other's."""
        logs, mirrors = [], []
        for place in self.both.places:
            checkpoints = self.done(place, "log", "checkpoint")
            logs += checkpoints["shared"]["vkeys"]
            mirrors += checkpoints["mirror"]["vkeys"]
        path = self.both.folder / "trust"
        path.write_text("".join(f"log {vkey}\n" for vkey in logs) +
                        "".join(f"witness M{i} {vkey}\n" for i, vkey in enumerate(mirrors)) +
                        "group tokyo all M0 M1\ngroup kyiv all M2 M3\ngroup either any tokyo kyiv\nquorum either\n")
        return path

    def mirrored(self):
        """Each side holds what the other wrote of the transfer: before that it would count as under way."""
        return all(self.done(place, "dispatch", "show", self.dispatch)["custody_evidence"] == "E3"
                   for place in self.both.places)

    def proposed(self) -> dict:
        """Signed by both, with every leaf mirrored."""
        self.until(self.mirrored)
        said = self.done(self.tokyo, "recon", "propose", person="ishikawa")["recon"]
        name = said["recon"]

        def at_kyiv():
            return [one for one in self.done(self.kyiv, "recon", "show")["recons"] if one["recon"] == name]
        theirs = self.until(at_kyiv)[0]
        self.assertEqual(theirs["statement"], said["statement"])
        self.assertFalse(theirs["differs"] or theirs["signed_here"])
        self.refused("control-officer", self.kyiv, "recon", "sign", name[:12], person="bondarenko")
        self.done(self.kyiv, "recon", "sign", name[:12], person="kovalenko")
        self.until(lambda: self.done(self.tokyo, "recon", "show", name)["recon"]["signed_there"])
        return said

    def test_from_the_proposal_to_the_outsider(self):
        said = self.proposed()
        ways = said["statement"]
        self.assertEqual(ways["there"]["counts"]["matched"] + ways["back"]["counts"]["matched"], 1)
        self.assertEqual(said["exceptions"], 0)
        trust = self.trust()
        for place in self.both.places:
            path = self.both.folder / f"{place.city}.recon"
            self.done(place, "recon", "export", said["recon"], "-o", path)
            done = call("valise-verify", "--json", "recon", path, "--trust", trust)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            report = json.loads(done.stdout)
            self.assertEqual((report["verified"], report["signed_by"], report["recon"]),
                             (True, ["JPN", "UKR"], said["recon"]))
            other = call("valise", "recon", "verify", path, "--trust", trust, "--json")
            self.assertEqual((other.returncode, json.loads(other.stdout)["verified"]), (0, True))
            words = call("valise-verify", "recon", path, "--trust", trust).stdout.decode()
            self.assertIn("VERIFIED", words)
            self.assertIn("signed by JPN, UKR, 0 exceptions", words)
            changed = path.read_bytes().replace(b'"leaves":["V', b'"leaves":["W', 1)
            path.write_bytes(changed)
            self.assertEqual(call("valise-verify", "recon", path, "--trust", trust).returncode, 3)
        # The evidence of either side is decided again with these acts in it.
        for place in self.both.places:
            evidence = self.both.folder / f"{place.city}.json"
            self.done(place, "evidence", "export", "-o", evidence)
            done = call("valise-verify", "--json", "evidence", evidence)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(json.loads(done.stdout)["logs"]["shared"]["evidence"], "E3")

    def test_what_was_not_sent_is_proven(self):
        said = self.proposed()
        path = self.both.folder / "absence"
        self.done(self.kyiv, "recon", "prove-absent", said["recon"], "00" * 32, "--way", "there", "--list", "sent",
                  "-o", path)
        for words, code in (([], 0), (["--statement", said["recon"]], 0), (["--statement", "00" * 32], 3)):
            done = call("valise-verify", "absence", path, *words)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        path.write_bytes(path.read_bytes()[:-1])
        self.assertEqual(call("valise-verify", "absence", path).returncode, 3)

    def test_a_reader_signs_no_statement(self):
        self.until(self.mirrored)
        self.refused("control-officer", self.tokyo, "recon", "propose", person="yamada")


if __name__ == "__main__":
    run_tests()
