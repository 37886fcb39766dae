# SPDX-License-Identifier: Apache-2.0
"""Acts a second, durable, beside Tessera's log on the same disk: each caller has one act under way. Ours is
verified, decided and recorded, a person's signed act each; theirs appends 256 bytes that nobody looks at."""
import json
import pathlib
import shutil
import subprocess
from dataclasses import dataclass, field

from deciders import TERMS, Decider
from measuring import in_turn, say
from table import Row, Skipped

CALLERS = (1, 64, 256)


class Tessera(Decider):
    name, tool, program = "tessera", "go", "tessera"

    def command(self) -> list:
        return ["go", "build", "-v", "-o", self.path(), "."]


@dataclass
class ActsRow(Row):
    """Of so many callers; besides the rates, how long a caller waited, and until our log was signed (E1)."""
    callers: int = 0
    times: dict = field(default_factory=dict)

    def json(self) -> dict:
        return super().json() | {"callers": self.callers} | self.times

    def text(self) -> str:
        def shown(name: str) -> str:
            one = self.times.get(name)
            return f"{one['p50_ms']:,.1f}/{one['p99_ms']:,.1f}" if one else "–"
        return (f"{super().text()}  {self.callers:>3} callers; p50/p99 ms: ours {shown('ours_e0')}, theirs "
                f"{shown('theirs_e0')}, ours until E1 {shown('ours_e1')}; {self.signing()}")

    def signing(self) -> str:
        """What our key process had not read when the clock stopped is work that the rate does not bear."""
        one = self.times.get("signing")
        if not one:
            return "–"
        told = f"{one['checkpoints']} checkpoints" if one["checkpoints"] else "NOT COMPARABLE, nothing signed"
        return (f"{told} meanwhile, {one['unsigned_events']:,} events unsigned at the end, signed {one['drain_seconds']:.1f} s "
                f"later: {one['rate_until_signed']:,.0f} acts/s with that")


class Crowd:
    """One side in turn: a fresh folder each time, so that nobody's log is longer than the other's was."""

    def __init__(self, command: list, folder: pathlib.Path) -> None:
        self.command, self.folder, self.answers = command, folder, []

    def turn(self) -> tuple:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        words = [str(self.folder) if word == "FOLDER" else word for word in self.command]
        answer = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        self.answers.append(answer)
        shutil.rmtree(self.folder, ignore_errors=True)
        return answer["rate"], answer["peak_rss_mib"]

    def middle(self, what: str) -> dict:
        """Of the turn whose median wait is the median of all."""
        found = sorted((one[what] for one in self.answers if one.get(what)), key=lambda one: one["p50_ms"])
        return found[len(found) // 2] if found else None

    def signing(self) -> dict:
        """Of the turn that left most of it for later."""
        worst = max(self.answers, key=lambda one: one["unsigned_events"])
        return {name: worst[name] for name in ("checkpoints", "unsigned_events", "drain_seconds", "rate_until_signed")}


def acts_rows(programs: pathlib.Path, folder: pathlib.Path, sizes, wanted: bool) -> tuple:
    program = programs / "benchmarks/valise-acts"
    if not program.exists():
        return [Skipped("acts_e0", "tessera", "valise-acts is not built")], []
    peer = Tessera(programs)
    missing = peer.build() if wanted else "left out on request"
    rows, notes = [], []
    for callers in CALLERS:
        def ours_of(kind: str, callers=callers) -> Crowd:
            return Crowd([str(program), "FOLDER", TERMS, kind, str(callers), str(sizes.acts_seconds)],
                         folder / "acts" / kind)
        ours = ours_of("grant")
        theirs = Crowd([peer.path(), "FOLDER", str(callers), str(sizes.acts_seconds)], folder / "acts" / "tessera")
        work = {"valise": ours.turn} if missing else {"valise": ours.turn, "tessera": theirs.turn}
        found = in_turn(f"acts of {callers} callers", sizes.acts_turns, 10 * sizes.acts_seconds, work)
        times = {"ours_e0": ours.middle("e0"), "ours_e1": ours.middle("e1"), "theirs_e0": theirs.middle("e0"),
                 "signing": ours.signing()}
        if missing:
            notes.append(f"acts_e0, {callers} callers: ours alone {found['valise'].rate():,.0f} acts/s")
        else:
            rows.append(ActsRow("acts_e0", "tessera", "acts/s", found["valise"], found["tessera"], callers, times))
        if callers == 64 and not missing:
            say("acts that enter an item")
            entering = ours_of("enter")
            rate, _ = entering.turn()
            one = entering.answers[0]
            notes.append(f"acts_e0, 64 callers who enter items on paper: {rate:,.0f} acts/s, {one['events']} events for "
                         f"{one['acts']} acts (permit and outcome); p50/p99 {one['e0']['p50_ms']:.1f}/"
                         f"{one['e0']['p99_ms']:.1f} ms")
    if missing:
        rows.append(Skipped("acts_e0", "tessera", missing))
    return rows, notes
