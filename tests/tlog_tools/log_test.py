#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Logs that we published, before Tessera's fsck, mirror and migrate and the Go libraries formats, merkle and
sumdb: at every size at which tiles change their shape, and of two registries after an exchange.

usage: log_test.py SOURCE_FOLDER BUILD_FOLDER"""
import pathlib
import shutil
import sys
import time
import unittest

import tools
from tools import OURS, SOURCE, Folder, Served, run, said

sys.path.insert(0, str(SOURCE / "tests" / "processes"))
import programs  # noqa: E402

THEIRS = tools.build("glue", "fsck", "mirror", "migrate")
ORIGIN = "valise.invalid/x/made/1"
SIZES = (0, 1, 255, 256, 257, 65535, 65536, 70000)


def files_of(folder: pathlib.Path) -> dict:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Checks(unittest.TestCase):
    def fsck(self, folder: pathlib.Path, vkey: str) -> bool:
        """It ends with 0 whatever it finds; what it found it only says."""
        (folder.parent / "vkey").write_text(vkey)
        done = run(THEIRS["fsck"], f"--storage_url=file://{folder}", f"--public_key={folder.parent / 'vkey'}",
                   "--ui=false", "--N=2")
        good, bad = "Successfully fsck'd log" in done.stderr, "fsck failed" in done.stderr
        self.assertNotEqual(good, bad, done.stderr)
        return good

    def copied(self, folder: pathlib.Path, size: int):
        with Served(folder) as url:
            mirror, migrated = folder.parent / "mirrored", folder.parent / "migrated"
            for target in (mirror, migrated):
                shutil.rmtree(target, ignore_errors=True)
            done = run(THEIRS["mirror"], f"--source_url={url}", f"--storage_dir={mirror}",
                       "--num_workers=1")  # with more workers than leaves it never ends
            self.assertEqual(done.returncode, 0, done.stderr)
            done = run(THEIRS["migrate"], f"--source_url={url}", f"--storage_dir={migrated}")
            self.assertEqual(done.returncode, 0, done.stderr)
        ours = files_of(folder)
        mirrored = files_of(mirror)
        self.assertTrue(mirrored)
        for path, contents in mirrored.items():
            self.assertEqual(ours.get(path), contents, path)
        # Tessera computed these from our entries, and came to the same tiles.
        tiles = {path: contents for path, contents in files_of(migrated).items() if path.startswith("tile/")}
        self.assertEqual(bool(tiles), size > 0)
        for path, contents in tiles.items():
            self.assertEqual(ours.get(path), contents, path)

    def libraries(self, folder: pathlib.Path, keys: list, size: int):
        """Every key must have signed; a note that was changed holds under none."""
        checkpoint = folder / "checkpoint"
        seen = said(THEIRS["glue"], "checkpoint", checkpoint, *keys)
        self.assertEqual((seen["size"], len(seen["signers"])), (size, len(keys)))
        spoilt = folder.parent / "spoilt"
        text = checkpoint.read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        other = lines[:1] + [f"{size + 1}\n"] + lines[2:]
        spoilt.write_text("".join(other), encoding="utf-8")
        self.assertNotEqual(run(THEIRS["glue"], "checkpoint", spoilt, *keys).returncode, 0)


class MadeLogs(Checks):
    def test_every_shape_of_tiles(self):
        for size in SIZES:
            with self.subTest(size=size), Folder() as place:
                log = place / "log"
                keys = said(OURS / "write_log", log, ORIGIN, size)
                for vkey in keys["log"]:
                    self.assertTrue(self.fsck(log, vkey))
                self.assertFalse(self.fsck(log, keys["witness"][0]))
                self.libraries(log, keys["log"] + keys["witness"], size)
                if size:
                    self.copied(log, size)

    def test_a_log_that_grew(self):
        with Folder() as place:
            log = place / "log"
            keys = said(OURS / "write_log", log, ORIGIN, *SIZES)
            self.assertTrue(self.fsck(log, keys["log"][0]))
            self.copied(log, SIZES[-1])
            for proof in sorted((place / "log-proofs").iterdir()):
                size, index = map(int, proof.stem.split("-"))
                entry = place / "entry"
                entry.write_bytes(f"entry {index}".encode().ljust(256, b"\0"))
                both = keys["log"] + keys["witness"]
                self.assertEqual(said(THEIRS["glue"], "proof", proof, entry, *both), {"index": index, "size": size})
                entry.write_bytes(b"another")
                self.assertNotEqual(run(THEIRS["glue"], "proof", proof, entry, *both).returncode, 0)

    def test_what_was_changed_is_found(self):
        """So that the yes of the tests above says something."""
        with Folder() as place:
            log = place / "log"
            keys = said(OURS / "write_log", log, ORIGIN, 300)
            for name in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "checkpoint"):
                path = log / name
                whole = path.read_bytes()
                path.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
                if name != "checkpoint":  # its last line is the witness's, for whom fsck does not ask
                    self.assertFalse(self.fsck(log, keys["log"][0]), name)
                else:
                    self.assertNotEqual(run(THEIRS["glue"], "checkpoint", path, *keys["log"],
                                            *keys["witness"]).returncode, 0)
                path.write_bytes(whole)
            self.assertTrue(self.fsck(log, keys["log"][0]))

    def test_a_trust_file_is_read_alike(self):
        with Folder() as place:
            log = place / "log"
            keys = said(OURS / "write_log", log, ORIGIN, 5)
            one, two = keys["witness"]
            head = f"log {keys['log'][0]}\nwitness A {one} https://a/\nwitness B {two} https://b/\n"
            for rest, wanted in (("group g all A B\nquorum g\n", True), ("quorum none\n", True)):
                (place / "policy").write_text(head + rest)
                self.assertEqual(said(THEIRS["glue"], "policy", place / "policy", log / "checkpoint"),
                                 {"satisfied": wanted})


class Registries(Checks):
    def test_after_an_exchange(self):
        two = programs.TwoRegistries()
        try:
            for place, other in ((two.tokyo, two.kyiv), (two.kyiv, two.tokyo)):
                until = time.monotonic() + 20
                while not place.cosigned() and time.monotonic() < until:
                    time.sleep(0.1)
                said_here, there = place.checkpoints(), other.checkpoints()
                witness = there["witness"]["vkeys"]
                for name in ("private", "shared"):
                    with self.subTest(party=place.party, log=name), Folder() as copy:
                        log = copy / "log"
                        shutil.copytree(place.folder / "state" / "logs" / name, log)
                        size = int((log / "checkpoint").read_text(encoding="utf-8").splitlines()[1])
                        keys = said_here[name]["vkeys"]
                        for vkey in keys:
                            self.assertTrue(self.fsck(log, vkey))
                        self.libraries(log, keys + witness, size)
                        self.copied(log, size)
        finally:
            two.end()


if __name__ == "__main__":
    tools.run_tests()
