#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy-19 over the sources of a compile_commands.json, on all cores. A source whose
preprocessed text, command and configuration were clean before is not looked at again.

usage: tidy.py ROOT BUILD_FOLDER [REGEX of paths]"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import threading

TIDY = "clang-tidy-19"
# The compile commands are g++'s; clang does not know each of its warnings.
EXTRA = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-unused-command-line-argument"]


def key_of(entry: dict, configuration: bytes) -> str:
    words = [word for word in shlex.split(entry["command"]) if not word.endswith("ccache")]
    for option in ("-o", "-c"):
        if option in words:
            at = words.index(option)
            del words[at:at + (2 if option == "-o" else 1)]
    text = subprocess.run(words + ["-E", "-P", "-w"], cwd=entry["directory"], capture_output=True).stdout
    return hashlib.sha256(configuration + " ".join(words).encode() + b"\0" + text).hexdigest()


def main() -> int:
    root, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    # Tests are looked at when they are asked for: they are a third of the time and none of the product.
    wanted = re.compile(sys.argv[3] if len(sys.argv) > 3 else r"^/(src|apps|fuzz|benchmarks)/(?!.*_test\.cpp$)")
    cache = root / ".build/tidy"
    cache.mkdir(parents=True, exist_ok=True)
    configuration = (root / ".clang-tidy").read_bytes()
    entries = {entry["file"]: entry for entry in json.loads((build / "compile_commands.json").read_text())
               if wanted.search(entry["file"][len(str(root)):]) and "/.build/" not in entry["file"]}
    lock, done, faults, live = threading.Lock(), [0], [], sys.stderr.isatty()

    def look(path: str) -> None:
        stamp = cache / key_of(entries[path], configuration)
        if not stamp.exists():
            answer = subprocess.run([TIDY, "--quiet", "-p", str(build), *EXTRA, path],
                                    capture_output=True, text=True)
            if answer.returncode == 0:
                stamp.touch()
            else:
                with lock:
                    faults.append(path)
                    print(("\r\033[K" if live else "") + (answer.stdout.strip() or answer.stderr.strip()), flush=True)
        with lock:
            done[0] += 1
            line = f"[{done[0]}/{len(entries)}] clang-tidy {os.path.relpath(path, root)}"
            if live:
                sys.stderr.write("\r\033[K" + line[:100])
            elif done[0] % max(1, len(entries) // 10) == 0:
                sys.stderr.write(line + "\n")
            sys.stderr.flush()

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(look, sorted(entries)))
    if live:
        sys.stderr.write("\r\033[K")
    return 1 if faults else 0


sys.exit(main())
