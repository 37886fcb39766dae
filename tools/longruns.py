# SPDX-License-Identifier: Apache-2.0
"""The page of long runs: each run writes its own line."""
import datetime
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = "docs/longruns.md"


def commit() -> str:
    """Of what runs, with a + when it is not all committed: asked before a run, not at its end."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain", "-uno", "--", f":!{PAGE}"],
                             capture_output=True, text=True).stdout.strip()
    return head + ("+" if changed else "")


def append(command: str, of_commit: str, cpu: float, what: str, verdict: str) -> None:
    when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = f"| {when} | `{command}` | {of_commit} | {cpu:.0f} s | {what} | {verdict} |\n"
    with open(ROOT / PAGE, "a", encoding="utf-8") as page:
        page.write(line)
    print(line, end="")
