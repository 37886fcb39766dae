#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every page that a comment or a page names is there: `docs/...` in any text of the project, links
between pages, pages of docs/formats/ named in backquotes. The README leads to every page of docs/, and
docs/formats/README.md to every page of formats.

usage: links_test.py SOURCE_FOLDER [--self-test]"""
import pathlib
import posixpath
import re
import subprocess
import sys

TEXTS = {".h", ".cpp", ".py", ".sh", ".md", ".cmake", ".txt", ".toml", ".css"}
NAMED = re.compile(r"(?<![\w/.-])docs/[\w./-]*\w/?(?![\w\\])")
LINK = re.compile(r"\]\(([^)#\s]*)(?:#[^)]*)?\)")
BACKQUOTED = re.compile(r"`([\w-]+\.md)`")
# Pages that this file names as examples of what must be found.
SELF = "tests/docs/links_test.py"


def committed(root: pathlib.Path) -> list:
    answer = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
                             "--exclude-standard"], capture_output=True)
    if answer.returncode == 0 and answer.stdout:
        return [name for name in answer.stdout.decode().split("\0") if name]
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()
            and path.relative_to(root).parts[0] not in (".git", ".build", ".deps", "state")]


def faults_of(name: str, text: str, there) -> list:
    """`there` says whether a path of the project exists."""
    faults, folder = [], posixpath.dirname(name)
    for target in NAMED.findall(text):
        if not there(target):
            faults.append(f"{name}: names {target}, which is not there")
    if name.endswith(".md"):
        for target in LINK.findall(text):
            if not target or re.match(r"[a-z]+:", target):
                continue
            if not there(posixpath.normpath(posixpath.join(folder, target))):
                faults.append(f"{name}: links to {target}, which is not there")
        for target in BACKQUOTED.findall(text):
            if folder.startswith("docs") and not there(posixpath.join(folder, target)):
                faults.append(f"{name}: names {target}, which is not beside it")
    return faults


def unreachable(index: str, text: str, pages: list) -> list:
    folder = posixpath.dirname(index)
    reached = {posixpath.normpath(posixpath.join(folder, target)) for target in LINK.findall(text)}
    return [f"{index}: does not lead to {page}" for page in pages
            if page not in reached and posixpath.dirname(page) not in reached]


def check(root: pathlib.Path) -> list:
    names = committed(root)
    files = {name for name in names if (root / name).is_file()}
    folders = {posixpath.dirname(name) for name in files}
    folders |= {posixpath.dirname(folder) for folder in folders}

    def there(path: str) -> bool:
        return path.rstrip("/") in files | folders

    faults = []
    for name in sorted(files):
        path = pathlib.PurePosixPath(name)
        if name == SELF or name.startswith("fuzz/corpus/"):
            continue
        if path.suffix in TEXTS or path.suffix == "":
            try:
                faults += faults_of(name, (root / name).read_text(encoding="utf-8"), there)
            except UnicodeDecodeError:
                pass
    pages = sorted(name for name in files if name.startswith("docs/") and name.endswith(".md"))
    readme = (root / "README.md").read_text(encoding="utf-8")
    faults += unreachable("README.md", readme, pages)
    index = "docs/formats/README.md"
    if index in files:
        formats = [page for page in pages if page.startswith("docs/formats/") and page != index]
        faults += unreachable(index, (root / index).read_text(encoding="utf-8"), formats)
    else:
        faults.append(f"{index} is missing")
    return faults


def self_test() -> list:
    files = {"docs/a.md", "docs/formats/b.md", "README.md"}
    cases = [
        ("src/x.h", "// docs/a.md, docs/formats/b.md.", 0), ("src/x.h", "// docs/c.md", 1),
        ("docs/a.md", "[b](formats/b.md#part) `a.md`", 0), ("docs/a.md", "[b](b.md)", 1),
        ("docs/formats/b.md", "`c.md`", 1), ("README.md", "[x](https://example.org/y)", 0),
        ("README.md", "[x](docs/a.md)", 0),
    ]
    faults = [f"self-test: {name} {text} gave {faults_of(name, text, files.__contains__)}"
              for name, text, count in cases if len(faults_of(name, text, files.__contains__)) != count]
    if len(unreachable("README.md", "[a](docs/a.md)", sorted(files - {"README.md"}))) != 1:
        faults.append("self-test: a page that nothing leads to was not seen")
    return faults


def main() -> int:
    faults = self_test() if "--self-test" in sys.argv else check(pathlib.Path(sys.argv[1]))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
