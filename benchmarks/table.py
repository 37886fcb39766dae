# SPDX-License-Identifier: Apache-2.0
"""The rows: what stands in the table and in the JSON."""
import json
from dataclasses import dataclass

from measuring import Samples


@dataclass
class Row:
    name: str
    against: str
    unit: str
    ours: Samples
    theirs: Samples

    def json(self) -> dict:
        """A ratio above 1 means that ours is better. The peak is ours; theirs stands beside it."""
        return {"name": self.name, "against": self.against, "ours": round(self.ours.rate(), 2),
                "theirs": round(self.theirs.rate(), 2),
                "ratio": round(self.ours.rate() / self.theirs.rate(), 3), "unit": self.unit,
                "peak_rss_mib": round(self.ours.rss_mib, 1),
                "theirs_peak_rss_mib": round(self.theirs.rss_mib, 1) if self.theirs.rss_mib else None,
                "turns": [len(self.ours.rates), len(self.theirs.rates)]}

    def text(self) -> str:
        one = self.json()
        peak = one["theirs_peak_rss_mib"]
        return (f"{self.name + ' ':<13}{self.against:<7}{one['ours']:>10,.0f}{one['theirs']:>12,.0f} {self.unit:<9}"
                f"{one['ratio']:>7.2f}{one['peak_rss_mib']:>10.1f}{'–' if peak is None else peak:>10}"
                f"{one['turns'][0]:>7}/{one['turns'][1]}")


@dataclass
class Skipped:
    """A row that could not be measured here, and why."""
    name: str
    against: str
    reason: str

    def json(self) -> dict:
        return {"name": self.name, "against": self.against, "skipped": self.reason}

    def text(self) -> str:
        return f"{self.name + ' ':<13}{self.against:<7}   skipped: {self.reason}"


HEAD = (f"{'':<13}{'against':<7}{'ours':>10}{'theirs':>12} {'':<9}{'ratio':>7}{'ours':>10}{'theirs':>10}"
        f"{'turns':>9}\n{'':<49}{'':>7}{'peak memory, MiB':>20}")


def write_json(path: str, rows: list) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump([row.json() for row in rows], file, indent=1)
        file.write("\n")
