#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: ./bench [--json FILE] [--quick] [--without-peers] [--draw] |
       ./bench --long seal_20g|giant|register|desks|dispatch|growth

Sealing and opening against age, gpg and openssl cms, and deciding against Open Policy Agent and Cedar,
side by side, with peak memory and the limit that arithmetic sets. At most five minutes, the first build
of these and of openssl speed not counted; --without-peers leaves them out. --quick: tiny sizes and one turn,
only to see that it works. --draw: scaling.svg into docs/, which is tracked, instead of beside the programs."""
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
from openssl_speed import SpeedTool
from rewrap import CONNECTIONS, rewraps
from scaling import draw, size_text
from table import HEAD, Row, Skipped, write_json

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Sizes:
    def __init__(self, quick: bool) -> None:
        self.mib = 16 if quick else 1024
        self.turns = 1 if quick else 5
        self.files = 8 if quick else 10000
        self.chunk_seconds = 0.05 if quick else 0.9
        self.large_seconds = 10 if quick else 50  # of one table's worth of turns, so that five
        self.small_seconds = 10 if quick else 25  # minutes hold on a slow or busy machine too
        self.small_round = 0.02 if quick else 0.25
        self.decide_seconds = 0.05 if quick else 1.0
        self.acts_seconds, self.acts_turns = (1, 1) if quick else (2, 2)
        self.dispatches = 3 if quick else 100
        self.growth = (1000,) if quick else (2_000, 20_000)
        self.rewrap_seconds = 0.3 if quick else 5.0
        self.largest_mib = 32 if quick else 4096
        # Whoever was slow so far, on a busy machine, has no time left for 4 GiB.
        self.largest_before = 60 if quick else 150
        self.curve = [1 << 12, 1 << 20] if quick else [1 << 12, 1 << 16, 1 << 20, 1 << 24, 1 << 28]


class Bench:
    def __init__(self, programs: pathlib.Path, folder: pathlib.Path, quick: bool, tool: SpeedTool) -> None:
        self.begin = time.monotonic()
        self.sizes, self.folder, self.rows, self.notes, self.rates = Sizes(quick), folder, [], [], {}
        self.runner = Runner(programs, folder)
        self.tool, self.curve = tool, {}
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
            samples = in_turn(f"{what} {mib} MiB", self.sizes.turns, self.sizes.large_seconds, work)
            self.add_rows(f"{what}_1g", "MiB/s", samples)
            self.rates[what] = samples
        say("the parts of the limit")
        parts = self.runner.limit("parts", str(mib))
        self.notes.append(
            f"limit of the large file on {parts['threads']} threads, from and to memory, MiB/s: AES-256-GCM "
            f"{parts['gcm_seal']:,.0f}, SHA-256 of the sealed segments {parts['tree_hash']:,.0f}; beside them, for "
            f"the zip, CRC-32 {parts['crc32']:,.0f}")
        for one in self.everyone:
            os.unlink(one.at("large"))

    def largest(self) -> None:
        """4 GiB beside age, and the curves by size and by cores. The limit is that of 1 GiB: of arithmetic in memory
        it makes no difference."""
        plain, mib = str(self.folder / "largest"), self.sizes.largest_mib
        if missing := self.no_room(mib):
            self.rows += [Skipped(name, "limit", missing) for name in ("seal_4g", "open_4g")]
            self.notes.append(f"no rows of 4 GiB, no curves: {missing}")
            return
        with open(plain, "wb") as file:
            for _ in range(max(1, mib // self.sizes.mib)):
                with open(self.folder / "large", "rb") as block:
                    shutil.copyfileobj(block, file, 1 << 22)
        everyone = [one for one in self.everyone if one.name in ("valise", "age")]
        size = os.path.getsize(plain) / (1 << 20)

        def turn(pipe: list):
            took = self.runner.run(pipe)
            return size / took["seconds"], took["rss_kib"] / 1024

        for what in ("seal", "open"):
            for one in everyone if what == "open" else []:
                self.runner.run(one.seal(plain), out=one.at("largest"))
            work = {one.name: (lambda pipe=one.seal(plain) if what == "seal" else one.open(one.at("largest")): turn(pipe))
                    for one in everyone}
            samples = in_turn(f"{what} {size:.0f} MiB", min(2, self.sizes.turns), self.sizes.small_seconds, work)
            self.rates[f"{what} largest"] = samples
            samples["limit"] = self.rates[what]["limit"]
            self.add_rows(f"{what}_4g", "MiB/s", samples)
        for one in everyone:
            os.unlink(one.at("largest"))
        self.curves(plain)
        os.unlink(plain)

    def no_room(self, mib: int) -> str:
        """Why 4 GiB, written once and sealed by two, are left out, or nothing."""
        if time.monotonic() - self.begin > self.sizes.largest_before:
            return "the machine was too slow for five minutes"
        free = shutil.disk_usage(self.folder).free >> 20
        return "" if free > 3 * mib + 1024 else f"{free:,} MiB free on the disk, {3 * mib + 1024:,} needed"

    def curves(self, largest: str) -> None:
        cores = sorted({1, os.cpu_count() or 1})
        curves = {f"seal, {count} core{'s' if count > 1 else ''}": {} for count in cores}
        if len(self.everyone) > 1 and self.everyone[1].name == "age":
            curves["age seals"] = {}
        there = {self.sizes.mib << 20: self.folder / "large", os.path.getsize(largest): pathlib.Path(largest)}
        for size in [*self.sizes.curve, *there]:
            say(f"curve: {size_text(size)}")
            path = there.get(size, self.folder / "curve")
            if size not in there:
                with open(largest, "rb") as whole, open(path, "wb") as file:
                    left = size
                    while left:
                        left -= file.write(whole.read(min(left, 1 << 22)))
            count = max(1, min(20, (1 << 26) // size))
            for name, curve in curves.items():
                if name.startswith("age"):
                    pipe = self.everyone[1].seal(str(path))
                else:
                    pipe = self.ours.seal(str(path))
                    pipe = [pipe[0] + ["--threads", name.split()[1]]]
                curve[size] = count * size / (1 << 20) / self.runner.run(pipe, 0, count)["seconds"]
        os.unlink(self.folder / "curve")
        self.curve = curves

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
        """Ours before and after the tool, which is what "in the same minutes" can mean: it takes some
        twenty seconds. `turns` counts these; each of ours is a median of rounds."""
        def ours() -> dict:
            say("4 KiB through the library, and its parts")
            return self.runner.limit("small", str((self.sizes.turns + 1) // 2), str(self.sizes.small_round))

        found = ours()
        missing = self.tool.missing
        if not missing:
            self.tool.measure()
        later = ours()
        rss = max(found["rss_mib"], later["rss_mib"])

        def row(name: str, seconds: list, limits: list) -> None:
            self.rows.append(Row(name, "limit", "files/s", Samples([1 / one for one in seconds], rss),
                                 Samples([1 / one for one in limits])))

        row("open_4k", *([one[part] for one in (found, later)] for part in ("library_open", "limit_open")))
        if missing:
            self.rows += [Skipped(name, "limit", missing) for name in ("seal_4k", "seal_4k_p384")]
        else:
            for name, wrap in (("seal_4k", "p256"), ("seal_4k_p384", "p384")):
                one = found[wrap]
                seconds = [one["seconds"], later[wrap]["seconds"]]
                row(name, seconds, [self.tool.file(wrap, one) / 1e6])
                bare = self.tool.without_hashes(wrap, one) / 1e6 / self.rows[-1].ours.seconds_each()
                self.notes.append(
                    f"{name}: a batch of one request in one process, not the dispatch path of a registry, which signs "
                    f"each document; {bare:.2f} of the limit if no hash counts as needed, as those are of our own format")
                self.notes.append(
                    f"{name}, microseconds: ours {seconds[0] * 1e6:,.0f} before and {seconds[1] * 1e6:,.0f} after; openssl speed: wrap "
                    f"{self.tool.wrap(wrap):,.0f}, {one['sha256_bytes']:,} bytes of SHA-256 and {one['sha384_bytes']:,} "
                    f"of SHA-384 {self.tool.hashes(one):,.0f}, all {self.tool.file(wrap, one):,.0f}; "
                    f"{one['batch']} files share a signature")
            self.notes.append("openssl speed, microseconds, of the last three nanoseconds a byte: "
                              + ", ".join(f"{name} {value:,.2f}" for name, value in self.tool.parts.items()))
        shown = [f"{name} {found[name] * 1e6:,.0f}" for name in
                 ("wrap", "sign", "gcm_seal", "unwrap", "verify", "gcm_open")]
        self.notes.append("4 KiB against the limit: all in one process on one core; a file with a signature of its own: "
                          f"{1 / found['library_seal']:,.0f} files/s; microseconds of our own functions, P-384 and "
                          "ML-KEM-1024: " + ", ".join(shown))
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


def folder_of_plot(programs: pathlib.Path, draw_docs: bool) -> pathlib.Path:
    """Beside the programs: a run by the way changes no tracked file."""
    return (ROOT / "docs" if draw_docs else programs / "benchmarks") / "scaling.svg"


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
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--long", choices=sorted(LONG))
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / ".build/release")
    options = parser.parse_args()
    if options.draw and options.quick:
        parser.error("--draw: --quick says nothing about speed")
    programs = options.programs.resolve()
    peers, skipped = ([], []) if options.long else build_deciders(programs, not options.without_peers)
    tool = SpeedTool(programs, 1, not options.without_peers and not options.long)
    others = Others()
    place = programs / "benchmarks"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=place))
    try:
        if options.long:
            return run_long(options.long, programs, folder, commit())
        bench = Bench(programs, folder, options.quick, tool)
        try:
            bench.prepare()
            for one in bench.everyone:
                bench.check(one, bench.name_of("small/0"), one.at("checked"))
            bench.large()
            bench.largest()
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
    order = ["seal_1g", "open_1g", "seal_4g", "open_4g", "seal_4k", "seal_4k_p384", "open_4k", "decide", "rewrap",
             "acts_e0", "dispatch_4k", "dispatch_4k_full", "growth"]
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
    if bench.curve:
        plot = folder_of_plot(programs, options.draw)
        words = "./bench --quick" if options.quick else "./bench --draw" if options.draw else "./bench"
        draw(plot, f"{machine()}; commit {commit()}; {words}", bench.curve)
        print(f"- drawn: {plot}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
