# SPDX-License-Identifier: Apache-2.0
"""What takes longer than a table may. Each run appends its line to docs/longruns.md."""
import concurrent.futures
import datetime
import json
import os
import pathlib
import resource
import subprocess

from contenders import Age, Valise
from deciders import TERMS
from desks import desks
from dispatch import dispatch
from growth import growth
from measuring import Runner, say

MIB = 1 << 20


def feed(runner: Runner, command: list, source: int, block: int, blocks: int) -> tuple:
    """Seconds and peak MiB of a command that reads `blocks` times the same cached file by a pipe: 20 GiB
    at once would not stay in the page cache, and a disk would be what is measured."""
    fifo = runner.folder / "fifo"
    if not fifo.exists():
        os.mkfifo(fifo)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(runner.run, [command], source=str(fifo))
        writable = os.open(fifo, os.O_WRONLY)
        for number in range(blocks):
            say(f"{os.path.basename(command[0])}: {number} of {blocks} GiB")
            offset = 0
            while offset < block:
                offset += os.splice(source, writable, block - offset, offset_src=offset)
        os.close(writable)
        took = answer.result()
    return took["seconds"], took["rss_kib"] / 1024


def seal_20g(programs: pathlib.Path, folder: pathlib.Path) -> str:
    gib = 20
    path, runner = folder / "block", Runner(programs, folder)
    with open(path, "wb") as file:
        for _ in range(1024):
            file.write(os.urandom(MIB))
    os.sync()
    ours, age, parts = Valise(folder, str(programs / "apps/valise/valise")), None, []
    everyone = [ours] if Age.missing() else [ours, age := Age(folder)]
    source = os.open(path, os.O_RDONLY)
    for one in everyone:
        one.make_keys()
        seconds, peak = feed(runner, one.seal("-")[0], source, 1024 * MIB, gib)
        parts.append(f"{one.name} {gib * 1024 / seconds:,.0f} MiB/s, peak {peak:.0f} MiB")
    if age is None:
        parts.append("age: not found")
    return "; ".join(parts)


def giant(programs: pathlib.Path, folder: pathlib.Path) -> str:
    """Documents made on the fly, up to a tebibyte. What was done stays noted beside the programs, so that
    a run that was broken off goes on with the next size."""
    program = programs / "benchmarks/valise-giant"
    notes = programs / "giant-steps.txt"
    done = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    for gib in (4, 64, 1024):
        if any(line.startswith(f"{gib} GiB:") for line in done):
            continue
        say(f"sealing {gib} GiB")
        line = subprocess.run([program, str(gib)], check=True, capture_output=True,
                              text=True).stdout.strip()
        done.append(line)
        notes.write_text("\n".join(done) + "\n", encoding="utf-8")
    notes.unlink()
    return "; ".join(done)


ITEMS = 1_000_000


def spread(one: dict) -> str:
    return f"{one['p50_ms']:>9.2f}{one['p99_ms']:>9.2f}{one['max_ms']:>9.2f}{one['times']:>7}"


def print_register(made: dict, found: dict, keys: dict) -> None:
    print(f"made {made['items']:,} items, {made['events']:,} events, {made['mib']:,.0f} MiB")
    print(f"start of the registry {found['start_seconds']:.1f} s ({found['start_cpu_seconds']:.1f} s of processor), "
          f"{found['start_rss_mib']:,.0f} MiB")
    for what, one in (("for the first time", keys["first"]), ("again, as after it signed them", keys["again"])):
        print(f"the key process reads {one['events']:,} events {what}: {one['seconds']:.1f} s "
              f"({one['cpu_seconds']:.1f} s of processor, {1e6 * one['cpu_seconds'] / one['events']:.0f} us each)")
    print(f"{'milliseconds':<58}{'p50':>9}{'p99':>9}{'max':>9}{'times':>7}")
    muster = found["muster"]
    rows = [("enter one more, durable", found["enter"]), ("store a copy", muster["store"]),
            (f"begin a muster of a safe of {muster['copies']}", muster["begin"]),
            (f"count all {muster['copies']} of it", muster["count"]), ("close it", muster["close"]),
            ("begin a spot check: 1% of all", muster["spot_check_of_all"])]
    rows += [(f"items{one['query']}", one) for one in found["search"]]
    rows += [(f"{one['book']} of past dates, first row", one["first_row"]) for one in found["past"]]
    for what, one in rows:
        print(f"{what[:57]:<58}{spread(one)}")
    for one in found["books"]:
        print(f"{one['book']:<34}first byte {one['first_byte_ms']:>7.2f} ms, row "
              f"{one.get('first_row_ms', one['ms']):>7.1f} ms, whole {one['ms'] / 1000:>6.1f} s, "
              f"{one['rows']:>9,} rows, peak {one['peak_rss_mib']:,.0f} MiB")


