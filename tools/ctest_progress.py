#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns CTest's output into one moving line; what failed is printed whole."""
import re
import sys

RESULT = re.compile(r"^\s*(\d+)/(\d+) Test\s+#\d+: (\S+) .*?(Passed|\*+\S+|Skipped|Not Run)")
NOISE = re.compile(r"^(Test project|Internal ctest|\s+Start\s+\d+:|\s*$|100% tests|\d+% tests|"
                   r"Total Test time|Label Time|The following tests|\s*\d+ - |Errors while|Output from|No tests)")


def main() -> None:
    live, shown, failing = sys.stderr.isatty(), -10, False
    for line in sys.stdin:
        match = RESULT.match(line)
        if match:
            at, total, name, verdict = int(match[1]), int(match[2]), match[3], match[4]
            failing = verdict.startswith("***") and "Skipped" not in verdict
            if live:
                sys.stderr.write(f"\r\033[K[{at}/{total}] {name[:80]}")
            elif at * 100 // total >= shown + 10:
                shown = at * 100 // total
                sys.stderr.write(f"[{at}/{total}] tests\n")
            if failing:
                sys.stderr.write(("\r\033[K" if live else "") + f"FAILED {name}\n")
            sys.stderr.flush()
        elif line.startswith("The following tests"):
            failing = False
        elif failing and not NOISE.match(line):
            sys.stderr.write(line)
    if live:
        sys.stderr.write("\r\033[K")


main()
