#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts JUnit files that CTest wrote (LABEL=FILE ...), lists failures and skips with their reasons,
and ends with one line. A suite without a file did not build: that is one failure."""
import os
import re
import sys
import xml.etree.ElementTree as ElementTree


def reason_of(case: ElementTree.Element) -> str:
    output = case.findtext("system-out") or ""
    lines = [line.strip() for line in output.splitlines()]
    for index, line in enumerate(lines):
        if re.search(r": Skipped$", line) and index + 1 < len(lines) and lines[index + 1]:
            return lines[index + 1]
        if line.startswith("SKIPPED: "):
            return line[len("SKIPPED: "):]
    skipped = case.find("skipped")
    message = skipped.get("message", "") if skipped is not None else ""
    return message if "REGULAR_EXPRESSION" not in message and message else "no reason given"


def main() -> int:
    passed, failed, skipped = 0, [], {}
    for argument in sys.argv[1:]:
        label, path = argument.split("=", 1)
        if not os.path.exists(path):
            failed.append(f"{label}: did not build or did not run")
            continue
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            status, name = case.get("status"), case.get("name")
            if case.find("failure") is not None or status == "fail":
                failed.append(f"{label}: {name}")
            elif case.find("skipped") is not None or status in ("notrun", "disabled"):
                skipped.setdefault((label, reason_of(case)), []).append(name)
            else:
                passed += 1
    for (label, reason), names in sorted(skipped.items()):
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        print(f"skipped ({label}): {reason}: {shown}")
    for name in failed:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed, {sum(map(len, skipped.values()))} skipped")
    return 1 if failed or not passed else 0


sys.exit(main())
