#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stock client of the OpenTDF world opens what Valise sealed, through Valise's own service over TLS, for whom is
entitled, and is refused for whom is not.

usage: clients_test.py SOURCE_FOLDER BUILD_FOLDER CLIENT"""
import base64
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(sys.argv[1]).resolve() / "tests" / "processes"))
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent))
from programs import (BUILD, PROGRAMS, SOURCE, AtRegistries, Registry, Transcript, call,  # noqa: E402
                      quiet_port, remove, run_tests, short_folder, without_valise)
from toolchains import CLIENTS, Missing  # noqa: E402

NAME = sys.argv.pop(3)
# What a client can prove of itself: docs/formats/opentdf.md.
CLASSES = {"go": "strict", "rust": "relaxed", "python": "bearer", "javascript": "bearer"}
# The only line of versions that npm serves knows the integrity values of before 4.3.0 alone: it gets the key from our
# service, and does not take the root signature.
OLD = "Failed integrity check on root signature" if NAME == "javascript" else ""
KINDS = ("rsa:2048", "rsa:4096", "ec:secp256r1", "ec:secp384r1", "ec:secp521r1", "mlkem:768", "mlkem:1024", "hpqt:xwing",
         "hpqt:secp256r1-mlkem768", "hpqt:secp384r1-mlkem1024")
SIZES = (0, 1, 100_000, 2 * 1024 * 1024, 4 * 1024 * 1024 + 5)


def certificates(folder: pathlib.Path):
    """An authority of our own, and a server's certificate from it for localhost."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise Missing("openssl is not here")

    def run(*words):
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out",
        "ca.pem", "-days", "3", "-subj", "/CN=Test authority")
    run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "kas.key", "-out",
        "kas.csr", "-subj", "/CN=localhost")
    (folder / "kas.ext").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n", encoding="ascii")
    run("x509", "-req", "-in", "kas.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-out",
        "kas.pem", "-extfile", "kas.ext")


