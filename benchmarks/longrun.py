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


def register(programs: pathlib.Path, folder: pathlib.Path) -> str:
    """A register of a million items: made by the registry's own ledger, then opened by a process that
    enters, searches and prints every book."""
    program = str(programs / "benchmarks/valise-register")

    def run(*words: str) -> dict:
        with subprocess.Popen([program, *words], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            for line in process.stderr:
                say(line.strip())
            answer = process.stdout.read()
        if process.returncode != 0:
            raise RuntimeError(f"valise-register {words[0]} failed")
        return json.loads(answer)

    made = run("make", str(folder / "office"), TERMS, str(ITEMS))
    found = run("measure", str(folder / "office"), TERMS)
    key_process = run("vault", str(folder / "office"), TERMS, "20000")
    say("")
    print(f"made {made['items']:,} items, {made['events']:,} events, {made['mib']:,.0f} MiB, in {made['seconds']:.0f} s")
    print(f"start {found['start_seconds']:.1f} s, {found['start_rss_mib']:,.0f} MiB; the key process beside it "
          f"{1e6 * key_process['seconds_each']:.0f} us an event")
    for what, one in [("enter one more", found["enter"])] + \
                     [(f"items{one['query']}", one) for one in found["search"] + [found["one_item"]]]:
        print(f"{what:<50}{one['median_ms']:>9.2f} ms, worst {one['worst_ms']:.2f} of {one['times']}")
    for one in found["books"]:
        print(f"{one['book']:<34}first byte {one['first_byte_ms']:>7.2f} ms, row {one['first_row_ms']:>9.1f} ms, "
              f"whole {one['ms'] / 1000:>6.1f} s, {one['rows']:>9,} rows, peak {one['peak_rss_mib']:,.0f} MiB")
    now = [one for one in found["books"] if "?" not in one["book"]]
    searches = found["search"] + [found["one_item"]]
    return (f"start {found['start_seconds']:.0f} s; enter {found['enter']['median_ms']:.1f} ms, worst "
            f"{found['enter']['worst_ms']:.0f}; search at most {max(one['median_ms'] for one in searches):.1f} ms; "
            f"books now: first row at most {max(one['first_row_ms'] for one in now):.0f} ms, whole at most "
            f"{max(one['ms'] for one in now) / 1000:.0f} s; peak {found['peak_rss_mib']:,.0f} MiB")


# By name: what it is, for the line in docs/longruns.md, and the function.
LONG = {"seal_20g": ("20 GiB by standard input", seal_20g),
        "giant": ("documents made on the fly, nothing kept but what stands around the payload", giant),
        "register": (f"a register of {ITEMS:,} items", register)}


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
