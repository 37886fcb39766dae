#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sign-in at a real OpenID Connect issuer: a Keycloak that this test starts under TLS, had from Maven Central as its
users have it. SKIPPED where Java, Maven, openssl or the archive are not to be had (docs/interop.md).

usage: openid_test.py SOURCE_FOLDER BUILD_FOLDER"""
import html
import http.cookiejar
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from places import Visitor, programs, words  # noqa: E402
from registry import end_with_parent  # noqa: E402

VERSION = "26.0.8"  # the newest line that runs on Java 17
ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
SUBJECT = "8a7f4b1e-0c7e-4a51-9d4e-2f6f3c1f0a11"
SECRET = "s3cret of the desks/+&"
PASSWORD = "a password at the ministry"
STARTS = 420  # seconds; it builds itself first


def skip(reason: str):
    print(f"SKIPPED: {reason}")
    sys.exit(0)


def keycloak() -> pathlib.Path:
    """Unpacked once for a build folder."""
    folder = programs.BUILD / "tests" / "desks" / "keycloak"
    home = folder / f"keycloak-{VERSION}"
    if (folder / "unpacked").exists():
        return home
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
                           f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"], capture_output=True, check=False)
    archive = folder / f"keycloak-quarkus-dist-{VERSION}.zip"
    if done.returncode != 0 or not archive.exists():
        skip("Keycloak is not to be had from the Maven repository at hand")  # whose name Maven's words hold
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    archive.unlink()
    (home / "bin" / "kc.sh").chmod(0o755)
    (folder / "unpacked").touch()
    return home


def certificates(folder: pathlib.Path):
    """An authority of our own, and a certificate from it for localhost."""
    def run(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "3", "-subj", "/CN=Test authority")
    run("req", *curve, "-keyout", "id.key", "-out", "id.csr", "-subj", "/CN=localhost")
    (folder / "id.ext").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n", encoding="ascii")
    run("x509", "-req", "-in", "id.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-out",
        "id.pem", "-extfile", "id.ext")


def realm(desks: str) -> dict:
    """One client that must send a code challenge, two people."""
    def user(name, subject):
        return {"id": subject, "username": name, "enabled": True, "email": f"{name}@ministry.example",
                "emailVerified": True, "firstName": name, "lastName": name,
                "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}]}
    client = {"clientId": "valise-desks", "enabled": True, "publicClient": False, "secret": SECRET,
              "standardFlowEnabled": True, "directAccessGrantsEnabled": False,
              "redirectUris": [f"{desks}/sign-in/openid/back"],
              "attributes": {"pkce.code.challenge.method": "S256"}}
    return {"realm": "mofa", "enabled": True, "clients": [client],
            "users": [user("nakamura", SUBJECT), user("stranger", "11111111-0c7e-4a51-9d4e-2f6f3c1f0a11")]}


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows the issuer's own redirections and stops where it leads back to the desks."""

    def redirect_request(self, request, file, code, message, headers, target):
        return None


class Browser:
    """At the issuer: keeps its cookies, fills in its form."""

    def __init__(self, authority: pathlib.Path):
        context = ssl.create_default_context(cafile=str(authority))
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), Stays(),
                                                  urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, url: str, fields: dict | None = None):
        body = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            answer = self.opener.open(urllib.request.Request(url, body), timeout=120)
        except urllib.error.HTTPError as other:
            answer = other
        return answer.headers.get("location"), answer.read().decode("utf-8", "replace")

    def sign_in(self, url: str, name: str, password: str = PASSWORD) -> str:
        """Where the issuer sends the person on to."""
        _, page = self.open(url)
        action = re.search(r'<form[^>]*action="([^"]*)"', page)
        assert action, page[-2000:]
        where, page = self.open(html.unescape(action[1]), {"username": name, "password": password})
        assert where, page[-2000:]
        return where