def register(programs: pathlib.Path, _: pathlib.Path) -> str:
    """A register of a million items: made by the registry's own ledger, then opened by a process that
    enters, searches, musters and prints every book. The register lies beside the programs, so that a run
    that was broken off goes on, and the next one begins with what was made."""
    program = str(programs / "benchmarks/valise-register")
    office = programs / f"register-{ITEMS}"
    finished = office / "made.json"

    def run(*words: str) -> dict:
        with subprocess.Popen([program, *words], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            for line in process.stderr:
                say(line.strip()[:100])
            answer = process.stdout.read()
        if process.returncode != 0:
            raise RuntimeError(f"valise-register {words[0]} failed")
        return json.loads(answer)

    if not finished.exists():
        made = run("make", str(office), TERMS, str(ITEMS))
        finished.write_text(json.dumps(made), encoding="utf-8")
    made = json.loads(finished.read_text(encoding="utf-8"))
    found = run("measure", str(office), TERMS)
    keys = run("vault", str(office), TERMS, "400000")
    say("")
    print_register(made, found, keys)
    now = [one.get("first_row_ms", one["ms"]) for one in found["books"] if "?" not in one["book"]]
    past = found["past"]
    searches = found["search"]
    again = keys["again"]
    return (f"start {found['start_seconds']:.0f} s, {found['start_cpu_seconds']:.0f} of processor; key process "
            f"{1e6 * again['cpu_seconds'] / again['events']:.0f} us an event again; p50/p99/max ms: enter "
            f"{brief(found['enter'])}, muster of a safe {brief(found['muster']['begin'])}, search "
            f"{brief(max(searches, key=lambda one: one['max_ms']))}; first rows: books now at most {max(now):.0f} ms, of "
            f"past dates {brief(max((one['first_row'] for one in past), key=lambda one: one['max_ms']))}; whole at most "
            f"{max(one['ms'] for one in found['books']) / 1000:.0f} s; peak {found['peak_rss_mib']:,.0f} MiB")


def brief(one: dict) -> str:
    return f"{one['p50_ms']:.0f}/{one['p99_ms']:.0f}/{one['max_ms']:.0f}"


def desks_of(programs: pathlib.Path, _: pathlib.Path) -> str:
    return desks(programs)


# By name: what it is, for the line in docs/longruns.md, and the function.
LONG = {"seal_20g": ("20 GiB by standard input", seal_20g),
        "giant": ("documents made on the fly, nothing kept but what stands around the payload", giant),
        "dispatch": ("documents of 4 KiB from one registry to another for ten minutes", dispatch),
        "growth": ("a log of up to ten million events", growth),
        "register": (f"a register of {ITEMS:,} items", register),
        "desks": ("200 signed-in readers who turn pages and 20 officers who work, at one registry, over TLS", desks_of)}


def run_long(name: str, programs: pathlib.Path, folder: pathlib.Path, commit: str) -> int:
    what, function = LONG[name]
    result = function(programs, folder)
    say("")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
    line = (f"| {when} | `./bench --long {name}` | {commit} | {(used.ru_utime + used.ru_stime) / 60:.1f} min "
            f"| {what}, load {os.getloadavg()[0]:.1f} | {result} |")
    print(line)
    page = pathlib.Path(__file__).resolve().parent.parent / "docs/longruns.md"
    with open(page, "a", encoding="utf-8") as file:
        file.write(line + "\n")
    return 0
