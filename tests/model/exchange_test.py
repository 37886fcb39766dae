#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# usage: exchange_test.py [--large]
# SPIN searches every run of tests/model/exchange.pml within small bounds: asserts and claims hold, and
# each rule that is taken away makes one of them fail. With --large: wider bounds, some minutes; the run
# appends its line to docs/longruns.md.
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

MODEL = pathlib.Path(__file__).resolve().with_name("exchange.pml")
sys.path.insert(0, str(MODEL.parents[2] / "tools"))
import longruns  # noqa: E402

SKIPPED = 77
CLAIMS = ("recorded", "receipted", "closed")
BOUNDS = ("SEGMENTS", "FAULTS", "CRASHES", "BAGS")
SMALL = ((2, 1, 1, 0), (1, 1, 0, 1))
LARGE = ((2, 2, 1, 0), (1, 1, 1, 1), (2, 1, 0, 1))
# The rule that is taken away, what notices, and within which bounds.
BROKEN = {
    "BREAK_RECORD_FIRST": ("recorded", (1, 0, 0, 0)),
    "BREAK_IN_ORDER": ("recorded", (2, 2, 0, 1)),
    "BREAK_ONCE": ("safety", (1, 1, 0, 0)),
    "BREAK_RECEIPT_AGAIN": ("receipted", (1, 1, 0, 0)),
    "BREAK_ANSWER_ANEW": ("closed", (1, 1, 0, 0)),
    "BREAK_REFUSE_UNKNOWN": ("receipted", (1, 1, 0, 1)),
}


class Search:
    def __init__(self, folder, bounds, without=None):
        defines = [f"-D{name}={value}" for name, value in zip(BOUNDS, bounds)]
        if without:
            defines.append(f"-D{without}")
        subprocess.run(["spin", *defines, "-a", str(MODEL)], cwd=folder, check=True,
                       capture_output=True, text=True)
        compiler = shutil.which("gcc-12") or shutil.which("cc")
        subprocess.run([compiler, "-w", "-O2", "-DNFAIR=3", "-DCOLLAPSE", "-o", "pan", "pan.c"],
                       cwd=folder, check=True)
        self.folder = folder

    # The states that were visited, or None where the claim does not hold.
    def holds(self, claim):
        how = ["-N", claim] + (["-a", "-f"] if claim != "recorded" else ["-a"])
        if claim == "safety":
            how = ["-E", "-noclaim"]
        run = subprocess.run(["./pan", "-m2000000", *how], cwd=self.folder, capture_output=True,
                             text=True, timeout=1500)
        errors = re.search(r"errors: (\d+)", run.stdout)
        states = re.search(r"(\d+) states, stored", run.stdout)
        if errors is None or "max search depth too small" in run.stdout:
            raise SystemExit(f"{claim}: the search did not end\n{run.stdout}{run.stderr}")
        return int(states.group(1)) if errors.group(1) == "0" else None


def main():
    if shutil.which("spin") is None:
        print("SKIPPED: spin is not installed")
        return SKIPPED
    large = "--large" in sys.argv[1:]
    commit = longruns.commit()
    failed = False
    most = 0
    with tempfile.TemporaryDirectory() as folder:
        for bounds in LARGE if large else SMALL:
            print(", ".join(f"{name} {value}" for name, value in zip(BOUNDS, bounds)))
            whole = Search(folder, bounds)
            for claim in ("safety", *CLAIMS):
                states = whole.holds(claim)
                failed |= states is None
                most = max(most, states or 0)
                print(f"  {claim:10} {f'holds in {states} states' if states else 'BROKEN'}", flush=True)
        for rule, (claim, bounds) in () if large else BROKEN.items():
            states = Search(folder, bounds, rule).holds(claim)
            failed |= states is not None
            print(f"{rule:22} {claim} {'STILL HOLDS' if states else 'fails, as it must'}", flush=True)
    if large:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        longruns.append("tests/model/exchange_test.py --large", commit, used.ru_utime + used.ru_stime,
                        f"{len(LARGE)} models, the largest of {most:,} states",
                        "BROKEN" if failed else "every claim holds")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
