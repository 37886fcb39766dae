#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each invariant that a clause carries breaks once the clause is switched off, and no other one does: a
check that stays silent then would stay silent whatever the registries did.

usage: can_break_test.py SIMULATOR [--all]
Of each invariant one clause is switched off, with --all every one that carries it."""
import os
import subprocess
import sys

ACTS = "30000"  # at most: a run ends at the break


def main() -> int:
    simulator = sys.argv[1]
    listed = subprocess.run([simulator, "--list-invariants"], capture_output=True, text=True, check=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    if sys.argv[2:] != ["--all"]:
        pairs = [pair for n, pair in enumerate(pairs) if pair[0] not in [one[0] for one in pairs[:n]]]
    faults = [] if pairs else ["no invariant is listed"]
    for invariant, clause in pairs:
        answer = subprocess.run([simulator, "--acts", ACTS, "--expect-broken", invariant],
                                env=dict(os.environ, VALISE_WITHOUT_CLAUSE=clause), capture_output=True, text=True)
        if answer.returncode != 0:
            faults.append(f"without {clause}, {invariant}: {answer.stdout.strip().splitlines()[-1]}")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
