# SPDX-License-Identifier: Apache-2.0
"""Documents of 4 KiB from one registry to another: two daemons and two key processes, TLS between them. What is timed
begins with the first release and ends when the custody receipt of every document stands in a signed log on both sides."""
import contextlib
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from table import Skipped

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "exchange"))
from registry import Registry, free_port  # noqa: E402
from transcript import Transcript  # noqa: E402

PROGRAMS = ("valise", "valise-keys", "valise-render", "valised")
NO_LISTS = "an act releases one document: there is no release of a list"


def processor_seconds(places: list) -> dict:
    """What each program spent, by party and name; what no longer runs spent nothing."""
    out = {}
    for place in places:
        for name in ("valised", "valise-keys"):
            with open(f"/proc/{place.pid(name)}/stat", encoding="ascii") as file:
                fields = file.read().rpartition(")")[2].split()
            out[f"{name} of {place.party}"] = (int(fields[11]) + int(fields[12])) / 100
    return out


def dispatches(programs: pathlib.Path, count: int, seconds: int = 0) -> dict:
    """All of `count`, or, with seconds, as many of them as are released in that time."""
    # The path of a unix socket has at most 107 bytes, and a database in memory would wait for no disk.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vd", dir=programs / "benchmarks"))
    driver = str(programs / "benchmarks/valise-dispatches")
    page = Transcript(ROOT, folder, {name: programs / "apps" / name / name for name in PROGRAMS})
    places = [Registry(page, city, party, free_port(0)) for city, party in (("a", "JPN"), ("b", "UKR"))]
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the story of its making is no figure
            for place in places:
                place.prepare()
                subprocess.run([driver, "keys", str(place.people)], check=True)
                place.create("officer", "clearer")
                place.start_all()
        before = processor_seconds(places)
        words = [driver, "run", str(places[0].terms)]
        for place in places:
            words += [place.environment["VALISE_SOCKET"], f"127.0.0.1:{place.port}", place.party]
        done = subprocess.run(words + [str(count), str(seconds)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"valise-dispatches failed: {done.stderr.strip()[-600:]}")
        found = json.loads(done.stdout)
        after = processor_seconds(places)
        found["processor_seconds"] = {name: after[name] - before[name] for name in after}
        return found
    finally:
        with contextlib.redirect_stdout(io.StringIO()):
            for place in places:
                place.stop()
        shutil.rmtree(folder, ignore_errors=True)


class DispatchRow(Skipped):
    """Of ours alone: nothing else does this."""

    def __init__(self, found: dict) -> None:
        super().__init__("dispatch_4k_full", "–", "")
        self.found = found

    def json(self) -> dict:
        return {"name": self.name, "against": self.against, "ours": round(self.found["rate"], 2), "unit": "documents/s",
                **self.found}

    def text(self) -> str:
        spent = ", ".join(f"{name} {1000 * seconds / self.found['documents']:.0f}"
                          for name, seconds in self.found["processor_seconds"].items())
        return (f"{self.name} {self.against}   {self.found['rate']:,.1f} documents/s: {self.found['documents']} in {self.found['seconds']:.1f} s, "
                f"of which two approvals and the dispatch {self.found['release_seconds']:.1f} s; milliseconds of processor each, "
                f"with entering: {spent}")


def dispatch_rows(programs: pathlib.Path, count: int) -> list:
    rows = [Skipped("dispatch_4k", "–", NO_LISTS)]
    needed = [programs / "apps" / name / name for name in PROGRAMS] + [programs / "benchmarks/valise-dispatches"]
    missing = [path.name for path in needed if not path.exists()]
    if missing:
        return rows + [Skipped("dispatch_4k_full", "–", f"not built: {', '.join(missing)}")]
    return rows + [DispatchRow(dispatches(programs, count))]


def dispatch(programs: pathlib.Path, _: pathlib.Path) -> str:
    """Ten minutes by the clock, releases and all; entered beforehand are twice as many as a first hundred promises."""
    first = dispatches(programs, 100)
    found = dispatches(programs, max(200, int(2 * 600 * first["rate"])), 600)
    return (f"{found['rate']:.1f} documents/s, a release each: {found['released']:,} released, {found['documents']:,} received in "
            f"{found['seconds']:.0f} s; " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in found["processor_seconds"].items())
            + " of processor")


if __name__ == "__main__":
    print(json.dumps(dispatches(pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])), indent=1))
