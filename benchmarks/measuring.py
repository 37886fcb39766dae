# SPDX-License-Identifier: Apache-2.0
"""Runs the programs in turn and keeps what each turn gave."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field

from contenders import environment


@dataclass
class Samples:
    rates: list = field(default_factory=list)
    rss_mib: float = 0.0
    seconds: float = 0.0  # of the last turn

    def rate(self) -> float:
        return statistics.median(self.rates)

    def seconds_each(self) -> float:
        return 1 / self.rate()


class Runner:
    """valise-runner and the folder of this run."""

    def __init__(self, programs: pathlib.Path, folder: pathlib.Path) -> None:
        self.program, self.folder = str(programs / "benchmarks/valise-runner"), folder
        self.limits = str(programs / "benchmarks/valise-bench")

    def run(self, pipe: list, first: int = 0, count: int = 1, out: str = os.devnull,
            source: str = os.devnull) -> dict:
        words = []
        for command in pipe:
            words += (["|"] if words else []) + command
        answer = subprocess.run([self.program, str(first), str(first + count), source, out, *words],
                                capture_output=True, text=True, env=environment(), cwd=self.folder)
        if answer.returncode != 0:
            raise RuntimeError(f"{pipe[0][0]} failed: {answer.stderr.strip()}")
        return json.loads(answer.stdout)

    def limit(self, *words: str) -> dict:
        answer = subprocess.run([self.limits, *words], check=True, capture_output=True, text=True)
        return json.loads(answer.stdout)


def say(text: str) -> None:
    """One moving line on a terminal, else lines."""
    live = sys.stderr.isatty()
    sys.stderr.write(f"\r\033[K{text[:100]}" if live else text + "\n")
    sys.stderr.flush()


def in_turn(label: str, turns: int, seconds: float, work: dict) -> dict:
    """Calls each of `work` (name -> function giving rate and peak) once per round. Nobody takes more
    than about half of `seconds`, and no round begins after them; everybody runs at least once."""
    end = time.monotonic() + seconds
    samples, spent = {name: Samples() for name in work}, dict.fromkeys(work, 0.0)
    for turn in range(turns):
        if turn and time.monotonic() > end:
            break
        for name, function in work.items():
            if turn and spent[name] + samples[name].seconds > seconds / 2:
                continue
            say(f"{label}: {name}, {turn + 1} of {turns}")
            begin = time.monotonic()
            rate, rss_mib = function()
            one = samples[name]
            one.seconds = time.monotonic() - begin
            spent[name] += one.seconds
            one.rates.append(rate)
            one.rss_mib = max(one.rss_mib, rss_mib)
    return samples
