#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Forms from real registries: printed, looked at with other people's tools (poppler, zbar), and proved from the
evidence of either party. Set VALISE_KEEP_FORMS to a folder to look at the pages yourself.

usage: forms_test.py SOURCE_FOLDER BUILD_FOLDER [TEST…]"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from programs import TwoRegistries, ask, call, run_tests

KINDS = {"transmittal": ("transmittal",), "custody": ("receipt", "custody"), "contents": ("receipt", "contents")}
TOKYO = ("Office of the Exchange Registry", "2-4-12 Nagatacho, Chiyoda-ku", "Tokyo 100-8914", "JAPAN")
KYIV = ("Секретаріат реєстратури", "вул. Володимирська, 33", "01601 Київ", "УКРАЇНА")
TOOLS = unittest.skipUnless(shutil.which("pdftoppm") and shutil.which("zbarimg"),
                            "poppler-utils and zbar-tools are not installed")


def tool(*words) -> str:
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=60).stdout.decode()


class Forms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.both = TwoRegistries()
        cls.addClassCleanup(cls.both.end)
        cls.tokyo, cls.kyiv = cls.both.places
        cls.folder = pathlib.Path(os.environ.get("VALISE_KEEP_FORMS") or cls.both.folder)
        cls.folder.mkdir(exist_ok=True)
        cls.item = cls.both.story.item
        for person in ("yamada", "kobayashi"):
            cls.tokyo.valise("released", "release", "approve", cls.item, "--to", "UKR", person=person)
        cls.both.story.passes(cls.tokyo, cls.kyiv, cls.item, "ishikawa", "bondarenko", "kovalenko",
                              "weather-exercise.pdf", "")
        cls.dispatch = ask(cls.tokyo, "dispatch", "list")[1]["dispatches"][0]["dispatch"]
        cls.files, cls.answers = {}, {}
        for place in cls.both.places:
            for kind, words in KINDS.items():
                file = cls.folder / f"{place.city}-{kind}.pdf"
                file.unlink(missing_ok=True)
                status, answer = ask(place, "form", *words, cls.dispatch, "-o", file)
                if status != 0:
                    raise AssertionError(answer)
                cls.files[place.city, kind], cls.answers[place.city, kind] = file, answer
            evidence = cls.both.folder / f"{place.city}.evidence"
            if ask(place, "evidence", "export", "-o", evidence)[0] != 0:
                raise AssertionError("no evidence")
        cls.evidence = {place.city: cls.both.folder / f"{place.city}.evidence" for place in cls.both.places}

    def verify(self, named, city: str, *more) -> tuple:
        done = call("valise-verify", "form", named, "--evidence", self.evidence[city], "--fingerprint",
                    self.both.page.artifacts["fingerprint"], "--json", *more)
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    def test_both_parties_print_the_same_bytes(self):
        for kind in KINDS:
            self.assertEqual(self.files["tokyo", kind].read_bytes(), self.files["kyiv", kind].read_bytes(), kind)

    @TOOLS
    def test_the_qr_code_is_scanned_and_leads_to_the_event(self):
        for (city, kind), file in self.files.items():
            with self.subTest(city=city, kind=kind):
                tool("pdftoppm", "-r", "150", "-png", file, file.with_suffix(""))
                pages = sorted(file.parent.glob(f"{file.stem}-*.png"))
                self.assertEqual(len(pages), 1, "a form of one dispatch fits on one sheet")
                page = pages[0]
                scanned = tool("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", page).strip()
                self.assertEqual(scanned, self.answers[city, kind]["code"])
                for holder in self.evidence:
                    status, value = self.verify(scanned, holder)
                    self.assertEqual((status, value["verified"]), (0, True), value)
                    self.assertEqual(value["found"]["form"], self.answers[city, kind]["form"])
                status, value = self.verify(scanned, city)
                self.assertEqual(value["found"]["event"], self.answers[city, kind]["event"]["index"])

    def test_the_file_and_the_typed_digits_do_as_well(self):
        answer = self.answers["tokyo", "custody"]
        digits = " ".join(re.findall("....", answer["digest_hex"]))
        for named in (self.files["tokyo", "custody"], digits, answer["digest_hex"].upper()):
            self.assertEqual(self.verify(named, "tokyo")[0], 0, named)
        wrong = ("0" if digits[0] != "0" else "1") + digits[1:]
        self.assertEqual(self.verify(wrong, "tokyo")[0], 3)
        self.assertEqual(self.verify("no digits", "tokyo")[0], 2)

    @TOOLS
    def test_the_words_are_on_the_paper_and_no_level_on_a_receipt(self):
        for kind, words in (("transmittal", ("送付書", "Супровідний лист", "極秘")),
                            ("custody", ("保管受領証", "Розписка про приймання")),
                            ("contents", ("内容受領証", "Розписка про зміст", "без зауважень"))):
            text = " ".join(tool("pdftotext", self.files["tokyo", kind], "-").split())
            for word in (*words, self.dispatch, self.item, "ПРОЄКТ УМОВ", "協定条件案"):
                self.assertIn(word, text, kind)
            if kind != "transmittal":
                for level in ("極秘", "gokuhi", "SECRET", "Цілком", "таємно", "tsilkom"):
                    self.assertNotIn(level.lower(), text.lower(), kind)

    def face(self, which: str, *words, name: str = "") -> tuple:
        file = self.folder / f"{name or which}.pdf"
        file.unlink(missing_ok=True)
        to = [word for line in KYIV for word in ("--to", line)]
        status, value = ask(self.tokyo, "form", "envelope", self.item, f"--{which}", *to, *words, "-o", file)
        return status, value, file

    @TOOLS
    def test_the_faces_of_an_envelope(self):
        sender = [word for line in TOKYO for word in ("--from", line)]
        status, value, outer = self.face("outer", *sender)
        self.assertEqual(status, 0, value)
        text = tool("pdftotext", outer, "-")
        for line in (*TOKYO, *KYIV, self.item):
            self.assertIn(line, text)
        self.assertNotIn("極秘", text)
        status, value, inner = self.face("inner")
        self.assertEqual(status, 0, value)
        text = tool("pdftotext", inner, "-")
        self.assertEqual(text.count("極秘"), 2)
        for line in TOKYO:
            self.assertNotIn(line, text)

    def test_no_word_of_a_level_gets_onto_the_outer_face(self):
        for word in ("SECRET", "極秘", "gokuhi", "Цілком таємно", "T-s-i-l-k-o-m taiemno", "㊙", "ｇｏｋｕｈｉ"):
            status, value, file = self.face("outer", "--from", f"Room 5, {word}", name="smuggled")
            self.assertEqual((status, value["error"]["code"]), (2, "forms.class_word"), word)
            self.assertFalse(file.exists())
            self.assertNotIn(word, json.dumps(value, ensure_ascii=False))
        self.assertEqual(self.face("inner", "--from", "x", name="no")[1]["error"]["code"], "cli.usage")

    def test_what_has_not_happened_cannot_be_printed(self):
        status, value = ask(self.tokyo, "form", "transmittal", "dsp-" + "a" * 16, "-o", self.folder / "never.pdf")
        self.assertEqual((status, value["error"]["code"]), (2, "registry.no_dispatch"), value)


if __name__ == "__main__":
    run_tests()
