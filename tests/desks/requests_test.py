#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a hostile request meets at the desks of a running registry: headers, hosts, cookies, forms of other
sites, planted sessions, paths that climb, markup, guesses.

usage: requests_test.py SOURCE_FOLDER BUILD_FOLDER"""
import base64
import html
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from places import Visitor, code, next_code, officer, words  # noqa: E402
from places import programs  # noqa: E402


class Desks(programs.AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.url = cls.tokyo.desks()
        cls.ishikawa = officer(cls.tokyo, "ishikawa")

    def setUp(self):
        self.ishikawa.cookies.pop("valise-language", None)

    def test_every_answer_is_hardened(self):
        for path in ("/sign-in", "/register", "/page.css", "/nothing", "/register/itm-x"):
            headers = self.ishikawa.get(path).headers
            policy = headers["content-security-policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertIn("form-action 'self'", policy)
            for name, value in (("cache-control", "no-store"), ("x-content-type-options", "nosniff"),
                                ("referrer-policy", "same-origin"), ("cross-origin-opener-policy", "same-origin"),
                                ("cross-origin-resource-policy", "same-origin"),
                                ("cross-origin-embedder-policy", "require-corp")):
                self.assertEqual(headers[name], value, path)

    def test_pages_load_nothing_from_outside_and_nothing_inline(self):
        for path in ("/", "/register", "/log", "/acts/enter"):
            page = self.ishikawa.get(path).text
            for wrong in ("http://", "https://", " style=", "<style", "onclick", "javascript:", "data:"):
                self.assertNotIn(wrong, page.replace("http://www.w3.org", ""), path)

    def test_other_names_of_the_host_are_refused(self):
        for host in ("evil.example", "127.0.0.1", "127.0.0.1:1", "", "localhost.evil.example:80", None):
            self.assertIn(self.ishikawa.get("/register", headers={"Host": host}).status, (400, 421), host)
        localhost = self.ishikawa.get("/register", headers={"Host": self.ishikawa.host.replace("127.0.0.1",
                                                                                              "localhost")})
        self.assertEqual(localhost.status, 200)

    def test_a_stranger_sees_nothing(self):
        for path in ("/", "/register", "/people", "/forms/transmittal-note/dsp-x", "/nothing", "/acts/enter"):
            answer = Visitor(self.url).get(path)
            self.assertEqual((answer.status, answer.headers["location"], answer.text), (303, "/sign-in", ""), path)
        self.assertEqual(Visitor(self.url).post("/acts/enter", {}).status, 303)
        for path in ("/api/v1/status", "/healthz", "/readyz", "/api/v1/desk/accounts"):
            self.assertNotEqual(Visitor(self.url).get(path).status, 200, path)

    def test_forms_of_other_sites_are_refused(self):
        token = self.ishikawa.token("/acts/begin-muster")
        fields = {"token": token}
        ways = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                {"Sec-Fetch-Site": "same-site"}, {"Origin": self.url.replace("http", "https")}]
        for headers in ways:
            answer = self.ishikawa.post("/acts/begin-muster", fields, headers)
            self.assertEqual(answer.status, 403, headers)
            self.assertIn("desk.cross_site", answer.text)
        for wrong in ("", "0" * 64, token[:-1], token.upper()):
            self.assertEqual(self.ishikawa.post("/acts/begin-muster", {"token": wrong}).status, 403, wrong)
        self.assertEqual(self.ishikawa.post("/acts/begin-muster", fields,
                                            {"Content-Type": "text/plain"}).status, 400)
        self.assertEqual(self.ishikawa.post("/acts/begin-muster", fields, {"Sec-Fetch-Site": "same-origin"}).status,
                         303)
        # A token of one session is none in another.
        sato = officer(self.tokyo, "sato")
        self.assertEqual(sato.post("/acts/begin-muster", fields).status, 403)

    def test_a_planted_session_is_worth_nothing(self):
        visitor = Visitor(self.url)
        visitor.cookies["valise"] = "0" * 64
        made = self.tokyo.account("nakamura")
        self.assertEqual(visitor.get("/register").status, 303)
        answer = visitor.sign_in("nakamura", made["password"], code(made["secret"]))
        self.assertEqual(answer.status, 303)
        self.assertNotEqual(visitor.cookies["valise"], "0" * 64)
        line = answer.headers["set-cookie"]
        for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(part, line)
        two = Visitor(self.url)
        cookie = self.ishikawa.cookies["valise"]
        self.assertEqual(two.get("/register", headers={"Cookie": f"valise={cookie}; valise={cookie}"}).status, 303)
        # Another browser, with the right cookie.
        self.assertEqual(self.ishikawa.get("/register", headers={"User-Agent": "another"}).status, 303)
        self.assertEqual(self.ishikawa.get("/register").status, 200)

    def test_paths_do_not_climb(self):
        for path in ("/../../etc/passwd", "/page.css/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                     "/forms/..%2f..%2fetc/passwd", "/register/../../state/accounts", "//etc/passwd",
                     "/forms/transmittal-note/../../keys", "/inspector/..%2Fregister"):
            answer = self.ishikawa.get(path)
            self.assertIn(answer.status, (400, 404), path)
            self.assertNotIn("root:", answer.text)

    def test_markup_stays_text(self):
        hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
        for path in ("/register?number=", "/acts/enter?title=", "/acts/grant?reason=", "/register?level=",
                     "/inspector/register?as_of=", "/release?after=", "/"):
            page = self.ishikawa.get(path + "".join(f"%{byte:02x}" for byte in hostile.encode())).text
            self.assertNotIn("<script>alert", page, path)
            self.assertNotIn("<img", page, path)
        answer = self.ishikawa.post("/acts/enter", {"token": self.ishikawa.token("/acts/enter"), "title": hostile,
                                                    "purpose": hostile, "level": "hi", "form": hostile})
        self.assertEqual(answer.status, 400)
        self.assertNotIn("<script>alert", answer.text)
        self.assertIn("alert(1)", answer.text)

    def test_header_splitting_is_none(self):
        for path in ("/register?lang=ja%0d%0aset-cookie:%20x=1", "/register?number=%0d%0ax:y&lang=ja"):
            answer = self.ishikawa.get(path)
            self.assertIsNone(answer.headers["x"])
            self.assertNotIn("x=1", str(answer.headers.get_all("set-cookie")))

    def test_bodies_are_bounded_and_strict(self):
        for body, status in ((b"a=1&a=2", 400), (b"token", 400), (b"a=%zz", 400), (b"a=%ff", 400),
                             (b"&".join(b"f%d=1" % n for n in range(70)), 413)):
            answer = self.ishikawa.send("POST", "/acts/enter", body,
                                        {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url})
            self.assertEqual(answer.status, status, body[:20])
        answer = self.ishikawa.send("POST", "/acts/enter", b"a=" + b"x" * (1 << 20),
                                    {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url})
        self.assertEqual(answer.status, 413)

    def test_guesses_wait_and_lock_nobody_out(self):
        made = self.tokyo.account("kato")
        visitor = Visitor(self.url)
        texts = set()
        for name in ("kato", "nobody-at-all"):
            statuses = []
            while 429 not in statuses and len(statuses) < 20:  # a slow machine outlasts the first pauses
                answer = visitor.sign_in(name, "wrong", "000000")
                statuses.append(answer.status)
                texts.add(words(answer.text).split("Name")[0] if answer.status == 403 else "")
            self.assertEqual(statuses[:5], [403] * 5, name)
            self.assertIn(429, statuses, name)
        self.assertEqual(len(texts - {""}), 1, "a name that is known is answered as one that is not")
        # The right secrets wait a moment at this address, and then they open.
        end = time.monotonic() + 70
        while (answer := visitor.sign_in("kato", made["password"], code(made["secret"]))).status != 303:
            self.assertLess(time.monotonic(), end)
            self.assertEqual(answer.status, 429)
            self.assertGreater(int(answer.headers["retry-after"]), 0)
            time.sleep(1)

    def test_who_came_and_who_was_turned_away_is_written_down(self):
        made = self.tokyo.account("mori")
        visitor = Visitor(self.url)
        visitor.sign_in("mori", "wrong", "000000")
        visitor.sign_in("my password in the wrong field", "x", "000000")
        visitor.sign_in("mori", made["password"], code(made["secret"]))
        visitor.post("/acts/begin-muster", {"token": "forged"})
        path = self.tokyo.folder / "state" / "security.log"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        text = path.read_text(encoding="ascii")
        lines = [json.loads(line) for line in text.splitlines()]
        of = [(line["what"], line.get("reason", "")) for line in lines if line.get("who") == "mori"]
        self.assertIn(of[-4], [("account-made", "password"), ("account-made", "password, anew")])
        self.assertEqual(of[-3:], [("sign-in-refused", "desk.sign_in"), ("sign-in", ""),
                              ("form-refused", "desk.cross_site")])
        self.assertTrue(all(line["at"] and ("address" in line or line["what"].startswith("account"))
                            for line in lines))
        for secret in ("my password", made["password"], made["secret"]):
            self.assertNotIn(secret, text)

    def test_a_code_counts_once(self):
        made = self.tokyo.account("mori")
        one = code(made["secret"])
        self.assertEqual(Visitor(self.url).sign_in("mori", made["password"], one).status, 303)
        self.assertEqual(Visitor(self.url).sign_in("mori", made["password"], one).status, 403)

    def test_who_is_revoked_is_out_at_once(self):
        watanabe = officer(self.tokyo, "watanabe")
        self.assertEqual(watanabe.get("/register").status, 200)
        self.done(self.tokyo, "person", "revoke", f"{self.tokyo.key('watanabe')}.pub", "--what", "person",
                  person="ishikawa")
        self.assertEqual(watanabe.get("/register").status, 303)
        answer = watanabe.sign_in("watanabe", watanabe.password, next_code(watanabe.secret))
        self.assertEqual(answer.status, 403)
        status, value = programs.ask(self.tokyo, "desk", "account", f"{self.tokyo.key('watanabe')}.pub", "--name",
                                     "watanabe")
        self.assertNotEqual(status, 0, value)

    def test_an_account_that_is_made_anew_or_ended_ends_its_sessions(self):
        okada = officer(self.tokyo, "okada")
        self.tokyo.account("okada")
        self.assertEqual(okada.get("/register").status, 303)
        okada = officer(self.tokyo, "okada")
        self.done(self.tokyo, "desk", "end", f"{self.tokyo.key('okada')}.pub")
        self.assertEqual(okada.get("/register").status, 303)

    def test_signing_out_ends_the_session_at_the_registry(self):
        tanaka = officer(self.tokyo, "tanaka")
        cookie = tanaka.cookies["valise"]
        self.assertEqual(tanaka.post("/sign-out", {"token": tanaka.token("/account")}).status, 303)
        tanaka.cookies["valise"] = cookie
        self.assertEqual(tanaka.get("/register").status, 303)

    def test_only_the_person_at_the_desk_signs(self):
        fields = {"token": self.ishikawa.token("/acts/begin-muster")}
        at = self.ishikawa.post("/acts/begin-muster", fields).headers["location"]
        page = self.ishikawa.get(at).text
        text = page.split('id="to-sign"')[1].split(">")[1].split("<")[0]
        signing = ["sign", "--yes"]
        done = programs.call("valise", *signing, stdin=text.encode(), environment=self.tokyo.acting("sato"))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cli.other_signer", done.stderr)
        # By its code, over the registry's own socket.
        done = programs.call("valise", *signing, "--print", at.split("/")[-1],
                             environment=self.tokyo.acting("ishikawa"))
        self.assertEqual(done.returncode, 0, done.stderr)
        mine = done.stdout.decode().strip()
        token = self.ishikawa.token(at)
        sato = officer(self.tokyo, "sato")
        self.assertEqual(sato.get(at).status, 404, "what one prepared another does not see")
        flipped = base64.b64encode(bytes(byte ^ (1 if at_ == 200 else 0)
                                         for at_, byte in enumerate(base64.b64decode(mine)))).decode()
        for wrong in ("", "!", mine[:-8], flipped):
            self.assertEqual(self.ishikawa.post(at, {"token": token, "signed": wrong}).status, 400)
        self.assertEqual(self.ishikawa.post(at, {"token": token, "signed": mine}).status, 303)
        self.assertIn("Permitted and recorded", words(self.ishikawa.get(at).text))

    def shown_command(self, page: str, name: str) -> str:
        return html.unescape(re.search(rf'id="{name}"[^>]*>([^<]*)<', page)[1])

    def typed(self, command: str):
        """What a person copied from a page, in a shell, as it stands there."""
        return subprocess.run(command, shell=True, check=False, capture_output=True, cwd=self.both.folder,
                              env={"PATH": os.environ["PATH"]})

    def test_the_command_that_a_page_shows_signs_and_hands_in(self):
        fields = {"token": self.ishikawa.token("/acts/begin-muster")}
        at = self.ishikawa.post("/acts/begin-muster", fields).headers["location"]
        page = self.ishikawa.get(at).text
        command = self.shown_command(page, "sign-command")
        self.assertIn(at.split("/")[-1], command)
        before = self.done(self.tokyo, "status")["events"]
        other = self.typed(command.replace("ishikawa.key", "sato.key") + " --yes")
        self.assertEqual(other.returncode, 1)
        self.assertIn(b"cli.other_signer", other.stderr)
        self.assertEqual(self.typed(command + " --dry-run").returncode, 0)
        self.assertEqual(self.done(self.tokyo, "status")["events"], before, "nothing is recorded yet")
        for _ in range(2):  # once more is the same answer
            done = self.typed(command + " --yes")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(b"permitted by", done.stdout)
            self.assertIn(b"begin-muster at the registry of JPN", done.stderr)
        page = self.ishikawa.get(at).text
        self.assertIn("Permitted and recorded", page)
        self.assertNotIn("sign-command", page)
        self.assertNotIn("to-sign", page)
        self.assertLessEqual(self.done(self.tokyo, "status")["events"], before + 2, "recorded once, with its outcome")
        self.assertEqual(self.typed(command.replace(at.split("/")[-1], "aaaa-aaaa") + " --yes").returncode, 2)

    def test_the_command_that_enters_a_document(self):
        tanaka = officer(self.tokyo, "tanaka")
        hostile = "it's $(touch climbed) `touch climbed`; touch climbed"
        fields = {"level": "hi", "purpose": "exercise", "title": hostile, "release_to": "UKR",
                  "file": str(programs.SOURCE / "examples" / "weather-exercise.pdf"), "review": "2027-06-01T00:00"}
        token = {"token": tanaka.token("/enter-document")}
        self.assertEqual(tanaka.post("/enter-document", token | fields | {"title": ""}).status, 400)
        page = tanaka.post("/enter-document", token | fields)
        self.assertEqual(page.status, 200)
        command = self.shown_command(page.text, "enter-command")
        entered = self.typed(command + " --json")
        self.assertEqual(entered.returncode, 0, entered.stderr)
        self.assertFalse((self.both.folder / "climbed").exists())
        number = json.loads(entered.stdout)["number"]
        self.assertIn(number, tanaka.get("/register?order=newest").text)
        # A purpose as the pages spell it; one that nobody knows is refused before anything is recorded.
        spelt = self.typed(command.replace("--purpose exercise", "--purpose 'exercise or TEST'") + " --json")
        self.assertEqual(spelt.returncode, 0, spelt.stderr)
        before = self.done(self.tokyo, "status")["events"]
        wrong = self.typed(command.replace("--purpose exercise", "--purpose picnic"))
        self.assertEqual(wrong.returncode, 2)
        self.assertIn(b"cli.purpose", wrong.stderr)
        self.assertIn(b"exercise (Exercise or test)", wrong.stderr)
        self.assertEqual(self.done(self.tokyo, "status")["events"], before)
        agreement = words(tanaka.get("/agreement").text)
        self.assertRegex(agreement, r"Exercise or test\s+exercise")

    def test_forms_print(self):
        pdf = self.ishikawa.get("/forms/transmittal-note/dsp-aeaqcaibaeaqcaib")
        self.assertEqual(pdf.status, 404)


class TlsAndLoopback(programs.unittest.TestCase):
    """A certificate of the operator; without one, loopback addresses alone."""

    def setUp(self):
        self.folder = programs.short_folder()
        self.addCleanup(programs.remove, self.folder)
        page = programs.Transcript(programs.SOURCE, self.folder, programs.PROGRAMS)
        self.place = programs.Registry(page, "tokyo", "JPN", programs.quiet_port(), programs.quiet_port())
        self.addCleanup(self.place.stop)
        self.place.prepare()
        for person in ("ishikawa", "sato"):
            self.place.make_key(person, person)
        self.place.create("ishikawa", "sato")
        self.config = self.place.folder / "registry.toml"

    def test_plain_elsewhere_is_refused(self):
        text = self.config.read_text()
        self.config.write_text(text.replace(f'listen = "127.0.0.1:{self.place.desk_port}"', 'listen = "0.0.0.0:0"'))
        self.place.start("valise-keys")
        done = programs.call("valised", "--config", self.config)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"daemon.config", done.stderr)

    # The desks listen a moment after the registry's own socket answers.
    def connected(self) -> socket.socket:
        for _ in range(200):
            try:
                return socket.create_connection(("127.0.0.1", self.place.desk_port), timeout=10)
            except ConnectionRefusedError:
                time.sleep(0.05)
        return socket.create_connection(("127.0.0.1", self.place.desk_port), timeout=10)

    def test_tls(self):
        import ssl
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.place.folder / "desk.key", "-out", self.place.folder / "desk.crt", "-days", "1",
                        "-subj", "/CN=desk.example", "-addext", "subjectAltName=DNS:desk.example"],
                       check=True, capture_output=True)
        (self.place.folder / "desk.key").chmod(0o600)
        self.config.write_text(self.config.read_text() +
                               'certificate = "desk.crt"\nkey = "desk.key"\nhosts = ["desk.example"]\n')
        self.place.start_all()
        self.assertEqual(self.place.desks(), f"https://desk.example:{self.place.desk_port}")
        context = ssl.create_default_context(cafile=str(self.place.folder / "desk.crt"))

        def ask(wanted=context) -> str:
            with self.connected() as raw, wanted.wrap_socket(raw, server_hostname="desk.example") as link:
                self.version = link.version()
                link.sendall(b"GET /sign-in HTTP/1.1\r\nhost: desk.example\r\nconnection: close\r\n\r\n")
                out = b""
                while piece := link.recv(65536):
                    out += piece
                return out.decode()

        answer = ask()
        self.assertEqual(self.version, "TLSv1.3")
        self.assertIn("HTTP/1.1 200", answer)
        self.assertIn("strict-transport-security", answer)
        self.assertIn("Secure", answer.split("set-cookie:")[1].split("\r\n")[0])
        old = ssl.create_default_context(cafile=str(self.place.folder / "desk.crt"))
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.assertRaises(ssl.SSLError):
            ask(old)


if __name__ == "__main__":
    programs.run_tests()
