# SPDX-License-Identifier: Apache-2.0
"""A log that grows: start, memory, disk, proofs and checking at four sizes, as a plot. Each size is made in steps
that may be broken off, and what was measured stays noted beside the programs."""
import json
import math
import os
import pathlib
import subprocess

from deciders import TERMS
from measuring import say
from table import Skipped

ROOT = pathlib.Path(__file__).resolve().parent.parent
EVENTS = (10_000, 100_000, 1_000_000, 10_000_000)
EVENTS_AN_ITEM = 2.018
DISK_AN_EVENT = 2400  # what is asked of the disk before a size is begun

# name, figure, what the issue allows at the last size
PANELS = (("start, s", lambda one: one["start_seconds"], 2.0),
          ("proof, p99 us", lambda one: one["proof"]["made"]["p99_us"], 1000.0),
          ("memory, MiB", lambda one: one["rss_mib"], None),
          ("disk, bytes an event", lambda one: one["disk_bytes_an_event"], None),
          ("checking, us an event", lambda one: 1e6 * one["check"]["seconds"] / one["check"]["events"], None))


def panel(number: int, title: str, points: list, limit) -> str:
    """Both axes logarithmic: a straight line upwards is what grows with the log."""
    left, top, width, height = 60 + (number % 3) * 250, 40 + (number // 3) * 200, 180, 130
    values = [value for _, value in points] + ([limit] if limit else [])
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
    high = max(high, low + 1)

    def at(events: float, value: float) -> tuple:
        return (left + width * (math.log10(events) - 4) / 3,
                top + height * (1 - (math.log10(value) - low) / (high - low)))
    out = [f'<rect x="{left}" y="{top}" width="{width}" height="{height}" class="frame"/>',
           f'<text x="{left}" y="{top - 8}" class="title">{title}</text>']
    for power in range(4, 8):
        x, _ = at(10.0 ** power, 10.0 ** low)
        out.append(f'<text x="{x:.0f}" y="{top + height + 15}" text-anchor="middle">10^{power}</text>')
    for power in range(low, high + 1):
        _, y = at(1e4, 10.0 ** power)
        out.append(f'<text x="{left - 5}" y="{y + 4:.0f}" text-anchor="end">{10.0 ** power:g}</text>')
    if limit:
        (x, y), (end, _) = at(1e4, limit), at(1e7, limit)
        out.append(f'<line x1="{x}" y1="{y:.1f}" x2="{end}" y2="{y:.1f}" class="limit"/>')
    places = [at(events, value) for events, value in points]
    out.append('<polyline class="ours" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
    for (x, y), (_, value) in zip(places, points):
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/><text x="{x + 4:.1f}" y="{y - 6:.1f}" class="value">{value:,.3g}</text>')
    return "\n".join(out)


def plot(found: list) -> str:
    panels = [panel(number, title, [(one["events"], figure(one)) for one in found], limit)
              for number, (title, figure, limit) in enumerate(PANELS)]
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 440" font-family="sans-serif" font-size="11">\n<!-- SPDX-License-Identifier: Apache-2.0 -->\n'
            "<style>.frame{fill:none;stroke:#999}.ours{fill:none;stroke:#1a5fb4;stroke-width:2}circle{fill:#1a5fb4}"
            ".limit{stroke:#c01c28;stroke-dasharray:4 3}.title{font-weight:bold}.value{font-size:9px}</style>\n"
            "<rect width=\"800\" height=\"440\" fill=\"#fff\"/>\n" + "\n".join(panels) +
            '\n<text x="400" y="432" text-anchor="middle">events in the log; dashed: what is aimed at for ten million</text>\n</svg>\n')


def line(one: dict) -> str:
    return (f"{one['events']:,} events: start {one['start_seconds']:.2f} s ({one['start_cpu_seconds']:.2f} of processor), {one['rss_mib']:,.0f} MiB, "
            f"{one['disk_bytes_an_event']:,.0f} B an event, proof p50/p99 {one['proof']['made']['p50_us']:.1f}/"
            f"{one['proof']['made']['p99_us']:.1f} us, checking {1e6 * one['check']['seconds'] / one['check']['events']:.0f} us an event")


def series(programs: pathlib.Path, sizes: tuple) -> list:
    notes = programs / "growth.json"
    found = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else []
    for events in sizes:
        if any(one["asked"] == events for one in found):
            continue
        place = programs / f"growth-{events}"
        room = os.statvfs(programs)
        if not place.exists() and room.f_bavail * room.f_frsize < 1.5 * events * DISK_AN_EVENT:
            say(f"no room on the disk for {events:,} events\n")
            break
        say(f"a log of {events:,} events")
        done = subprocess.run([str(programs / "benchmarks/valise-growth"), str(place), TERMS,
                               str(int(events / EVENTS_AN_ITEM))], check=True, stdout=subprocess.PIPE, text=True)
        found.append({"asked": events, "load": os.getloadavg()[0], **json.loads(done.stdout)})
        found.sort(key=lambda one: one["asked"])
        notes.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return found


class GrowthRow(Skipped):
    """Of ours alone, at sizes that take no longer than a table may."""

    def __init__(self, found: list) -> None:
        super().__init__("growth", "–", "")
        self.found = found

    def json(self) -> dict:
        return {"name": self.name, "against": self.against, "ours": self.found[-1]["start_seconds"],
                "unit": "seconds to start", "series": self.found}

    def text(self) -> str:
        return "\n".join(f"{self.name:<9}{self.against:<7}   {line(one)}" for one in self.found)


def growth_rows(programs: pathlib.Path, folder: pathlib.Path, sizes: tuple) -> list:
    program = programs / "benchmarks/valise-growth"
    if not program.exists():
        return [Skipped("growth", "–", "valise-growth is not built")]
    (folder / "benchmarks").mkdir()
    (folder / "benchmarks/valise-growth").symlink_to(program)
    return [GrowthRow(series(folder, sizes))]


def growth(programs: pathlib.Path, _: pathlib.Path) -> str:
    found = series(programs, EVENTS)
    (ROOT / "docs/growth.svg").write_text(plot(found), encoding="utf-8")
    (programs / "growth.json").unlink()  # the next run measures anew what lies there
    return "; ".join(line(one) for one in found)
