#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: ./bench [--json FILE] [--quick] [--without-peers] | ./bench --long seal_20g|giant|register|dispatch|growth

Sealing and opening against age, gpg and openssl cms, and deciding against Open Policy Agent and Cedar,
side by side, with peak memory and the limit that arithmetic sets. At most five minutes, the first build
of the two not counted; --without-peers leaves them out. --quick: tiny sizes and one turn, only to see
that it works."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from acts import acts_rows
from contenders import PEERS, Valise
from deciders import build_deciders, decision_rows
from dispatch import dispatch_rows
from growth import growth_rows
from longrun import LONG, run_long
from measuring import Runner, Samples, in_turn, say
from rewrap import CONNECTIONS, rewraps
from table import HEAD, Row, Skipped, write_json

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Sizes:
    def __init__(self, quick: bool) -> None:
        self.mib = 16 if quick else 1024
        self.turns = 1 if quick else 5
        self.files = 8 if quick else 10000
        self.chunk_seconds = 0.05 if quick else 1.2
        self.large_seconds = 10 if quick else 75  # of one table's worth of turns, so that five
        self.small_seconds = 10 if quick else 35  # minutes hold on a slow or busy machine too
        self.small_round = 0.02 if quick else 0.25
        self.decide_seconds = 0.05 if quick else 1.0
        self.acts_seconds, self.acts_turns = (1, 1) if quick else (2, 2)
        self.dispatches = 3 if quick else 100
        self.growth = (1000,) if quick else (2_000, 20_000)
        self.rewrap_seconds = 0.3 if quick else 5.0


