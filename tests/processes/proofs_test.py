#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What leaves a registry to prove something, and what is withheld from it: receipts, COSE receipts, redacted evidence,
openings that were shredded, a log read over the network, a bag seen from outside. Real programs; the terms let openings
go at once.

usage: proofs_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import base64
import functools
import http.server
import json
import pathlib
import shutil
import ssl
import subprocess
import threading

from programs import SOURCE, AtRegistries, call, run_tests

TERMS = (SOURCE / "agreements" / "jpn-ukr.toml").read_text(encoding="utf-8")


def verify(*words) -> tuple:
    done = call("valise-verify", "--json", *words)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr.decode()


class Proofs(AtRegistries):
    @classmethod
    def setUpClass(cls):
        at = TERMS.index("[shredding]")
        cls.set_up(TERMS[:at] + TERMS[at:].replace("months = 60", "months = 0", 1))
        for person in ("yamada", "kobayashi"):
            cls.done(cls.tokyo, "release", "approve", cls.both.story.item, "--to", "UKR", person=person)
        cls.dispatch = cls.done(cls.tokyo, "dispatch", "send", cls.both.story.item, "--to", "UKR",
                                person="ishikawa")["dispatch"]
        cls.done(cls.tokyo, "dispatch", "wait", cls.dispatch, "--until", "custody_receipted", "--timeout", "30")
        cls.invitations = {}
        for place in cls.both.places:
            cls.invitations[place.party] = cls.both.folder / f"{place.party}.invitation"
            cls.done(place, "peer", "invite", "--endpoint", "127.0.0.1:1", "-o", cls.invitations[place.party])

    def vkeys(self, place, log="shared") -> list:
        return self.done(place, "log", "checkpoint")[log]["vkeys"]

    def logs(self, place) -> pathlib.Path:
        return place.folder / "state" / "logs"

    def evidence(self, place, *words) -> tuple:
        path = self.both.folder / "evidence.json"
        path.unlink(missing_ok=True)
        self.done(place, "evidence", "export", "-o", path, *words)
        return verify("evidence", path)

    def numbers(self, place, kind: str) -> list:
        status, report = self.evidence(place)
        self.assertEqual(status, 0, report)
        return [step["index"] for step in report["steps"] if step["kind"] == kind and step["stage"] == "permitted"]

    def test_a_receipt_travels_by_itself(self):
        path = self.both.folder / "custody.receipt"
        self.until(lambda: self.done(self.tokyo, "dispatch", "show", self.dispatch)["custody_evidence"] >= "E2")
        self.done(self.tokyo, "evidence", "receipt", self.dispatch, "-o", path)
        words = ["receipt", path, "--key-list", self.invitations["UKR"], "--key-list", self.invitations["JPN"]]
        keys = [word for vkey in self.vkeys(self.tokyo) for word in ("--vkey", vkey)]
        status, report = verify(*words, *keys)
        self.assertEqual((status, report["receipt"]["party"], report["sender"]), (0, "UKR", "JPN"), report)
        self.assertIn("index", report["log"])
        self.assertEqual(verify("receipt", path, "--key-list", self.invitations["JPN"])[0], 3)
        path.write_bytes(path.read_bytes().replace(b'"evidence":"E', b'"evidence":"F'))
        status, report = verify(*words, *keys)  # what the exporter says is not what is proven
        self.assertEqual((status, report["evidence_claimed"][0]), (0, "F"))

    def test_redaction_is_said_and_shredding_is_proven(self):
        status, report = self.evidence(self.tokyo, "--redact", "privacy", "--kind", "clear,grant")
        self.assertEqual(status, 0, report)
        withheld = [step["withheld"] for step in report["steps"] if "withheld" in step]
        self.assertTrue(withheld)
        self.assertTrue(all(one == {"ground": "privacy"} for one in withheld))
        clears = self.numbers(self.tokyo, "clear")
        self.refused("shredding-officer", self.tokyo, "log", "shred", "clear", "--event", str(clears[0]), "--basis",
                     "retention-ended", "--reference", "rule 12", person="yamada")
        self.refused("shredding-basis", self.tokyo, "log", "shred", "clear", "--event", str(clears[0]), "--basis",
                     "tidiness", "--reference", "rule 12", person="ishikawa")
        done = self.done(self.tokyo, "log", "shred", "clear", "--event", ",".join(map(str, clears)), "--basis",
                         "retention-ended", "--reference", "rule 12", person="ishikawa")
        self.assertIn("outcome", done)
        for _ in range(2):  # and once more after both programs read everything from their disks
            status, report = self.evidence(self.tokyo)
            self.assertEqual(status, 0, report)
            gone = {step["index"]: step["withheld"]["ground"] for step in report["steps"] if "withheld" in step}
            self.assertEqual(gone, {number: "retention-ended" for number in clears})
            self.tokyo.stop()
            self.tokyo.start_all()
        words = call("valise-verify", "evidence", self.both.folder / "evidence.json").stdout.decode()
        self.assertIn("opening withheld under retention-ended: shredded by event", words)
        self.assertNotIn("missing", words)

    def serve(self, folder: pathlib.Path, context=None) -> int:
        handler = functools.partial(type("Quiet", (http.server.SimpleHTTPRequestHandler,),
                                         {"log_message": lambda *_: None, "protocol_version": "HTTP/1.1"}),
                                    directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]

    def test_a_log_is_read_over_the_network(self):
        folder = self.logs(self.kyiv)
        keys = [word for vkey in self.vkeys(self.kyiv) for word in ("--vkey", vkey)]
        for words in (("dir", folder / "shared"), ("log", folder / "shared"),
                      ("url", f"http://127.0.0.1:{self.serve(folder)}/shared/")):
            status, report = verify(*words, *keys)
            self.assertEqual((status, report["verified"]), (0, True), report)
        port = self.serve(folder)
        self.assertEqual(verify("url", f"http://127.0.0.1:{port}/nothing", *keys)[0], 2)
        self.assertEqual(verify("url", f"http://localhost:{port}/shared", *keys)[0], 2)
        self.assertEqual(verify("url", f"file://{folder}/shared", *keys)[0], 2)

    def test_a_server_that_no_authority_knows_is_refused(self):
        work = self.both.folder
        for name in ("right", "wrong"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-keyout", work / f"{name}.key", "-out", work / f"{name}.pem", "-days", "2", "-subj",
                            "/CN=localhost", "-addext", f"subjectAltName=DNS:{'localhost' if name == 'right' else 'x'}"],
                           check=True, capture_output=True)
        keys = [word for vkey in self.vkeys(self.kyiv) for word in ("--vkey", vkey)]
        ports = {}
        for name in ("right", "wrong"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(work / f"{name}.pem", work / f"{name}.key")
            ports[name] = self.serve(self.logs(self.kyiv), context)
        url = f"https://localhost:{ports['right']}/shared"
        status, report = verify("url", url, "--ca", work / "right.pem", *keys)
        self.assertEqual(status, 0, report)
        for words in ((url,), (url, "--ca", work / "wrong.pem"),
                      (f"https://localhost:{ports['wrong']}/shared", "--ca", work / "wrong.pem")):
            status, report = verify("url", *words, *keys)
            self.assertEqual(status, 2)
            # Without a file of authorities on this machine nobody is believed either.
            self.assertRegex(report, r"adapters\.tls(_chain)?\b")

    def entry(self, folder: pathlib.Path, index: int) -> pathlib.Path:
        """As the .tlog-proof of it carries it."""
        path = self.both.folder / "entry"
        done = call("valise", "log", "prove", folder, str(index), "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        path.write_bytes(base64.b64decode(path.read_text().splitlines()[1].split()[1]))
        return path

    def test_cose_receipts(self):
        folder = self.logs(self.tokyo) / "shared"
        size = int((folder / "checkpoint").read_text().splitlines()[1])
        entry = self.entry(folder, 0)
        keys = [word for vkey in self.vkeys(self.tokyo) for word in ("--vkey", vkey)]
        for algorithm in ("ed25519", "ml-dsa-44"):
            path = self.both.folder / f"{algorithm}.cose"
            made = call("valise", "log", "prove", folder, "0", "--cose", algorithm, "-o", path)
            self.assertEqual(made.returncode, 0, made.stderr)
            status, report = verify("cose", path, "--entry", entry, *keys)
            self.assertEqual((status, report["algorithm"], report["size"]), (0, algorithm, size), report)
            self.assertEqual(verify("cose", path, "--entry", path, *keys)[0], 3)
            others = [word for vkey in self.vkeys(self.kyiv) for word in ("--vkey", vkey)]
            self.assertEqual(verify("cose", path, "--entry", entry, *others)[0], 3)

    def test_another_makers_reader_of_cose_receipts(self):
        """@transmute/cose computes the root from path and entry; Node's own crypto checks the signature."""
        node, npm = shutil.which("node"), shutil.which("npm")
        if not (node and npm):
            self.skipTest("SKIPPED: node and npm are not here")
        work = self.both.folder / "cose"
        shutil.copytree(SOURCE / "tests" / "processes" / "cose", work)
        if subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=work, capture_output=True,
                          check=False, timeout=240).returncode:
            self.skipTest("SKIPPED: @transmute/cose is not to be had")
        folder = self.logs(self.tokyo) / "shared"
        shutil.move(self.entry(folder, 1), work / "entry")
        made = call("valise", "log", "prove", folder, "1", "--cose", "ed25519", "-o", work / "receipt")
        self.assertEqual(made.returncode, 0, made.stderr)
        key = next(vkey for vkey in self.vkeys(self.tokyo)
                   if base64.b64decode(vkey.split("+", 2)[2])[:1] == b"\x01")
        (work / "key").write_bytes(base64.b64decode(key.split("+", 2)[2])[1:])
        for name, verdict in (("receipt", "verified"), ("turned", "refused")):
            if name == "turned":
                turned = bytearray((work / "receipt").read_bytes())
                turned[-1] ^= 1
                (work / name).write_bytes(turned)
            done = subprocess.run([node, "verify.mjs", name, "entry", "key"], cwd=work, capture_output=True, text=True,
                                  check=False, timeout=60)
            self.assertEqual(done.stdout.strip(), verdict, done.stderr)

    def test_a_bag_is_seen_from_outside(self):
        folder = self.both.folder / "bag"
        folder.mkdir()
        packed = self.done(self.tokyo, "courier", "pack", folder, "--volume-mib", "32")
        words = ["bag", *packed["files"], "--key-list", self.invitations["JPN"]]
        status, report = verify(*words)
        self.assertEqual((status, report["bag"], report["to"], report["lacking"]), (0, packed["bag"], "UKR", []), report)
        self.assertEqual(verify("bag", *packed["files"], "--key-list", self.invitations["UKR"])[0], 3)


if __name__ == "__main__":
    run_tests()
