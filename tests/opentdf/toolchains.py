# SPDX-License-Identifier: Apache-2.0
"""The clients of other makers, had from their package registries as their users have them and kept in the build
folder. What cannot be had is a skip, which says so; docs/interop.md names the reason."""
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
UNREACHABLE = re.compile(r"dial tcp|no such host|i/o timeout|403 Forbidden|404|Could not resolve|ENOTFOUND|EAI_AGAIN|"
                         r"ECONNREFUSED|No matching distribution|Connection|failed to download|requires go >=", re.I)
SECONDS = 1500


class Missing(Exception):
    """Named with its reason."""


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not here")
    return found


def fetch(what: str, words: list, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=SECONDS,
                          **more)
    if done.returncode != 0 and UNREACHABLE.search(done.stdout + done.stderr):
        raise Missing(f"{what} cannot be had here")
    if done.returncode != 0:
        raise AssertionError(f"{what}:\n{done.stdout}\n{done.stderr}")


def go(folder: pathlib.Path) -> list:
    program = folder / "open"
    fetch("the Go SDK", [tool("go"), "build", "-buildvcs=false", "-mod=readonly", "-o", program, "."], cwd=HERE / "go")
    return [program]


def rust(folder: pathlib.Path) -> list:
    source = folder / "source"
    shutil.copytree(HERE / "rust", source, dirs_exist_ok=True)  # cargo writes its lock file beside them
    fetch("the Rust SDK", [tool("cargo"), "build", "--release", "--quiet", "--target-dir", folder], cwd=source)
    return [folder / "release" / "open"]


def python(folder: pathlib.Path) -> list:
    inside = folder / "bin" / "python"
    if not inside.exists():
        fetch("a virtual environment", [sys.executable, "-m", "venv", folder])
    fetch("otdf-python", [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                          "otdf-python==0.11.0"])
    return [inside, HERE / "open.py"]


def javascript(folder: pathlib.Path) -> list:
    node, npm = tool("node"), tool("npm")
    for name in ("package.json", "open.cjs"):
        shutil.copy(HERE / "javascript" / name, folder / name)
    fetch("@opentdf/client", [npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=folder)
    return [node, folder / "open.cjs"]


CLIENTS = {"go": go, "rust": rust, "python": python, "javascript": javascript}