def pem_of(public: bytes) -> str:
    """Keys of the kinds that registries use are written as key files (docs/formats/key-file.md)."""
    if not public.startswith(b"{"):
        return public.decode()
    der = json.loads(public)["public"]
    lines = [der[at:at + 64] for at in range(0, len(der), 64)]
    return "\n".join(("-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""))


class WithClient(AtRegistries):
    """Runs the client of the day against `place`, for persons whose `secrets` it has."""
    more: dict = {}  # for the client's environment
    place: Registry
    folder: pathlib.Path
    url: str
    secrets: dict

    def opens(self, person: str, sealed: pathlib.Path) -> tuple:
        return self.runs(person, sealed, self.folder / "opened")

    def runs(self, person: str, *words) -> tuple:
        """Its status, what it wrote into the second of the words, and what it said."""
        output = words[1]
        output.unlink(missing_ok=True)
        environment = without_valise(os.environ) | {
            "SSL_CERT_FILE": str(self.place.folder / "ca.pem"), "NODE_EXTRA_CA_CERTS": str(self.place.folder / "ca.pem")}
        environment |= self.more
        done = subprocess.run([str(word) for word in (*PROGRAM, self.url, f"{NAME}-{person}", self.secrets[person],
                                                      *words)],
                              capture_output=True, text=True, check=False, timeout=120, env=environment)
        return done.returncode, output.read_bytes() if output.exists() else None, done.stdout + done.stderr


def listens(place: Registry, more: str = "") -> str:
    """Adds the listener to its configuration; returns its address."""
    certificates(place.folder)
    port = quiet_port()
    url = f"https://localhost:{port}"
    with open(place.folder / "registry.toml", "a", encoding="utf-8") as config:
        config.write(f'\n[opentdf]\nlisten = "127.0.0.1:{port}"\nurl = "{url}"\n'
                     f'certificate = "kas.pem"\nkey = "kas.key"\n{more}')
    return url


class Clients(WithClient):
    @classmethod
    def setUpClass(cls):
        cls.folder = short_folder()
        cls.addClassCleanup(remove, cls.folder)
        page = Transcript(SOURCE, cls.folder, PROGRAMS)
        cls.place = cls.tokyo = tokyo = Registry(page, "tokyo", "JPN", quiet_port())
        cls.addClassCleanup(tokyo.stop)
        tokyo.prepare()
        for person in ("ishikawa", "sato", "tanaka", "nakamura", "kato"):
            tokyo.make_key(person, person)
        tokyo.create("ishikawa", "sato")
        cls.url = listens(tokyo, 'intake = "intake.key.pub"\n')
        cls.intake = tokyo.folder / "intake.key"
        done = call("valise", "keygen", "--kind", "recipient", "-o", cls.intake, "--no-passphrase")
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        tokyo.start_all()
        for person in ("tanaka", "nakamura", "kato"):
            cls.done(tokyo, "person", "enrol", f"{tokyo.key(person)}.pub", person="ishikawa")
            cls.done(tokyo, "person", "clear", f"{tokyo.key(person)}.pub", "--level", "gokuhi", "--until", "+9d",
                     person="sato")
            notice = cls.folder / "notice.txt"
            notice.write_text("what readers are told\n", encoding="utf-8")
            cls.done(tokyo, "person", "brief", notice, person=person)
        cls.done(tokyo, "person", "appoint", f"{tokyo.key('tanaka')}.pub", "--role", "originator", person="ishikawa")
        cls.secrets = {person: cls.done(tokyo, "client", "add", f"{NAME}-{person}", "--for-person",
                                        f"{tokyo.key(person)}.pub", "--class", CLASSES[NAME])["secret"]
                       for person in ("nakamura", "kato")}

    def entered(self, size: int) -> tuple:
        document = self.folder / f"document-{size}"
        document.write_bytes(os.urandom(size))
        number = self.done(self.tokyo, "item", "enter", document, "--level", "hi", "--purpose", "exercise", "--title",
                           "for a client", person="tanaka")["number"]
        self.done(self.tokyo, "person", "grant", f"{self.tokyo.key('nakamura')}.pub", "--item", number, "--purpose",
                  "exercise", "--until", "+9d", person="ishikawa")
        sealed = self.folder / f"{number}.tdf"
        self.done(self.tokyo, "item", "export", number, "--client", f"{NAME}-nakamura", "--purpose", "exercise", "-o",
                  sealed, person="nakamura")
        return document, sealed

    def accesses(self) -> list:
        return self.done(self.tokyo, "report", "access")["rows"]

    def opened(self, person: str, document: pathlib.Path, sealed: pathlib.Path):
        before = len(self.accesses())
        status, plain, said = self.opens(person, sealed)
        new = self.accesses()[before:]
        self.assertEqual([(row["outcome"], row["how"], row["client"]) for row in new],
                         [(outcome, "by-client", f"{NAME}-{person}") for outcome in ("permitted", "done")], said)
        if OLD:
            return self.assertIn(OLD, said)
        self.assertEqual(status, 0, said)
        return self.assertEqual(plain, document.read_bytes())

    def refused(self, person: str, sealed: pathlib.Path) -> list:
        """Says that it was, opens nothing, and stands in the book: the rows."""
        before = len(self.accesses())
        status, plain, said = self.opens(person, sealed)
        self.assertNotEqual(status, 0, said)
        self.assertIsNone(plain)
        if OLD:
            self.assertNotIn(OLD, said)
        return self.accesses()[before:]

    def test_the_entitled_person_s_client_opens_every_size(self):
        for size in SIZES:
            with self.subTest(size):
                document, sealed = self.entered(size)
                self.opened("nakamura", document, sealed)

    def test_the_register_shows_what_is_out(self):
        _, sealed = self.entered(10)
        shown = self.done(self.tokyo, "item", "show", sealed.stem)["exported"]
        self.assertEqual([(one["client"], one["copy_number"]) for one in shown], [(f"{NAME}-nakamura", 2)])

    def test_another_s_client_is_refused_on_the_record(self):
        _, sealed = self.entered(1000)
        rows = self.refused("kato", sealed)
        self.assertEqual([row["outcome"] for row in rows], ["refused"])
        self.assertIn("need-to-know", rows[0]["refused_by"])

    def test_what_is_revoked_opens_nothing_more(self):
        document, sealed = self.entered(1000)
        self.opened("nakamura", document, sealed)
        self.done(self.tokyo, "client", "remove", f"{NAME}-nakamura")
        self.assertEqual(self.refused("nakamura", sealed), [])  # nobody whom the agreement could be asked about
        self.secrets["nakamura"] = self.done(
            self.tokyo, "client", "add", f"{NAME}-nakamura", "--for-person", f"{self.tokyo.key('nakamura')}.pub",
            "--class", CLASSES[NAME])["secret"]
        self.opened("nakamura", document, sealed)
        self.done(self.tokyo, "person", "revoke", "--what", "clearance", f"{self.tokyo.key('nakamura')}.pub",
                  person="sato")
        try:
            rows = self.refused("nakamura", sealed)
            self.assertEqual([row["outcome"] for row in rows], ["refused"])
            self.assertIn("clearance", rows[0]["refused_by"])
        finally:
            self.done(self.tokyo, "person", "clear", f"{self.tokyo.key('nakamura')}.pub", "--level", "gokuhi",
                      "--until", "+9d", person="sato")

    @unittest.skipUnless(NAME == "go", "of this client only")
    def test_it_seals_to_the_registry_by_attribute(self):
        """It asks what an attribute is, and for a key; whoever enters what comes has the other half of that key."""
        document, output = self.folder / "document", self.folder / "theirs.tdf"
        document.write_bytes(os.urandom(100_000))
        ns = "https://valise.invalid/attr"
        status, _, said = self.runs("nakamura", document, output, f"{ns}/classification/value/hi",
                                    f"{ns}/relto/value/ukr")
        self.assertEqual(status, 0, said)
        with zipfile.ZipFile(output) as file:
            sealed = json.loads(file.read("0.manifest.json"))["encryptionInformation"]
        policy = json.loads(base64.b64decode(sealed["policy"]))
        self.assertEqual(sorted(one["attribute"] for one in policy["body"]["dataAttributes"]),
                         [f"{ns}/classification/value/hi", f"{ns}/relto/value/ukr"])
        self.assertEqual([(one["url"], one["type"]) for one in sealed["keyAccess"]], [(self.url, "hybrid-wrapped")])
        plain = self.folder / "came.txt"
        plain.unlink(missing_ok=True)
        done = call("valise", "open", output, "--import", "--key", self.intake, "-o", plain)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(plain.read_bytes(), document.read_bytes())
        number = self.done(self.tokyo, "item", "enter", plain, "--level", "hi", "--purpose", "exercise", "--title",
                           "sent by a client", person="tanaka")["number"]
        self.assertEqual(self.done(self.tokyo, "item", "show", number)["level"], "hi")
        # No client has it opened here: no copy of it left, and our key is not the registry's.
        self.assertEqual(self.refused("nakamura", output), [])
        status, _, said = self.runs("nakamura", document, self.folder / "never", f"{ns}/classification/value/no-level",
                                    f"{ns}/relto/value/ukr")
        self.assertNotEqual(status, 0)

    @unittest.skipUnless(NAME == "go", "of this client only")
    def test_a_session_key_of_a_curve(self):
        document, sealed = self.entered(100_000)
        for kind in ("ec:secp256r1", "ec:secp384r1", "ec:secp521r1"):
            with self.subTest(kind):
                self.more = {"SESSION_KEY": kind}
                self.addCleanup(setattr, self, "more", {})
                self.opened("nakamura", document, sealed)

    @unittest.skipUnless(NAME == "go", "of this client only")
    def test_what_it_writes_is_imported(self):
        """Wrapped by their library to keys of every kind that we have, opened by ours in import mode."""
        os.environ["VALISE_LIBRARY"] = str(BUILD / "lib/libvalise.so")
        sys.path.insert(0, str(SOURCE / "bindings/python"))
        import valise  # pylint: disable=import-outside-toplevel
        for number, kind in enumerate(KINDS):
            with self.subTest(kind):
                key = valise.Key.generate(kind)
                document = self.folder / "document"
                document.write_bytes(os.urandom((0, 1, 5 * 1024 * 1024)[number % 3]))
                pem = self.folder / "key.pem"
                pem.write_text(pem_of(key.public.text()), encoding="ascii")
                output, plain = self.folder / "theirs.tdf", self.folder / "plain"
                status, _, said = self.runs("nakamura", document, output, kind, pem)
                self.assertEqual(status, 0, said)
                plain.unlink(missing_ok=True)
                valise.import_tdf(output, plain, keys=[key])
                self.assertEqual(plain.read_bytes(), document.read_bytes())
                with self.assertRaises(valise.Error):
                    valise.import_tdf(output, self.folder / "never", keys=[valise.Key.generate(kind)])

    def test_a_file_that_was_changed_is_one_bad_request(self):
        """A policy without attributes, as whoever carries the file can write it."""
        _, sealed = self.entered(1000)
        changed = sealed.with_suffix(".changed")
        with zipfile.ZipFile(sealed) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_STORED) as new:
            manifest = json.loads(old.read("0.manifest.json"))
            policy = json.loads(base64.b64decode(manifest["encryptionInformation"]["policy"]))
            policy["body"]["dataAttributes"] = []
            manifest["encryptionInformation"]["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
            new.writestr("0.payload", old.read("0.payload"))
            new.writestr("0.manifest.json", json.dumps(manifest))
        self.assertEqual(self.refused("nakamura", changed), [])


@unittest.skipIf(OLD, "this client takes no root signature of ours")
class Controlled(WithClient):
    """What Tokyo keeps of an item whose reader in Kyiv opens it by a stock client: each opening asks Tokyo."""

    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.place, cls.folder = cls.kyiv, cls.both.folder
        cls.url = listens(cls.kyiv)
        cls.kyiv.stop_one("valised")
        cls.kyiv.start("valised")
        cls.secrets = {"bondarenko": cls.done(cls.kyiv, "client", "add", f"{NAME}-bondarenko", "--for-person",
                                              f"{cls.kyiv.key('bondarenko')}.pub", "--class", CLASSES[NAME])["secret"]}

    def sent(self, *until: str) -> tuple:
        """A document that Tokyo controls and Kyiv holds, and the copy that left for the client."""
        document = self.folder / "controlled"
        document.write_bytes(os.urandom(3 * 1024 * 1024))
        mine = self.done(self.tokyo, "item", "enter", document, "--level", "hi", "--purpose", "exercise", "--title",
                         "Plan", person="tanaka")["number"]
        self.done(self.tokyo, "release", "approve", mine, "--to", "UKR", "--control", *until, person="yamada")
        self.done(self.tokyo, "release", "approve", mine, "--to", "UKR", person="kobayashi")
        dispatch = self.done(self.tokyo, "dispatch", "send", mine, "--to", "UKR", person="ishikawa")["dispatch"]
        self.done(self.tokyo, "dispatch", "wait", dispatch, "--until", "custody_receipted", "--timeout", "60")
        theirs = self.done(self.kyiv, "dispatch", "show", dispatch)["item"]
        self.done(self.kyiv, "person", "grant", f"{self.kyiv.key('bondarenko')}.pub", "--item", theirs, "--purpose",
                  "exercise", "--until", "+30d", person="kovalenko")
        sealed = self.folder / "controlled.tdf"
        sealed.unlink(missing_ok=True)
        self.done(self.kyiv, "item", "export", theirs, "--client", f"{NAME}-bondarenko", "--purpose", "exercise", "-o",
                  sealed, person="bondarenko")
        return mine, dispatch, document.read_bytes(), sealed

    def openings(self, dispatch: str) -> int:
        known = next(one for one in self.done(self.tokyo, "control", "list")["controls"] if one["dispatch"] == dispatch)
        return sum(one["openings"] for one in known["admitted"])

    def last_export(self) -> tuple:
        """What Kyiv's book says of the newest opening by a client, and the originator's word in it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.kyiv.folder}/state/registry.sqlite?mode=ro",
                                                uri=True)) as book:
            skeletons = [json.loads(bytes(row[0])) for row in book.execute("SELECT skeleton FROM event ORDER BY seq")]
        newest = [one for one in skeletons if one["kind"] == "export" and "person" in one["ids"]][-1]
        return newest["stage"], newest["facts"].get("refusal")

    def refused_here(self, sealed: pathlib.Path, *why: str):
        """`why`: whichever book refuses first."""
        status, plain, said = self.opens("bondarenko", sealed)
        self.assertNotEqual(status, 0, said)
        self.assertIsNone(plain)
        stage, refusal = self.last_export()
        self.assertIn(refusal or stage, why, said)

    def test_each_opening_asks_and_a_recall_ends_it(self):
        mine, dispatch, document, sealed = self.sent()
        for count in (1, 2):
            status, plain, said = self.opens("bondarenko", sealed)
            self.assertEqual((status, plain), (0, document), said)
            self.assertEqual(self.openings(dispatch), count)  # one ask for one opening
        self.done(self.tokyo, "control", "recall", mine, "--ground", "sent in error", person="yamada")
        # Kyiv may have heard of it already, and then asks nobody.
        self.refused_here(sealed, "peer.agreement.recalled", "refused")
        self.assertEqual(self.openings(dispatch), 2)

    def test_the_last_day_is_given_with_the_release(self):
        """A day may be a second: long enough that the document is there and opened once before it."""
        last = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=40)
        _, dispatch, document, sealed = self.sent("--until", last.strftime("%Y-%m-%dT%H:%M:%SZ"))
        shown = next(one for one in self.done(self.tokyo, "control", "list")["controls"]
                     if one["dispatch"] == dispatch)
        self.assertIsNotNone(shown["until"])
        status, plain, said = self.opens("bondarenko", sealed)
        if datetime.datetime.now(datetime.timezone.utc) < last:
            self.assertEqual((status, plain), (0, document), said)
        while datetime.datetime.now(datetime.timezone.utc) < last + datetime.timedelta(seconds=2):
            time.sleep(0.5)
        self.refused_here(sealed, "peer.agreement.control_expired")

    def test_the_originator_is_away(self):
        _, _, document, sealed = self.sent()
        self.tokyo.stop_one("valised")
        try:
            self.refused_here(sealed, "registry.originator_unreachable")
        finally:
            self.tokyo.start("valised")
        status, plain, said = self.opens("bondarenko", sealed)
        self.assertEqual((status, plain), (0, document), said)


if __name__ == "__main__":
    try:
        place = BUILD / "tests" / "opentdf" / NAME
        place.mkdir(parents=True, exist_ok=True)
        PROGRAM = CLIENTS[NAME](place)
    except Missing as reason:
        print(f"SKIPPED: {reason}")
        sys.exit(0)
    run_tests()