class AtTheIssuer(programs.AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.folder = cls.both.folder / "issuer"
        cls.folder.mkdir()
        certificates(cls.folder)
        cls.url = cls.tokyo.desks().replace("127.0.0.1", "localhost")
        cls.port = programs.quiet_port()
        cls.issuer = f"https://localhost:{cls.port}/realms/mofa"
        cls.start_issuer()
        cls.configure()

    @classmethod
    def start_issuer(cls):
        home = cls.folder / "home"
        shutil.copytree(KEYCLOAK, home, symlinks=True)
        imported = home / "data" / "import"
        imported.mkdir(parents=True, exist_ok=True)
        (imported / "mofa-realm.json").write_text(json.dumps(realm(cls.url)), encoding="utf-8")
        log = open(cls.folder / "log", "wb")  # noqa: SIM115  (the program's, as long as it lives)
        cls.program = subprocess.Popen(
            [str(home / "bin" / "kc.sh"), "start-dev", "--import-realm", "--http-enabled=false",
             f"--https-port={cls.port}", "--hostname-strict=false", f"--https-certificate-file={cls.folder}/id.pem",
             f"--https-certificate-key-file={cls.folder}/id.key"], stdout=log, stderr=log,
            env=programs.without_valise(os.environ) | {"JAVA_OPTS": "-Xms64m -Xmx512m"}, preexec_fn=end_with_parent,
            start_new_session=True)
        cls.addClassCleanup(log.close)
        cls.addClassCleanup(cls.stop_issuer)
        end = time.monotonic() + STARTS
        while time.monotonic() < end and cls.program.poll() is None:
            try:
                if "authorization_endpoint" in Browser(cls.folder / "ca.pem").open(
                        f"{cls.issuer}/.well-known/openid-configuration")[1]:
                    return
            except OSError:
                pass
            time.sleep(1)
        raise AssertionError((cls.folder / "log").read_text(encoding="utf-8", errors="replace")[-4000:])

    @classmethod
    def stop_issuer(cls):
        if cls.program.poll() is None:
            os.killpg(cls.program.pid, 15)
            cls.program.wait(60)

    @classmethod
    def configure(cls):
        (cls.folder / "secret").touch(mode=0o600)
        (cls.folder / "secret").write_text(SECRET + "\n", encoding="utf-8")
        path = cls.tokyo.folder / "registry.toml"
        text = path.read_text(encoding="utf-8")
        assert text.count("[people]") == 1, text
        path.write_text(text + f"""
[people.openid]
issuer = "{cls.issuer}"
client = "valise-desks"
secret = "{cls.folder}/secret"
authorities = "{cls.folder}/ca.pem"
name = "Ministry account"
""", encoding="utf-8")
        cls.tokyo.stop_one("valised")
        cls.tokyo.start("valised")
        cls.url = cls.tokyo.desks().replace("127.0.0.1", "localhost")
        cls.give("nakamura", SUBJECT)

    @classmethod
    def give(cls, person: str, subject: str) -> dict:
        return cls.tokyo.asked("desk", "account", f"{cls.tokyo.key(person)}.pub", "--name", person, "--issuer",
                               cls.issuer, "--subject", subject)

    def begun(self) -> tuple:
        visitor = Visitor(self.url)
        page = visitor.get("/sign-in").text
        self.assertIn("Ministry account", page)
        answer = visitor.get("/sign-in/openid")
        self.assertEqual(answer.status, 303, answer.text)
        where = answer.headers["location"]
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        self.assertEqual(asked["code_challenge_method"], "S256")
        self.assertEqual(asked["redirect_uri"], f"{self.url}/sign-in/openid/back")
        return visitor, where, asked

    def back(self, visitor: Visitor, where: str):
        self.assertTrue(where.startswith(f"{self.url}/sign-in/openid/back?"), where)
        return visitor.get(where[len(self.url):])

    def test_who_has_an_account_is_in_by_their_account_there(self):
        visitor, where, _ = self.begun()
        returned = Browser(self.folder / "ca.pem").sign_in(where, "nakamura")
        answer = self.back(visitor, returned)
        self.assertEqual(answer.status, 200, words(answer.text))
        self.assertEqual(answer.headers["refresh"], "0; url=/")
        self.assertEqual(visitor.get("/register").status, 200)
        self.assertIn("nakamura", visitor.get("/").text)
        # It conferred a way in and nothing else: no password of it can be changed, and no act signed.
        self.assertNotIn("Present password", visitor.get("/account").text)
        # The answer counts once, and in the browser that began it.
        again = self.back(visitor, returned)
        self.assertEqual(again.status, 403)

    def test_a_screen_left_signed_in_there_asks_for_the_password(self):
        browser = Browser(self.folder / "ca.pem")
        visitor, where, _ = self.begun()
        self.assertEqual(self.back(visitor, browser.sign_in(where, "nakamura")).status, 200)
        _, where, asked = self.begun()
        self.assertEqual((asked["prompt"], asked["max_age"]), ("login", "0"))
        location, page = browser.open(where)
        self.assertIsNone(location, "the issuer sends on whoever sits there")
        self.assertIn('type="password"', page)

    def test_an_answer_belongs_to_the_browser_that_began(self):
        _, where, _ = self.begun()
        returned = Browser(self.folder / "ca.pem").sign_in(where, "nakamura")
        other, _, _ = self.begun()
        self.assertEqual(self.back(other, returned).status, 403)
        self.assertEqual(self.back(Visitor(self.url), returned).status, 403)

    def test_a_stranger_there_is_a_stranger_here(self):
        visitor, where, _ = self.begun()
        answer = self.back(visitor, Browser(self.folder / "ca.pem").sign_in(where, "stranger"))
        self.assertEqual(answer.status, 403)
        self.assertIn("nobody here has an account of theirs", words(answer.text))
        log = self.tokyo.folder / "state" / "security.log"
        self.assertIn("desk.openid, subject 11111111-", log.read_text(encoding="utf-8"))
        self.assertEqual(visitor.get("/register").status, 303)

    def test_answers_that_were_changed_on_the_way(self):
        for change in (lambda query: query | {"state": ("B" if query["state"][0] == "A" else "A") + query["state"][1:]},
                       lambda query: query | {"code": query["code"][:-1]},
                       lambda query: query | {"iss": "https://localhost/realms/other"},
                       lambda query: {name: value for name, value in query.items() if name != "iss"},
                       lambda query: {"state": query["state"], "iss": query["iss"], "error": "access_denied"}):
            visitor, where, _ = self.begun()
            returned = Browser(self.folder / "ca.pem").sign_in(where, "nakamura")
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(returned).query))
            answer = visitor.get("/sign-in/openid/back?" + urllib.parse.urlencode(change(query)))
            self.assertEqual(answer.status, 403, words(answer.text))
            self.assertEqual(visitor.get("/register").status, 303)

    def test_who_left_is_out_whatever_the_issuer_says(self):
        tokyo = self.tokyo
        self.give("mori", "11111111-0c7e-4a51-9d4e-2f6f3c1f0a11")
        visitor, where, _ = self.begun()
        self.assertEqual(self.back(visitor, Browser(self.folder / "ca.pem").sign_in(where, "stranger")).status, 200)
        self.assertEqual(visitor.get("/register").status, 200)
        tokyo.asked("desk", "end", f"{tokyo.key('mori')}.pub")
        self.assertEqual(visitor.get("/register").status, 303)
        visitor, where, _ = self.begun()
        self.assertEqual(self.back(visitor, Browser(self.folder / "ca.pem").sign_in(where, "stranger")).status, 403)


if __name__ == "__main__":
    for needed in ("java", "mvn", "openssl"):
        if shutil.which(needed) is None:
            skip(f"{needed} is not here")
    KEYCLOAK = keycloak()
    programs.run_tests()
