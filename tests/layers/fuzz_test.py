#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every fuzz target has a corpus and every corpus a target; no file of a corpus is empty or large,
and all together stay small enough for a checkout.

usage: fuzz_test.py SOURCE_FOLDER [--self-test]"""
import pathlib
import sys
import tempfile

LARGEST = 256 << 10  # bytes of one file
ALL = 2 << 20


def faults_of(folder: pathlib.Path) -> list:
    faults, total = [], 0
    targets = {path.stem for path in folder.glob("*.cpp")}
    corpora = {path.name for path in (folder / "corpus").glob("*") if path.is_dir()}
    if not targets:
        faults.append("fuzz: no target at all")
    for name in sorted(targets - corpora):
        faults.append(f"fuzz/{name}.cpp has no corpus in fuzz/corpus/{name}/")
    for name in sorted(corpora - targets):
        faults.append(f"fuzz/corpus/{name}/ has no target fuzz/{name}.cpp")
    for name in sorted(corpora):
        sizes = {path.name: path.stat().st_size
                 for path in (folder / "corpus" / name).glob("*") if path.is_file()}
        total += sum(sizes.values())
        if not any(sizes.values()):
            faults.append(f"fuzz/corpus/{name}/ is empty")
        faults += [f"fuzz/corpus/{name}/{file}: {size} bytes, more than {LARGEST}"
                   for file, size in sizes.items() if size > LARGEST]
    if total > ALL:
        faults.append(f"fuzz/corpus: {total} bytes in all, more than {ALL}")
    return faults


def self_test() -> list:
    cases = [({"a.cpp": b"x", "corpus/a/1": b"x"}, 0), ({"a.cpp": b"x"}, 1), ({}, 1),
             ({"a.cpp": b"x", "corpus/a/1": b""}, 1),
             ({"a.cpp": b"x", "corpus/a/1": b"x", "corpus/b/1": b"x"}, 1),
             ({"a.cpp": b"x", "corpus/a/1": b"x" * (LARGEST + 1)}, 1),
             ({"a.cpp": b"x", **{f"corpus/a/{i}": b"x" * LARGEST for i in range(9)}}, 1)]
    faults = []
    for files, count in cases:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            found = faults_of(pathlib.Path(folder))
            if len(found) != count:
                faults.append(f"self-test: {sorted(files)} gave {found}, not {count} faults")
    return faults


def main() -> int:
    faults = (self_test() if "--self-test" in sys.argv
              else faults_of(pathlib.Path(sys.argv[1]) / "fuzz"))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
