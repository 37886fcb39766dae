# SPDX-License-Identifier: Apache-2.0
"""What ./run promises besides the exchange, and the usage of the commands of the house.

usage: run_test.py SOURCE_FOLDER BUILD_FOLDER"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
MAIN = [sys.executable, "-B", str(SOURCE / "tools/exchange/main.py"), str(SOURCE), str(BUILD)]
RUNNING = "Both registries are running"


def programs_of(state: pathlib.Path) -> list:
    """Processes that name this folder in their command line."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(str(state).encode() in word for word in words) and b"valise" in words[0]:
            found.append(words[0].decode())
    return found


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vr-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.state = self.folder / "s"

    def begin(self) -> subprocess.Popen:
        """Returns when both registries run."""
        run = subprocess.Popen([*MAIN, "--state", str(self.state)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", start_new_session=True)
        self.addCleanup(run.stdout.close)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        lines = []
        for line in run.stdout:
            lines.append(line)
            if RUNNING in line:
                self.said = "".join(lines)
                return run
        self.fail("".join(lines[-20:]))

    def end(self, run: subprocess.Popen):
        run.send_signal(signal.SIGINT)
        run.stdout.read()
        self.assertEqual(run.wait(timeout=30), 0)
        self.assertEqual(programs_of(self.state), [])

    def test_it_stays_until_it_is_interrupted_and_can_go_on(self):
        run = self.begin()
        self.assertEqual(len(programs_of(self.state)), 6)  # daemon, keys and renderer, twice
        # Two addresses, and a first sign-in for each role.
        desks = re.findall(r"^  (tokyo|kyiv): (http://127\.0\.0\.1:\d+)$", self.said, re.M)
        self.assertEqual([city for city, _ in desks], ["tokyo", "kyiv"])
        for _, url in desks:
            with urllib.request.urlopen(f"{url}/sign-in", timeout=10) as page:
                self.assertIn(b'name="password"', page.read())
        for role in ("control officer", "clearance officer", "originator", "releasing authority", "reader"):
            self.assertRegex(self.said, rf"(?m)^    [a-z]+ +([a-z2-7]{{5}}-){{3}}[a-z2-7]{{5}} +{role}$")
        # Who never did it finds the two commands and the order of the steps.
        for city in ("tokyo", "kyiv"):
            self.assertRegex(self.said, rf"(?m)^    to sign .*: \S*valise --socket \S*/{city}/people.sock .* sign CODE$")
            self.assertRegex(self.said, rf"(?m)^    to enter .*: \S*valise --socket \S*/{city}/people.sock .* item enter ")
        self.assertRegex(self.said, r"(?m)^  The order: .*enters.*approve.*dispatches.*grants.*opens.*$")
        self.end(run)
        # Once more: the same two registries, not a new exchange.
        before = (self.state / "tokyo/registry.toml").stat().st_ino
        begun = time.monotonic()
        run = self.begin()
        self.assertLess(time.monotonic() - begun, 30)
        valise = [str(BUILD / "apps/valise/valise"), "item", "list", "--socket", str(self.state / "kyiv/people.sock")]
        self.assertIn(b"-0001", subprocess.run(valise, check=True, capture_output=True).stdout)
        self.end(run)
        self.assertEqual((self.state / "tokyo/registry.toml").stat().st_ino, before)

    def test_a_folder_of_somebody_else_stays(self):
        self.state.mkdir()
        (self.state / "theirs").write_text("precious", encoding="utf-8")
        for options in (["--once"], ["--fresh", "--once"]):
            done = subprocess.run([*MAIN, "--state", str(self.state), *options], capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("stays as it is", done.stderr)
        self.assertEqual((self.state / "theirs").read_text(encoding="utf-8"), "precious")

    def test_a_path_that_no_socket_can_have_is_refused_at_once(self):
        done = subprocess.run([*MAIN, "--once", "--state", str(self.folder / ("x" * 100))], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--state", done.stderr)


class Usage(unittest.TestCase):
    def test_each_command_says_what_it_does(self):
        for name in ("run", "test", "check", "bench", "sim"):
            done = subprocess.run([str(SOURCE / name), "--help"], capture_output=True, text=True, check=False,
                                  env={**os.environ, "CI": "true"})
            self.assertEqual(done.returncode, 0, name)
            self.assertIn(f"./{name}", done.stdout, name)
            self.assertNotIn("SPDX-License", done.stdout, name)
            self.assertNotIn("set -", done.stdout, name)

    def test_an_unknown_option_is_wrong_usage_before_anything_is_built(self):
        for name in ("run", "test", "check", "bench", "sim"):
            done = subprocess.run([str(SOURCE / name), "--no-such-option"], capture_output=True, text=True,
                                  check=False, timeout=30)
            self.assertEqual(done.returncode, 2, name)
            self.assertIn(f"--no-such-option; see ./{name} --help", done.stderr, name)
            self.assertEqual(done.stdout, "", name)
        done = subprocess.run([*MAIN, "--no-such-option"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        for words in (("run", "--json"), ("bench", "--long")):
            done = subprocess.run([str(SOURCE / words[0]), words[1]], capture_output=True, text=True, check=False,
                                  timeout=30)
            self.assertEqual(done.returncode, 2, words)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
