# SPDX-License-Identifier: Apache-2.0
"""What these tests share: other makers' programs, built from go.mod; our own; servers that end with the
test. The scripts are called with SOURCE_FOLDER BUILD_FOLDER."""
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
HERE = SOURCE / "tests" / "tlog_tools"
OURS = BUILD / "tests" / "tlog_tools"
TESSERA = "github.com/transparency-dev/tessera/cmd"
PACKAGES = {
    "glue": "./glue",
    "fsck": f"{TESSERA}/fsck",
    "mirror": f"{TESSERA}/experimental/mirror/posix",
    "migrate": f"{TESSERA}/experimental/migrate/posix",
    "omniwitness": "github.com/transparency-dev/witness/cmd/omniwitness",
    "litewitness": "filippo.io/torchwood/cmd/litewitness",
    "sunlight": "filippo.io/sunlight/cmd/sunlight",
    "sunlight-keygen": "filippo.io/sunlight/cmd/sunlight-keygen",
}
# What go says when it cannot have a module, as opposed to one that does not build.
UNREACHABLE = re.compile(r"dial tcp|no such host|i/o timeout|module lookup disabled|proxyconnect|403 Forbidden")


def skip(reason: str):
    print(f"SKIPPED: {reason}")
    sys.exit(0)


def build(*names: str) -> dict:
    """Paths of these programs; skips where the toolchain or the modules are not to be had."""
    go = shutil.which("go")
    if go is None:
        skip("the Go toolchain is not here")
    out = OURS / "go"
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        done = subprocess.run([go, "build", "-buildvcs=false", "-mod=readonly", "-o", str(out / name), PACKAGES[name]],
                              cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode != 0 and UNREACHABLE.search(done.stderr):
            skip(f"the Go modules of {name} are not here, and the module proxy is out of reach")
        if done.returncode != 0:
            sys.exit(f"go build of {name}:\n{done.stderr}")
    return {name: out / name for name in names}


def run(*words, **more) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=300,
                          **more)


def said(*words, **more) -> dict:
    """The one JSON object that a program prints."""
    done = run(*words, **more)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


class Folder:
    """In /tmp, because the path of a unix socket has at most 107 bytes."""

    def __enter__(self) -> pathlib.Path:
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="vt", dir="/tmp"))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Served:
    """A folder over HTTP on this machine."""

    def __init__(self, folder: pathlib.Path):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      functools.partial(Quiet, directory=str(folder)))

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """One that runs until the test is over; its output is kept for when the test fails."""

    def __init__(self, log: pathlib.Path, *words, port: int = 0, **more):
        self.log, self.port = log, port
        with open(log, "ab") as out:
            self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=out, **more)

    def wait_until(self, ready):
        for _ in range(600):
            if self.process.poll() is not None:
                raise AssertionError(f"{self.log.name} ended with {self.process.returncode}:\n{self.text()}")
            if ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.log.name} is not ready:\n{self.text()}")

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def without_valise() -> dict:
    return {name: value for name, value in os.environ.items() if not name.startswith("VALISE_")}


def run_tests():
    """unittest over the calling script; the two folders are not its words."""
    import unittest
    del sys.argv[1:3]
    unittest.main(module="__main__", verbosity=2)
