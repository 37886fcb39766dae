#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the test programs in which clauses matter with the clauses of one row, or one clause, switched off
(tests/clauses_off), and expects them to fail: exit 0 when somebody noticed, 1 when the suite stayed green.
Without a name: every row and every clause, one after the other, each until somebody notices; what is done is
kept in .build/, so that an interrupted run goes on, and the line of the run is appended to docs/longruns.md.

usage: tools/clauses_off.py [O-NN | CLAUSE]"""
import hashlib
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

import longruns

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build/dev"
STATE = ROOT / ".build/clauses-off.json"
TESTS = {"agreement_test": "src/agreement/agreement_test", "vault_test": "src/vault/vault_test",
         "two_registries_test": "tests/two_registries/two_registries_test"}
SIM = "tests/sim/valise-sim"
SIM_RUNS = {"stories": ["--seeds", "2", "--from", "1", "--steps", "30"], "random acts": ["--acts", "1000"]}


def run(program: pathlib.Path, options: list, name: str) -> subprocess.CompletedProcess:
    environment = dict(os.environ, VALISE_WITHOUT_CLAUSE=name) if name else dict(os.environ)
    return subprocess.run([program, *options], env=environment, capture_output=True, text=True, timeout=600)


def failures(name: str, first: bool = False) -> dict:
    """program -> the tests that failed with the clauses of `name` switched off ("": none is). With `first`
    nobody else is asked once somebody noticed."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        for test, program in TESTS.items():
            if first and found:
                return found
            report.unlink(missing_ok=True)
            answer = run(BUILD / program, [f"--gtest_output=json:{report}", "--gtest_brief=1"], name)
            if answer.returncode == 2:
                print(answer.stderr.strip(), file=sys.stderr)
                sys.exit(2)
            if not report.exists():
                found[test] = [f"it ended with {answer.returncode}"]
                continue
            suites = json.loads(report.read_text(encoding="utf-8"))["testsuites"]
            failed = [f"{suite['name']}.{case['name']}" for suite in suites for case in suite["testsuite"]
                      if case.get("failures")]
            if failed:
                found[test] = failed
    for what, options in SIM_RUNS.items():
        if first and found:
            return found
        answer = run(BUILD / SIM, options, name)
        if answer.returncode != 0:
            lines = (answer.stdout + answer.stderr).strip().splitlines()
            found[what] = lines[-1:] or [f"it ended with {answer.returncode}"]
    return found


def names() -> list:
    """Every row that has clauses, and every clause of a row that has several."""
    table = subprocess.run([ROOT / "tools/compliance.py", "--rows"], capture_output=True, text=True, check=True)
    out = []
    for line in table.stdout.splitlines():
        row, *clauses = line.split()
        out += [row] + (clauses if len(clauses) > 1 else [])
    return out


def show(name: str, noticed: dict) -> None:
    said = "; ".join(f"{program}: {len(tests)}" for program, tests in noticed.items())
    print(f"{name:26} {'noticed by ' + said if noticed else 'STAYED GREEN'}", flush=True)


def append_line(started_cpu: float, results: dict) -> bool:
    green = [name for name, noticed in results.items() if not noticed]
    rows = [name for name in results if re.match(r"O-|I\d", name)]
    verdict = "stayed green: " + ", ".join(green) if green else "each was noticed"
    longruns.append("tools/clauses_off.py", longruns.commit(), started_cpu,
                    f"{len(rows)} rows and {len(results) - len(rows)} single clauses switched off", verdict)
    return not green


def run_all() -> bool:
    programs = [BUILD / program for program in [*TESTS.values(), SIM]]
    digest = hashlib.sha256(b"".join(hashlib.sha256(p.read_bytes()).digest() for p in programs)).hexdigest()
    state = json.loads(STATE.read_text(encoding="utf-8")) if STATE.exists() else {}
    if state.get("programs") != digest:
        state = {"programs": digest, "cpu": 0.0, "results": {}}
    for name in names():
        if name not in state["results"]:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            state["results"][name] = failures(name, first=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            state["cpu"] += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            STATE.write_text(json.dumps(state), encoding="utf-8")
        show(name, state["results"][name])
    STATE.unlink(missing_ok=True)
    return append_line(state["cpu"], state["results"])


def main() -> int:
    if len(sys.argv) > 2 or (len(sys.argv) == 2 and sys.argv[1].startswith("-")):
        print(__doc__)
        return 2
    subprocess.run([ROOT / "tools/build.sh", "dev", "--setup", "test", *TESTS, "valise-sim"], check=True)
    broken = failures("")
    if broken:
        print(f"with every clause on, the suite is not green: {broken}")
        return 3
    if len(sys.argv) == 1:
        return 0 if run_all() else 1
    noticed = failures(sys.argv[1])
    for program, tests in noticed.items():
        for test in tests:
            print(f"{program}: {test}")
    show(sys.argv[1], noticed)
    return 0 if noticed else 1


sys.exit(main())
