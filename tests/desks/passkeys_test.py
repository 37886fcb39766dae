#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Passkeys in a real browser (Chromium with a virtual authenticator, driven by playwright-core) by passkeys.mjs;
SKIPPED where node, npm, its packages or Chromium are not to be had.

usage: passkeys_test.py SOURCE_FOLDER BUILD_FOLDER"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from places import code, programs  # noqa: E402
from walk_test import modules, skip  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


class Passkeys(programs.AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()

    def test_in_a_browser(self):
        made = self.tokyo.account("nakamura")
        given = {"url": self.tokyo.desks().replace("127.0.0.1", "localhost"), "name": "nakamura",
                 "password": made["password"], "code": code(made["secret"]), "chromium": CHROMIUM, "modules": str(MODULES)}
        done = subprocess.run(["node", str(HERE / "passkeys.mjs")], input=json.dumps(given), text=True, check=False,
                              stdout=subprocess.PIPE)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, [line for line in done.stdout.splitlines() if line.startswith("NOT")])

    def test_a_passkey_signs_acts(self):
        made = self.tokyo.account("yamada")
        people = ("yamada", "kobayashi", "ishikawa")
        given = {"url": self.tokyo.desks().replace("127.0.0.1", "localhost"), "name": "yamada",
                 "password": made["password"], "code": code(made["secret"]), "valise": str(programs.PROGRAMS["valise"]),
                 "person": f"{self.tokyo.key('yamada')}.pub", "item": self.both.story.item,
                 "acting": {name: self.tokyo.acting(name) for name in people}, "chromium": CHROMIUM,
                 "modules": str(MODULES)}
        done = subprocess.run(["node", str(HERE / "passkey_acts.mjs")], input=json.dumps(given), text=True, check=False,
                              stdout=subprocess.PIPE)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, [line for line in done.stdout.splitlines() if line.startswith("NOT")])


if __name__ == "__main__":
    for needed in ("node", "npm"):
        if shutil.which(needed) is None:
            skip(f"{needed} is not here")
    CHROMIUM = os.environ.get("VALISE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if CHROMIUM is None:
        skip("no Chromium is here")
    MODULES = modules()
    programs.run_tests()
