#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No program that is shipped can switch a clause off; the test programs can, or this test would look for
something that is nowhere.

usage: not_shipped_test.py BUILD_FOLDER"""
import pathlib
import sys

MARK = b"VALISE_WITHOUT_CLAUSE"
SHIPPED = [f"apps/{name}/{name}" for name in ("valise", "valised", "valise-keys", "valise-verify", "valise-render")]
TESTS = ["src/agreement/agreement_test", "tests/two_registries/two_registries_test"]


def main() -> int:
    build = pathlib.Path(sys.argv[1])
    faults = [f"{name} can switch clauses off" for name in SHIPPED if MARK in (build / name).read_bytes()]
    faults += [f"{name} cannot switch clauses off" for name in TESTS
               if MARK not in (build / name).read_bytes()]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
