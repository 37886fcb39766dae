# SPDX-License-Identifier: Apache-2.0
"""decide() beside other engines with the same rules: each decides every situation in its own process
and is timed on the same ones. The peers are small programs of ours around their libraries, built
here."""
import json
import pathlib
import shutil
import subprocess

from measuring import Runner, in_turn, say
from table import Row, Skipped

ROOT = pathlib.Path(__file__).resolve().parent.parent
TERMS = str(ROOT / "agreements/examplia-borduria.toml")


class Decider:
    name = ""
    tool = ""
    program = ""

    def __init__(self, programs: pathlib.Path) -> None:
        self.target = programs / "benchmarks/peers" / self.name
        self.version = self.name

    def command(self) -> list: ...

    def build(self) -> str:
        """Why there is no program, or nothing. A build that fetches what it needs may take minutes; it
        is not part of what is timed."""
        if shutil.which(self.tool) is None:
            return f"{self.tool} not found"
        self.target.mkdir(parents=True, exist_ok=True)
        with subprocess.Popen(self.command(), cwd=ROOT / "benchmarks/peers" / self.name, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as build:
            last = ""
            for line in build.stderr:
                last = line.strip() or last
                say(f"building the peer {self.name}: {last}")
        return f"could not be built: {last[:120]}" if build.returncode else ""

    def path(self) -> str:
        return str(self.target / self.program)


class Opa(Decider):
    name, tool, program = "opa", "go", "opa"

    def command(self) -> list:
        return ["go", "build", "-v", "-o", self.path(), "."]


class Cedar(Decider):
    name, tool, program = "cedar", "cargo", "release/cedar-peer"
    # What stands in front of each checksum of a lock file. No file here names a package registry, so
    # the versions are kept without it, and it is put together here.
    index = "registry+https://github.com/rust-lang/" + "crates" + ".io-index"

    def command(self) -> list:
        source = self.target / "source"
        shutil.copytree(ROOT / "benchmarks/peers/cedar", source, dirs_exist_ok=True)
        lock = (source / "versions.lock").read_text(encoding="utf-8")
        lock = lock.replace("\nchecksum = ", f'\nsource = "{self.index}"\nchecksum = ')
        (source / "Cargo.lock").write_text(lock, encoding="utf-8")
        return ["cargo", "build", "--release", "--locked", "--manifest-path", str(source / "Cargo.toml"),
                "--target-dir", str(self.target)]


DECIDERS = (Opa, Cedar)


def build_deciders(programs: pathlib.Path, wanted: bool) -> tuple:
    """The peers that can be measured, and a row for each that cannot."""
    peers, skipped = [], []
    for kind in DECIDERS:
        peer = kind(programs)
        missing = peer.build() if wanted else "left out on request"
        if missing:
            skipped.append(Skipped("decide", peer.name, missing))
        else:
            peers.append(peer)
    return peers, skipped


def decision_rows(peers: list, runner: Runner, folder: pathlib.Path, sizes) -> tuple:
    """Rows and notes."""
    rows, notes = [], []
    say("the situations")
    situations = folder / "situations.json"
    with open(situations, "wb") as file:
        subprocess.run([runner.limits, "situations", TERMS], check=True, stdout=file)

    def ours() -> tuple:
        found = runner.limit("decide", TERMS, str(sizes.decide_seconds))
        return 1 / found["decide"], found["rss_mib"]

    def theirs(peer: Decider) -> tuple:
        answer = subprocess.run([peer.path(), str(situations), str(sizes.decide_seconds)], check=True,
                                capture_output=True, text=True)
        found = json.loads(answer.stdout)
        if found["disagree"]:
            raise RuntimeError(f"{peer.name} decides {found['disagree']} of {found['checked']} situations "
                               f"otherwise, first {found['first']}")
        peer.version, peer.found = found["version"], found
        return 1 / found["decide"], found["rss_mib"]

    work = {"valise": ours, **{peer.name: (lambda peer=peer: theirs(peer)) for peer in peers}}
    samples = in_turn("deciding", sizes.turns, sizes.large_seconds, work)
    for peer in peers:
        rows.append(Row("decide", peer.name, "acts/s", samples["valise"], samples[peer.name]))
    if peers:
        found = peers[0].found
        notes.append(f"decide: {', '.join(peer.version for peer in peers)}; one core, in the process of each; "
                     f"{found['checked']:,} situations, in each of which all name the same refusing clauses; timed "
                     f"are the {found['timed'] // 2} permitted ones and as many refused")
    return rows, notes