class Bench:
    def __init__(self, programs: pathlib.Path, folder: pathlib.Path, quick: bool) -> None:
        self.sizes, self.folder, self.rows, self.notes = Sizes(quick), folder, [], []
        self.runner = Runner(programs, folder)
        self.ours = Valise(folder, str(programs / "apps/valise/valise"))
        self.everyone = [self.ours]
        for peer in PEERS:
            if peer.missing():
                self.notes.append(f"{peer.needs}: not found, rows left out")
            else:
                self.everyone.append(peer(folder))

    def prepare(self) -> None:
        """Keys, and the documents: random bytes, read by nobody else, in the page cache because they
        were written just now."""
        say("making keys and documents")
        for one in self.everyone:
            one.make_keys()
        with open(self.folder / "large", "wb") as file:
            for _ in range(self.sizes.mib):
                file.write(os.urandom(1 << 20))
        (self.folder / "small").mkdir()
        for number in range(self.sizes.files):
            (self.folder / f"small/{number}").write_bytes(os.urandom(4096))
        os.sync()

    def check(self, one, plain: str, sealed: str) -> None:
        """What one seals it opens again: nobody is measured doing something else."""
        say(f"{one.name}: sealing once, opening once, comparing")
        self.runner.run(one.seal(plain), out=sealed)
        opened = one.at("opened")
        self.runner.run(one.open(sealed), out=opened)
        if subprocess.run(["cmp", "-s", plain, opened]).returncode != 0:
            raise RuntimeError(f"{one.name} did not give back what it sealed")
        os.unlink(opened)

    def large(self) -> None:
        plain, mib = str(self.folder / "large"), self.sizes.mib
        for one in self.everyone:
            self.runner.run(one.seal(plain), out=one.at("large"))
        os.sync()

        def turn(pipe: list):
            took = self.runner.run(pipe)
            return mib / took["seconds"], took["rss_kib"] / 1024

        for what, commands in (("seal", {one.name: one.seal(plain) for one in self.everyone}),
                               ("open", {one.name: one.open(one.at("large")) for one in self.everyone})):
            work = {name: (lambda pipe=pipe: turn(pipe)) for name, pipe in commands.items()}
            work["limit"] = lambda what=what: (self.runner.limit(what, str(mib))[what], 0.0)
            self.add_rows(f"{what}_1g", "MiB/s",
                          in_turn(f"{what} {mib} MiB", self.sizes.turns, self.sizes.large_seconds, work))
        say("the parts of the limit")
        parts = self.runner.limit("parts", str(mib))
        self.notes.append(
            f"limit of the large file on {parts['threads']} threads, from and to memory, MiB/s: AES-256-GCM "
            f"{parts['gcm_seal']:,.0f}, SHA-256 of the sealed segments {parts['tree_hash']:,.0f}; beside them, for "
            f"the zip, CRC-32 {parts['crc32']:,.0f}")
        for one in self.everyone:
            os.unlink(one.at("large"))

    def small(self) -> None:
        next_file = dict.fromkeys((one.name for one in self.everyone), 0)
        chunk = {}
        for one in self.everyone:
            took = self.runner.run(one.seal(self.name_of("small/%")), 0, min(8, self.sizes.files))
            each = took["seconds"] / min(8, self.sizes.files)
            chunk[one.name] = max(1, min(self.sizes.files, int(self.sizes.chunk_seconds / each)))
            (self.folder / one.name / "small").mkdir()
            self.runner.run(one.seal(self.name_of("small/%")), 0, chunk[one.name], one.at("small/%"))

        def seal(one):
            first = next_file[one.name]
            if first + chunk[one.name] > self.sizes.files:
                first = 0
            next_file[one.name] = first + chunk[one.name]
            took = self.runner.run(one.seal(self.name_of("small/%")), first, chunk[one.name])
            return chunk[one.name] / took["seconds"], took["rss_kib"] / 1024

        def open_again(one):
            took = self.runner.run(one.open(one.at("small/%")), 0, chunk[one.name])
            return chunk[one.name] / took["seconds"], took["rss_kib"] / 1024

        for name, function in (("seal_4k", seal), ("open_4k", open_again)):
            work = {one.name: (lambda one=one, function=function: function(one)) for one in self.everyone}
            self.add_rows(name, "files/s",
                          in_turn(f"{name[:4]} 4 KiB files", self.sizes.turns, self.sizes.small_seconds, work))
        self.notes.append("4 KiB: one process per file for everyone, one after the other; timed are, of "
                          f"{self.sizes.files:,} files, in each turn: "
                          + ", ".join(f"{name} {count}" for name, count in chunk.items()))
        self.small_limits()

    def small_limits(self) -> None:
        say("4 KiB through the library, and its parts")
        found = self.runner.limit("small", str(self.sizes.turns), str(self.sizes.small_round))
        for name in ("seal", "open"):
            ours = Samples([1 / found[f"library_{name}"]] * self.sizes.turns, found["rss_mib"])
            limit = Samples([1 / found[f"limit_{name}"]] * self.sizes.turns)
            self.rows.append(Row(f"{name}_4k", "limit", "files/s", ours, limit))
        shown = [f"{name} {found[name] * 1e6:,.0f}" for name in
                 ("wrap", "sign", "gcm_seal", "unwrap", "verify", "gcm_open")]
        self.notes.append("4 KiB against the limit: both in one process on one core; microseconds: "
                          + ", ".join(shown) + "; a batch shares one sign: without it the limit of sealing is "
                          f"{1 / (found['wrap'] + found['gcm_seal']):,.0f} files/s")
        self.many_at_once()

    def many_at_once(self) -> None:
        """Ours takes several files in one call; age, cms and gpg's signing do not."""
        count = min(1000, self.sizes.files)
        out = self.folder / "many"
        out.mkdir()
        command = self.ours.seal("")[0][:-1] + ["--output-folder", str(out)]
        took = self.runner.run([command + [str(self.folder / f"small/{n}") for n in range(count)]])
        self.notes.append(f"4 KiB: one valise process for {count} files, written to a folder: "
                          f"{count / took['seconds']:,.0f} files/s")

    def decisions(self, peers: list) -> None:
        rows, notes = decision_rows(peers, self.runner, self.folder, self.sizes)
        self.rows += rows
        self.notes += notes

    def rewraps(self, programs: pathlib.Path) -> None:
        """Of ours alone: the platform that stock clients come from is served by no registry of packages."""
        self.rows.append(Skipped("rewrap", "opentdf", "the OpenTDF platform cannot be had here"))
        if any(not (programs / "apps" / name / name).exists() for name in ("valised", "valise-keys", "valise-render")):
            self.notes.append("rewrap: valised, valise-keys or valise-render is not built, not measured")
            return
        say("rewraps through the whole service")
        seconds = self.sizes.rewrap_seconds
        one, several = (rewraps(programs, seconds, connections) for connections in (1, CONNECTIONS))
        self.notes.append(
            f"rewrap: {several:,.0f} a second on {CONNECTIONS} connections, {one:,.0f} on one; each is TLS, a decision, "
            "two events on the disk, a signed log, the unwrapped and re-encrypted share")

    def add_rows(self, name: str, unit: str, samples: dict) -> None:
        for against in [one.name for one in self.everyone[1:]] + ["limit"]:
            if against in samples:
                self.rows.append(Row(name, against, unit, samples["valise"], samples[against]))

    def name_of(self, path: str) -> str:
        return str(self.folder / path)

    def end(self) -> None:
        for one in self.everyone:
            one.end()


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), "unknown processor")
    return f"{model}, {os.cpu_count()} cores"


def commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")


def busy_seconds() -> tuple:
    """Processor seconds of this machine since it started, and those of them that are ours."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _idle, _wait, irq, soft_irq, steal = map(int, file.readline().split()[1:9])
    ours = os.times()
    return ((user + nice + system + irq + soft_irq + steal) / os.sysconf("SC_CLK_TCK"),
            ours.user + ours.system + ours.children_user + ours.children_system)


class Others:
    """How much of the machine went to something else meanwhile; a load average would remember the
    build that came before."""

    def __init__(self) -> None:
        self.begin, self.busy, self.ours = time.monotonic(), *busy_seconds()

    def share(self) -> float:
        busy, ours = busy_seconds()
        spent = (time.monotonic() - self.begin) * os.cpu_count()
        return max(0.0, (busy - self.busy) - (ours - self.ours)) / spent


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--json")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--long", choices=sorted(LONG))
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / ".build/release")
    options = parser.parse_args()
    programs = options.programs.resolve()
    peers, skipped = ([], []) if options.long else build_deciders(programs, not options.without_peers)
    others = Others()
    place = programs / "benchmarks"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=place))
    try:
        if options.long:
            return run_long(options.long, programs, folder, commit())
        bench = Bench(programs, folder, options.quick)
        try:
            bench.prepare()
            for one in bench.everyone:
                bench.check(one, bench.name_of("small/0"), one.at("checked"))
            bench.large()
            bench.small()
            bench.decisions(peers)
            bench.rewraps(programs)
            rows, notes = acts_rows(programs, folder, bench.sizes, not options.without_peers)
            bench.rows += rows + dispatch_rows(programs, bench.sizes.dispatches)
            bench.rows += growth_rows(programs, folder, bench.sizes.growth)
            bench.notes += notes
        finally:
            bench.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say("")
    versions = ", ".join(one.version() for one in bench.everyone)
    share = others.share()
    print(f"{versions}\ncommit {commit()}; {machine()}; {time.monotonic() - others.begin:.0f} s, in which "
          f"{share:.0%} of the machine went to others")
    if share > 0.1:
        print("so these figures are lower than on a quiet machine, and less even")
    if options.quick:
        print("--quick: sizes too small to say anything about speed")
    order = [f"{what}_{size}" for size in ("1g", "4k") for what in ("seal", "open")] + [
        "decide", "rewrap", "acts_e0", "dispatch_4k", "dispatch_4k_full", "growth"]
    bench.rows += skipped
    bench.rows.sort(key=lambda row: order.index(row.name))
    print("\n" + HEAD)
    for row in bench.rows:
        print(row.text())
    print("\nmedians; ratio = ours / theirs, above 1 ours is faster; input in the page cache, output discarded;\n"
          "age signs nothing; a pipe's peak is the sum of its processes; gpg's without its agent")
    for note in bench.notes:
        print("- " + note)
    if options.json:
        write_json(options.json, bench.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
