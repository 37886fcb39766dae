#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs libvalise into a folder of its own, and uses it as somebody else would: a C example found
by pkg-config, a C++ example by find_package, the Python binding by its name.

usage: installed_test.py SOURCE_FOLDER BUILD_FOLDER"""
import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ABI = "tests/library/abi.txt"


def run(*words, **more) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False,
                          **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def need(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        print(f"SKIPPED: {name} is not here")
        sys.exit(0)
    return found


def check_c(root, folder, library, environment) -> None:
    compiler = need(os.environ.get("CC", "gcc-12"))
    flags = run(need("pkg-config"), "--cflags", "--libs", "valise", env=environment).split()
    run(compiler, "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
        root / "examples/library/round_trip.c", "-o", folder / "round_trip", *flags)
    out = run(folder / "round_trip", root / "examples/briefing.txt",
              root / "examples/library/label.xml", folder, env=environment)
    assert "verified without a key" in out and "after a change: envelope.segment_hash" in out, out
    assert (folder / "c.opened").read_bytes() == (root / "examples/briefing.txt").read_bytes()
    version = run("pkg-config", "--modversion", "valise", env=environment).strip()
    assert f"libvalise {version}" in out, (version, out)


def check_cpp(root, folder, prefix, environment) -> None:
    project = folder / "cpp"
    project.mkdir()
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(places LANGUAGES CXX)\n"
        "find_package(valise 0.1 REQUIRED)\n"
        f'add_executable(places "{root}/examples/library/places.cpp")\n'
        "target_compile_features(places PRIVATE cxx_std_17)\n"
        "target_link_libraries(places PRIVATE valise::valise)\n", encoding="utf-8")
    run("cmake", "-S", project, "-B", project / "out", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
        "-DCMAKE_CXX_COMPILER=" + need("g++-12"))
    run("cmake", "--build", project / "out")
    out = run(project / "out/places", root / "examples/briefing.txt", folder, env=environment)
    assert "refused: envelope.payload_tree" in out, out


def check_python(root, folder, library, environment) -> None:
    environment = {**environment, "PYTHONPATH": str(root / "bindings/python"),
                   "VALISE_LIBRARY": str(library), "PYTHONDONTWRITEBYTECODE": "1"}
    out = run(sys.executable, root / "examples/library/seal_and_open.py",
              root / "examples/briefing.txt", root / "examples/library/label.xml", folder,
              env=environment)
    assert "for another addressee: integrity envelope.signature" in out, out
    # What the page shows, as it stands there.
    page = (root / "docs/library.md").read_text(encoding="utf-8")
    shown = folder / "page"
    shown.mkdir()
    (shown / "report.pdf").write_bytes((root / "examples/briefing.txt").read_bytes())
    (shown / "label.xml").write_bytes((root / "examples/library/label.xml").read_bytes())
    run(sys.executable, "-c", re.search(r"```python\n(.*?)```", page, re.S)[1], cwd=shown, env=environment)
    assert (shown / "copy.pdf").read_bytes() == (shown / "report.pdf").read_bytes()


def check_abi(root, library) -> None:
    """The exported symbols are those that the list names, no more and no fewer."""
    found = sorted(re.findall(r" [A-Z] (\w+)", run(need("nm"), "-D", "--defined-only", library)))
    found = [name for name in found if name != "VALISE_0"]
    expected = (root / ABI).read_text(encoding="utf-8").split()
    assert found == expected, f"{ABI} and the library differ: {set(found) ^ set(expected)}"
    ctypes.CDLL(str(library))


def main() -> None:
    root, build = map(pathlib.Path, sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prefix = folder / "prefix"
        run("cmake", "--install", build, "--prefix", prefix, "--component", "library")
        assert {path.name for path in (prefix / "include").iterdir()} == {"valise.h", "valise.hpp"}
        found = list(prefix.rglob("libvalise.so.0"))
        assert len(found) == 1, found
        library = found[0]
        environment = {**os.environ, "LD_LIBRARY_PATH": str(library.parent),
                       "PKG_CONFIG_PATH": str(library.parent / "pkgconfig")}
        check_abi(root, library)
        check_c(root, folder, library, environment)
        check_cpp(root, folder, prefix, environment)
        check_python(root, folder, library, environment)
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
