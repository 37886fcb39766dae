# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of the exchange, shows them as a person would have typed them, and keeps what came of
each for the transcript (docs/formats/transcript.md)."""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time


class Broken(Exception):
    """A step did not end as the agreement, or the software, promises."""


class Transcript:
    def __init__(self, root: pathlib.Path, state: pathlib.Path, programs: dict):
        self.root, self.state, self.programs = root, state, programs
        self.steps, self.artifacts = [], {"logs": {}, "evidence_file": None, "sealed": []}
        self._step, self._count, self._answer = "", 0, state / "answer.json"
        self._live = sys.stdout.isatty()

    def chapter(self, step: str, title: str):
        self._step, self._title, self._count = step, title, 0
        bold = ("\033[1m", "\033[0m") if self._live else ("", "")
        print(f"\n{bold[0]}== {step}. {title}{bold[1]}", flush=True)

    def say(self, text: str):
        print(text, flush=True)

    def _shown(self, words: list) -> str:
        def short(word):
            for name, path in self.programs.items():
                if word == str(path):
                    return name
            for base in (self.state, self.root):
                if word.startswith(str(base) + "/"):
                    return os.path.relpath(word, base.parent if base == self.state else base)
            return word
        return shlex.join([short(str(word)) for word in words])

    def run(self, title: str, words: list, *, place: str = "", environment: dict | None = None, exits=(0,),
            refused_by: str = "", standard_input=subprocess.DEVNULL, standard_output=subprocess.PIPE,
            shorten: bool = False) -> dict:
        """Runs one command, prints it with its output, records it. `exits`: the statuses that are right here.
        `refused_by`: the clause that has to be among those that refuse. Returns the command's JSON answer."""
        words = [str(word) for word in words]
        is_valise = words[0] == str(self.programs["valise"])
        called = words + (["--answer-file", str(self._answer)] if is_valise else [])
        self._answer.unlink(missing_ok=True)
        self._count += 1
        shown = self._shown(words)
        if shorten and len(shown) > 160:
            shown = shown[:157] + "..."
        print(f"{place}$ {shown}", flush=True)
        begin = time.monotonic()
        done = subprocess.run(called, env={**os.environ, **(environment or {})}, stdin=standard_input,
                              stdout=standard_output, stderr=subprocess.PIPE, check=False)
        out, err = ((text or b"").decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        millis = round((time.monotonic() - begin) * 1000)
        answer = self._read_answer()
        self._print_output(out, err)
        self._record(title, words, environment, done.returncode, millis, answer)
        if done.returncode not in exits:
            raise Broken(f"step {self._step}: '{title}' ended with {done.returncode}, expected "
                         f"{' or '.join(map(str, exits))}\n{out}{err}")
        if refused_by and refused_by not in self.refusing(answer):
            raise Broken(f"step {self._step}: '{title}' was refused by {self.refusing(answer)}, not by {refused_by}")
        return answer

    def _print_output(self, out: str, err: str):
        for text in (out, err):
            for line in text.splitlines():
                print("  " + line, flush=True)

    def _read_answer(self) -> dict:
        try:
            return json.loads(self._answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    @staticmethod
    def refusing(answer: dict) -> list:
        return [clause["clause"] for clause in answer.get("clauses", []) if clause.get("finding") == "refuse"]

    def _record(self, title, words, environment, status, millis, answer):
        prefix = "".join(f"{name}={shlex.quote(value)} " for name, value in (environment or {}).items())
        decision, event = None, answer.get("event") or {}
        if answer.get("outcome") in ("permit", "refuse"):
            decision = {"outcome": answer["outcome"], "clauses": answer.get("clauses", [])}
        self.steps.append({"step": f"{self._step}.{self._count}", "title": title, "command": prefix + shlex.join(words),
                           "exit": status, "decision": decision, "evidence": self._evidence(answer),
                           "log": event.get("log"), "index": event.get("index"), "millis": millis})

    @staticmethod
    def _evidence(answer: dict):
        """Of the event in the answer; of a dispatch, that of its newest receipt."""
        return answer.get("evidence") or answer.get("contents_evidence") or answer.get("custody_evidence") or None

    def note(self, title: str, command: str, **what):
        """Something that is no program's answer: a kill, a flipped byte."""
        self._count += 1
        self.steps.append({"step": f"{self._step}.{self._count}", "title": title, "command": command, "exit": 0,
                           "decision": None, "evidence": None, "log": None, "index": None, "millis": 0, **what})

    def write(self, path: pathlib.Path):
        text = json.dumps({"v": 1, "steps": self.steps, "artifacts": self.artifacts}, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
