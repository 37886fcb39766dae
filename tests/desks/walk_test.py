#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two registries walked in a real browser (Chromium, driven by playwright-core) by walk.mjs; skipped where node,
npm, its packages or Chromium are not to be had. VALISE_SHOTS names a folder for pictures of every page.

usage: walk_test.py SOURCE_FOLDER BUILD_FOLDER"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from places import programs  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PEOPLE = {"tokyo": ("ishikawa", "tanaka", "yamada", "kobayashi", "nakamura"), "kyiv": ("kovalenko",)}


def skip(reason: str):
    print(f"SKIPPED: {reason}")
    sys.exit(0)


def modules() -> pathlib.Path:
    """The packages of package-lock.json, once for a build folder."""
    folder = programs.BUILD / "tests" / "desks" / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    wanted = (HERE / "package-lock.json").read_text(encoding="utf-8")
    if (folder / "installed").exists() and (folder / "installed").read_text(encoding="utf-8") == wanted:
        return folder
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        # npm's own words name the registry that it asked.
        skip("the npm packages of tests/desks are not to be had")
    (folder / "installed").write_text(wanted, encoding="utf-8")
    return folder


class Walk(programs.AtRegistries):
    def issue_one(self):
        """A document in Tokyo that nakamura may read, and has in hand."""
        tokyo, key = self.tokyo, self.tokyo.key
        self.done(tokyo, "person", "clear", f"{key('ishikawa')}.pub", "--level", "gokuhi", "--until", "+300d",
                  person="sato")
        item = self.both.story.enter(tokyo, "tanaka", "observation-report.pdf", "\u6975\u79d8", "A report")
        self.both.story.grant(tokyo, "ishikawa", "nakamura", item, "exercise")
        self.done(tokyo, "copy", "issue", f"{item}/1", "--to", f"{key('nakamura')}.pub", "--purpose", "exercise",
                  "--due", "+14d", person="ishikawa")

    def test_every_desk(self):
        self.set_up()
        self.issue_one()
        places = {}
        for place in (self.tokyo, self.kyiv):
            people = {}
            for name in PEOPLE[place.city]:
                made = place.account(name)
                people[name] = {"password": made["password"], "secret": made["secret"], "key": str(place.key(name))}
            places[place.city] = {"city": place.city, "party": place.party, "url": place.desks(), "people": people,
                                  "passphrase": str(place.person_passphrase)}
        given = {"places": places, "valise": str(programs.PROGRAMS["valise"]), "chromium": CHROMIUM,
                 "modules": str(MODULES), "item": self.both.story.item, "shots": os.environ.get("VALISE_SHOTS", "")}
        # A file, so that a walk that takes too long leaves how far it came.
        log = programs.BUILD / "tests" / "desks" / "walk.log"
        with log.open("w", encoding="utf-8") as out:
            done = subprocess.run(["node", str(HERE / "walk.mjs")], input=json.dumps(given), text=True, check=False,
                                  stdout=out)
        said = log.read_text(encoding="utf-8")
        print(said)
        self.assertEqual(done.returncode, 0, [line for line in said.splitlines() if line.startswith("NOT")])


if __name__ == "__main__":
    for needed in ("node", "npm"):
        if shutil.which(needed) is None:
            skip(f"{needed} is not here")
    CHROMIUM = os.environ.get("VALISE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if CHROMIUM is None:
        skip("no Chromium is here")
    MODULES = modules()
    programs.run_tests()
