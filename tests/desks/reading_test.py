#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Reading desk with the real programs: a document goes from Tokyo to Kyiv, is accepted, issued and opened over
HTTP; what is hostile, of another kind or without a renderer says so.

usage: reading_test.py SOURCE_FOLDER BUILD_FOLDER"""
import http.client
import pathlib
import re
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from places import Visitor, officer, programs, words  # noqa: E402

PNG = b"\x89PNG\r\n\x1a\n"


def tail(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


class Reading(programs.AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.done(cls.kyiv, "person", "clear", f"{cls.kyiv.key('kovalenko')}.pub", "--level", "tsilkom-taiemno",
                 "--until", "+300d", person="shevchenko")
        cls.reader = officer(cls.kyiv, "bondarenko")
        cls.kovalenko = officer(cls.kyiv, "kovalenko")

    def arrived(self, file: pathlib.Path) -> str:
        """The number in Kyiv of what was entered in Tokyo, released by two, and dispatched; issued to bondarenko."""
        item = self.done(self.tokyo, "item", "enter", file, "--level", "gokuhi", "--purpose", "exercise", "--title",
                         file.name, person="tanaka")["number"]
        for person in ("yamada", "kobayashi"):
            self.done(self.tokyo, "release", "approve", item, "--to", "UKR", person=person)
        sent = self.done(self.tokyo, "dispatch", "send", item, "--to", "UKR", person="ishikawa")["dispatch"]
        self.done(self.tokyo, "dispatch", "wait", sent, "--until", "custody_receipted", "--timeout", "60")
        got = self.done(self.kyiv, "dispatch", "show", sent)["item"]
        self.done(self.kyiv, "person", "grant", f"{self.kyiv.key('bondarenko')}.pub", "--item", got, "--purpose",
                  "exercise", "--until", "+30d", person="kovalenko")
        copy = self.done(self.kyiv, "item", "show", got)["copies"][0]["copy"]
        self.done(self.kyiv, "copy", "issue", copy, "--to", f"{self.kyiv.key('bondarenko')}.pub", "--purpose",
                  "exercise", "--due", "+14d", person="kovalenko")
        return got

    def written(self, name: str, content: bytes) -> pathlib.Path:
        path = self.both.folder / name
        path.write_bytes(content)
        return path

    def signed(self, visitor: Visitor, link: str) -> str:
        """Prepares the act behind a link of the Reading desk, signs it, hands it in; the page that answers."""
        fields = dict(re.findall(r"(\w+)=([^&\"]*)", link.split("?")[1]))
        return self.handed_in(visitor, "open", fields, b"the Reading desk, as images")

    def handed_in(self, visitor: Visitor, kind: str, fields: dict, said: bytes) -> str:
        answer = visitor.post(f"/acts/{kind}", fields | {"token": visitor.token(f"/acts/{kind}")})
        self.assertEqual(answer.status, 303, answer.text)
        at = answer.headers["location"]
        page = visitor.get(at).text
        # Before the signature: what would be decided, and by which clauses.
        self.assertIn("The agreement would", page)
        self.assertIn("need-to-know", page)
        text = re.search(r'id="to-sign"[^>]*>([^<]*)<', page)[1]
        signed = programs.call("valise", "sign", "--yes", "--as", self.kyiv.key(visitor.name), "--passphrase-file",
                               self.kyiv.person_passphrase, stdin=text.encode())
        self.assertEqual(signed.returncode, 0, signed.stderr)
        self.assertIn(said, signed.stderr)
        answer = visitor.post(at, {"token": visitor.token(at), "signed": signed.stdout.decode()})
        self.assertEqual(answer.status, 303, answer.text)
        return visitor.get(at).text

    def link_to(self, item: str) -> str:
        number = self.done(self.kyiv, "item", "show", item)["item"]
        page = self.reader.get("/reading").text.replace("&amp;", "&")
        return next(link for link in re.findall(r'href="(/acts/open\?[^"]*)"', page) if number in link)

    def permitted(self, item: str) -> str:
        """Where the document of this item is shown, once it is permitted."""
        page = self.signed(self.reader, self.link_to(item))
        self.assertIn("Permitted and recorded", page)
        return re.search(r'href="(/reading/\d+)"', page)[1]

    def show(self, at: str):
        return self.reader.post(at, {"token": self.reader.token("/reading")})

    def test_from_the_dispatch_to_the_page(self):
        item = self.arrived(programs.SOURCE / "examples" / "weather-exercise.pdf")
        at = self.permitted(item)
        before = self.done(self.kyiv, "status")["events"]
        self.assertEqual(self.reader.get(at + "/1").status, 404)
        answer = self.show(at)
        self.assertEqual((answer.status, answer.headers["location"]), (303, at), words(answer.text))
        self.assertEqual(self.done(self.kyiv, "status")["events"], before + 1)  # its outcome
        page = self.reader.get(at)
        self.assertEqual(page.headers["cache-control"], "no-store")
        self.assertIn("Цілком таємно", page.text)
        link = self.reader.get(at + "/1")
        self.assertEqual((link.headers["content-type"], link.headers["cache-control"]), ("image/png", "no-store"))
        image = self.image(self.reader, at + "/1")
        self.assertTrue(image.startswith(PNG))
        width, height = struct.unpack(">II", image[16:24])
        self.assertEqual(max(width, height), 1700)
        # Nobody else's, and nobody's at all.
        self.assertEqual(self.kovalenko.get(at).status, 404)
        self.assertEqual(self.kovalenko.get(at + "/1").status, 404)
        self.assertEqual(Visitor(self.reader.url).get(at + "/1").status, 303)
        self.reader.post(at + "/close", {"token": self.reader.token("/reading")})
        self.assertEqual(self.reader.get(at + "/1").status, 404)
        # Neither program wrote the document or its images anywhere.
        document = (programs.SOURCE / "examples" / "weather-exercise.pdf").read_bytes()
        for path in self.kyiv.folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                self.assertNotIn(document[200:264], content, path)
                self.assertNotIn(PNG, content, path)

    def image(self, visitor: Visitor, at: str) -> bytes:
        link = http.client.HTTPConnection(visitor.host, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        link.request("GET", at, headers={"Cookie": cookies, "User-Agent": "a test of the desks"})
        content = link.getresponse().read()
        link.close()
        return content

    def test_what_refuses_is_said_before_and_after_the_signature(self):
        item = self.arrived(self.written("note.txt", "Текст\n".encode()))
        refused = self.signed(self.kovalenko, self.link_to(item))
        self.assertIn("Refused by the agreement", refused)
        self.assertNotIn('href="/reading/', refused.split("<main")[1])

    def test_text_is_shown(self):
        at = self.permitted(self.arrived(self.written("text.txt", "情報の記録\nЗапис\n".encode() * 200)))
        self.assertEqual(self.show(at).status, 303)
        self.assertIn("?page=2", self.reader.get(at).text)
        self.assertEqual(self.reader.get(at + "?page=999").status, 404)

    def test_a_print_is_a_copy_of_the_register(self):
        item = self.arrived(programs.SOURCE / "examples" / "weather-exercise.pdf")
        entry = self.done(self.kyiv, "item", "show", item)
        ordered = self.done(self.kyiv, "copy", "make", item, "--form", "paper", "--reason", "to write on",
                            person="kovalenko")["copy"]
        due = time.strftime("%Y-%m-%dT00:00", time.gmtime(time.time() + 10 * 86400))
        page = self.handed_in(self.reader, "print",
                              {"item": item, "copy": entry["copies"][0]["copy"], "purpose": "exercise", "due": due,
                               "print": ordered, "reason": "to write on"}, b"a numbered copy that you answer for")
        self.assertIn("Permitted and recorded", page)
        at = re.search(r'href="(/prints/\d+)"', page)[1]
        self.assertIn(at, self.reader.get("/reading").text)
        self.assertEqual(self.kovalenko.get(at).status, 404)
        answer = self.reader.post(at, {"token": self.reader.token("/reading")})
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/pdf"))
        self.assertTrue(answer.headers["content-disposition"].startswith("attachment"))
        self.assertTrue(answer.content.startswith(b"%PDF-1.4\n"))
        pages = answer.content.count(b"/Type /Page ")
        self.assertGreater(pages, 0)
        copy = self.done(self.kyiv, "copy", "show", ordered)
        self.assertEqual((copy["form"], copy["state"], copy["pages"]), ("paper", "issued", pages), copy)
        self.assertEqual(self.reader.get(at).status, 404)
        # Wherever the programs keep anything, the print is not there.
        for path in self.kyiv.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"%PDF-1.4", path.read_bytes(), path)
        # Without an order the agreement says no, and the book says that somebody asked.
        page = self.handed_in(self.reader, "print",
                              {"item": item, "copy": entry["copies"][0]["copy"], "purpose": "exercise", "due": due,
                               "reason": "to write on"}, b"a numbered copy that you answer for")
        self.assertIn("Refused by the agreement", page)

    def test_hostile_and_strange_documents_say_why(self):
        office = pathlib.Path("/usr/lib/libreoffice/program/soffice.bin").exists()
        for name, content, reason in (
                ("report.docx", b"PK\x03\x04[Content_Types].xml" + bytes(200), "render.office"),
                ("blob.pdf", bytes(range(256)), "render.kind"),
                ("bad.pdf", b"%PDF-1.7\nnothing", "render.damaged"),
                ("bomb.png", PNG + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 90000, 90000, 8, 2, 0, 0, 0) + bytes(99),
                 "render.too_large")):
            if office and reason == "render.office":
                print("left out: LibreOffice is installed and draws the broken office documents of this table")
                continue
            at = self.permitted(self.arrived(self.written(name, content)))
            answer = self.show(at)
            self.assertEqual(answer.status, 422, name)
            self.assertIn(reason, answer.text, name)
            self.assertEqual(self.reader.get(at).status, 404, name)

    def test_without_a_renderer_it_waits(self):
        at = self.permitted(self.arrived(self.written("later.txt", b"later\n")))
        self.kyiv.stop_one("valise-render")
        answer = self.show(at)
        self.assertEqual(answer.status, 503)
        self.assertIn("adapters.renderer_down", answer.text)
        self.assertIn(at, self.reader.get("/reading").text)
        self.kyiv.start("valise-render")
        self.assertEqual(self.show(at).status, 303)
        self.assertEqual(self.reader.get(at).status, 200)

    def test_the_renderer_says_what_holds_it(self):
        said = tail(self.kyiv.folder / "valise-render.log")
        self.assertIn("system calls, limits", said)
        if "namespaces, landlock" not in said:
            print("SKIPPED: this machine gives no namespaces or no landlock:", said)

    def test_in_three_languages(self):
        for language, title in (("en", "Reading"), ("ja", "閲覧"), ("uk", "Читання")):
            self.assertEqual(self.reader.get(f"/reading?lang={language}").status, 303)
            self.assertIn(f"<h1>{title}</h1>", self.reader.get("/reading").text)
        self.reader.get("/reading?lang=en")


if __name__ == "__main__":
    programs.run_tests()
