#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sign-in at the desks of a running registry by a client certificate over TLS; skipped without openssl.

usage: certificate_test.py SOURCE_FOLDER BUILD_FOLDER"""
import http.client
import pathlib
import shutil
import ssl
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from places import Visitor, programs  # noqa: E402


class Shown(Visitor):
    """A browser that shows a certificate, or none."""

    def __init__(self, url: str, port: int, authority: pathlib.Path, shown=None):
        super().__init__(url)
        self.port = port
        self.context = ssl.create_default_context(cafile=str(authority))
        if shown:
            self.context.load_cert_chain(*(str(path) for path in shown))

    def connection(self):
        return http.client.HTTPSConnection("localhost", self.port, timeout=30, context=self.context)


class Certificates(programs.AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.folder = cls.tokyo.folder
        cls.make("desk", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        cls.make_of_years("nakamura", "20190101000000Z", "20200101000000Z")
        cls.make_of_years("mori", "20190101000000Z", "20990101000000Z")
        config = cls.folder / "registry.toml"
        config.write_text(config.read_text(encoding="utf-8") + 'certificate = "desk.crt"\nkey = "desk.key"\n'
                          'hosts = ["localhost"]\nclient_certificates = true\n', encoding="utf-8")
        cls.tokyo.stop_one("valised")
        cls.tokyo.start("valised")
        cls.url = cls.tokyo.desks()
        made = cls.tokyo.asked("desk", "account", f"{cls.tokyo.key('nakamura')}.pub", "--name", "nakamura",
                               "--certificate", cls.folder / "nakamura.crt")
        assert made["way"] == "certificate" and "password" not in made, made

    @classmethod
    def openssl(cls, *words):
        done = subprocess.run(["openssl", *(str(word) for word in words)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @classmethod
    def make(cls, name: str, subject: str, *more: str):
        key = cls.folder / f"{name}.key"
        cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", cls.folder / f"{name}.crt", "-days", "2", "-subj", subject, *more)
        key.chmod(0o600)

    @classmethod
    def make_of_years(cls, name: str, first: str, last: str):
        """By `openssl ca`: before 3.4 nothing else of it makes a certificate of the past."""
        folder = cls.folder / f"ca-{name}"
        folder.mkdir()
        (folder / "index").write_text("", encoding="utf-8")
        config = ["[ca]", "default_ca = one", "[one]", f"database = {folder}/index", f"serial = {folder}/serial",
                  f"new_certs_dir = {folder}", "default_md = sha256", "policy = any", "[any]", "commonName = supplied"]
        (folder / "cnf").write_text("\n".join(config) + "\n", encoding="utf-8")
        key, certificate = cls.folder / f"{name}.key", cls.folder / f"{name}.crt"
        cls.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", folder / "csr", "-subj", f"/CN={name}")
        cls.openssl("ca", "-batch", "-notext", "-selfsign", "-create_serial", "-config", folder / "cnf",
                    "-keyfile", key, "-in", folder / "csr", "-out", certificate, "-startdate", first, "-enddate", last)
        key.chmod(0o600)
        assert last[:4] in cls.openssl("x509", "-in", certificate, "-noout", "-enddate"), "the dates were not taken"

    def browser(self, name: str = "") -> Shown:
        shown = (self.folder / f"{name}.crt", self.folder / f"{name}.key") if name else None
        return Shown(self.url, self.tokyo.desk_port, self.folder / "desk.crt", shown)

    def signed_in(self, browser: Shown):
        return browser.post("/sign-in/certificate", {"token": browser.token("/sign-in")})

    def test_who_holds_the_key_is_in(self):
        browser = self.browser("nakamura")
        self.assertIn("/sign-in/certificate", browser.get("/sign-in").text)
        self.assertEqual(browser.get("/register").status, 303, "nobody is signed in without a click")
        answer = self.signed_in(browser)
        self.assertEqual(answer.status, 303, answer.text)
        self.assertEqual(browser.get("/register").status, 200)
        # Its session is worth nothing to who has another key, or none.
        for other in (self.browser("mori"), self.browser()):
            other.cookies = dict(browser.cookies)
            self.assertEqual(other.get("/register").status, 303)
        self.assertEqual(browser.get("/register").status, 200)
        self.tokyo.asked("desk", "end", f"{self.tokyo.key('nakamura')}.pub")
        self.assertEqual(browser.get("/register").status, 303)
        self.assertEqual(self.signed_in(browser).status, 403)

    def test_another_key_and_none(self):
        mori = self.browser("mori")
        self.assertEqual(self.signed_in(mori).status, 403)
        nobody = self.browser()
        self.assertNotIn("/sign-in/certificate", nobody.get("/sign-in").text)
        self.assertEqual(self.signed_in(nobody).status, 403)


if __name__ == "__main__":
    if shutil.which("openssl") is None:
        print("SKIPPED: openssl is not here")
        sys.exit(0)
    programs.run_tests()
