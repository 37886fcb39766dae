#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What every committed file keeps: an SPDX line in sources, at most 600 lines, no package registry's
host, no path of somebody's machine, no trailing white space in sources.

usage: tidy_test.py SOURCE_FOLDER [--self-test]"""
import pathlib
import re
import subprocess
import sys

SPDX = "SPDX-License-Identifier: Apache-2.0"
SOURCES = {".h", ".cpp", ".c", ".py", ".sh", ".cmake", ".toml", ".css", ".js", ".html", ".svg"}
SOURCE_NAMES = {"CMakeLists.txt", ".clang-format", ".clang-tidy"}
CORPUS = "fuzz/corpus/"  # bytes for readers, good and bad
LONGEST = 600
# Data and generated text may be long; the licence is not ours to shorten.
LONG_ALLOWED = re.compile(
    r"^(LICENSE|docs/longruns\.md|docs/cli\.md|docs/errors\.md|tests/snapshots/.*\.decisions\.txt|.*\.(json|xml|svg|po|lock))$")
# Written in pieces, so that this file does not contain what it looks for.
HOSTS = [a + "." + b for a, b in (
    ("deb.debian", "org"), ("security.debian", "org"), ("snapshot.debian", "org"),
    ("ftp.debian", "org"), ("registry.npmjs", "org"), ("pypi", "org"), ("files.pythonhosted", "org"),
    ("crates", "io"), ("proxy.golang", "org"), ("sum.golang", "org"), ("rubygems", "org"),
    ("repo1.maven", "org"), ("repo.maven.apache", "org"), ("registry-1.docker", "io"),
    ("archive.ubuntu", "com"), ("ghcr", "io"), ("quay", "io"))]
MACHINE_PATHS = re.compile(r"(?<![\w.$}/])/(?:" + "wo" + r"rk|ro" + r"ot|ho" + r"me/\w+)/[\w.]")


def faults_of(name: str, content: bytes) -> list:
    path, faults = pathlib.PurePosixPath(name), []
    # A script is what says so in its first bytes, whatever it is called.
    is_source = (path.suffix in SOURCES or path.name in SOURCE_NAMES or content.startswith(b"#!")
                 ) and not name.startswith(CORPUS)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return [f"{name}: a source that is not UTF-8"] if is_source else []
    lines = text.splitlines()
    if is_source and not any(SPDX in line for line in lines[:3]):
        faults.append(f"{name}: no SPDX line among its first three")
    if len(lines) > LONGEST and not LONG_ALLOWED.match(name):
        faults.append(f"{name}: {len(lines)} lines, more than {LONGEST}")
    for number, line in enumerate(lines, 1):
        lowered = line.lower()
        faults += [f"{name}:{number}: names the package registry {host}" for host in HOSTS
                   if re.search(r"(?<![\w-])" + re.escape(host), lowered)]
        if MACHINE_PATHS.search(line):
            faults.append(f"{name}:{number}: a path of one machine")
        if is_source and line != line.rstrip():
            faults.append(f"{name}:{number}: white space at the end")
    return faults


def committed(root: pathlib.Path) -> list:
    answer = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True)
    if answer.returncode == 0 and answer.stdout:
        return [name for name in answer.stdout.decode().split("\0") if name]
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()
            and not path.relative_to(root).parts[0] in (".git", ".build", ".deps", "state")]


def self_test() -> list:
    spdx = f"// {SPDX}\n".encode()
    cases = [
        ("a.cpp", spdx, 0), ("a.cpp", b"int x;\n", 1), ("CMakeLists.txt", b"x\n", 1),
        ("a.toml", b"x = 1\n", 1), ("fuzz/corpus/toml/a.toml", b"x = 1\n", 0), ("run", b"#!/bin/sh\n", 1),
        ("a.cpp", spdx + b"x\n" * LONGEST, 1), ("a.json", b"x\n" * 700, 0), ("a.lock", b"x\n" * 700, 0), ("a.cpp", spdx + b"x \n", 1),
        ("a.md", ("see " + "pypi" + ".org\n").encode(), 1), ("a.md", b"in /" + b"work/x\n", 1),
        ("a.md", b"src/work/x and framework/x\n", 0), ("a.pdf", b"\xff\xfe", 0),
    ]
    return [f"self-test: {name} {content[:40]!r} gave another count than {count}"
            for name, content, count in cases if len(faults_of(name, content)) != count]


def main() -> int:
    root, faults = pathlib.Path(sys.argv[1]), []
    if "--self-test" in sys.argv:
        faults = self_test()
    else:
        for name in committed(root):
            if (root / name).is_file():
                faults += faults_of(name, (root / name).read_bytes())
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
