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
        for name in ("nakamura", "mori"):
            cls.make(name, f"/CN={name}", "-not_after", "20200101000000Z" if name == "nakamura" else "20990101000000Z",
                     "-not_before", "20190101000000Z")
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
    def make(cls, name: str, subject: str, *more: str):
        key, certificate = cls.folder / f"{name}.key", cls.folder / f"{name}.crt"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                 str(key), "-out", str(certificate), "-days", "2", "-subj", subject]
        done = subprocess.run([*words, *more], capture_output=True, check=False)
        if done.returncode != 0 and "-not_after" in more:  # openssl of before 3.4 makes no certificate of the past
            done = subprocess.run(words, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        key.chmod(0o600)

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
