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
    def test_in_a_browser(self):
        self.set_up()
        made = self.tokyo.account("nakamura")
        given = {"url": self.tokyo.desks().replace("127.0.0.1", "localhost"), "name": "nakamura",
                 "password": made["password"], "code": code(made["secret"]), "chromium": CHROMIUM, "modules": str(MODULES)}
        done = subprocess.run(["node", str(HERE / "passkeys.mjs")], input=json.dumps(given), text=True, check=False,
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
