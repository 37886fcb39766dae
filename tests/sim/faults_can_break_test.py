#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each check of the world with faults breaks when that very thing is wrong with the world: one that stays
silent then would stay silent whatever the registries did.

usage: faults_can_break_test.py SIMULATOR"""
import subprocess
import sys

SEEDS = "60"  # at most: a run ends at the break
WANTED = {
    "news": "nothing comes of",
    "room": "no room is taken by",
    "history": "no second history is cosigned",
    "memory": "cosigned a prefix of the log",
    "number": "a register number is given once",
    "link": "every permitted dispatch arrives",
}


def main() -> int:
    faults = []
    for spoil, wanted in WANTED.items():
        answer = subprocess.run([sys.argv[1], "--seeds", SEEDS, "--parties", "2", "--spoil", spoil],
                                capture_output=True, text=True)
        last = answer.stdout.strip().splitlines()[-1]
        if answer.returncode != 1 or wanted not in last:
            faults.append(f"{spoil}: {last}")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
