#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table and the JSON of ./bench have the shape that docs/performance.md promises. It looks at no
figure, only that there are figures.

usage: bench_test.py BUILD_FOLDER"""
import json
import pathlib
import subprocess
import sys
import tempfile

NAMES = [f"{what}_{size}" for size in ("1g", "4k") for what in ("seal", "open")]
OF_AGE = NAMES + ["seal_4g", "open_4g"]
LIMITED = OF_AGE + ["seal_4k_p384"]
DECIDERS = ("opa", "cedar")
PLOT = pathlib.Path(__file__).resolve().parent.parent / "docs" / "scaling.svg"
NEEDED = {"name", "against", "ours", "theirs", "ratio", "unit", "peak_rss_mib"}


def faults_of(rows: list, text: str) -> list:
    faults = [f"{name} against the limit is missing" for name in LIMITED
              if not any(row["name"] == name and row["against"] == "limit" for row in rows)]
    for peer, program in (("age", "age"), ("gpg", "gpg"), ("cms", "openssl")):
        present = sorted(row["name"] for row in rows if row["against"] == peer)
        wanted = sorted(OF_AGE if peer == "age" and "no rows of 4 GiB" not in text else NAMES)
        if f"{program}: not found, rows left out" in text:
            wanted = []
        if present != wanted:
            faults.append(f"{peer}: rows {present}, not {wanted}")
    faults += [f"decide against {name} is missing" for name in DECIDERS
               if not any(row["name"] == "decide" and row["against"] == name for row in rows)]
    for row in rows:
        if "skipped" in row:
            if not row["skipped"] or row["name"] not in ("decide", "rewrap", "seal_4k", "seal_4k_p384", "seal_4g", "open_4g",
                                                         "acts_e0", "dispatch_4k", "dispatch_4k_full", "growth"):
                faults.append(f"skipped without a reason: {row}")
        elif row["name"] in ("dispatch_4k_full", "growth"):
            if not row["ours"] > 0:
                faults.append(f"a row without its figure: {row}")
        elif not NEEDED <= row.keys() or not all(row[key] > 0 for key in ("ours", "theirs", "ratio", "peak_rss_mib")):
            faults.append(f"a row without its figures: {row}")
        elif abs(row["ratio"] - row["ours"] / row["theirs"]) > 0.01 * row["ratio"] + 0.001:
            faults.append(f"the ratio is not ours / theirs: {row}")
        if not any(line.split()[:2] == [row["name"], row["against"]] for line in text.splitlines()):
            faults.append(f"not in the table: {row['name']} {row['against']}")
    return faults


def changed() -> float:
    return PLOT.stat().st_mtime if PLOT.exists() else 0.0


def main() -> int:
    build = pathlib.Path(sys.argv[1])
    missing = [name for name in ("apps/valise/valise", "benchmarks/valise-bench", "benchmarks/valise-runner")
               if not (build / name).exists()]
    if missing:
        print(f"SKIPPED: not built: {', '.join(missing)}")
        return 0
    before = changed()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        answer = subprocess.run([sys.executable, str(pathlib.Path(__file__).with_name("bench.py")), "--quick",
                                 "--without-peers", "--programs", str(build), "--json", file.name], capture_output=True, text=True)
        print(answer.stdout + answer.stderr)
        if answer.returncode != 0:
            return 1
        faults = faults_of(json.load(open(file.name, encoding="utf-8")), answer.stdout)
    if changed() != before:
        faults.append(f"it wrote {PLOT} without being asked")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
