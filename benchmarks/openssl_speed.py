# SPDX-License-Identifier: Apache-2.0
"""What the cryptographic library by itself does, by its own tool: `openssl speed`, around the libraries that our
programs are linked with. The sum of its parts is what a small file cannot be sealed faster than."""
import pathlib
import subprocess

from measuring import say

ROOT = pathlib.Path(__file__).resolve().parent.parent
WRAPS = {"p256": ("ML-KEM-768", "ECP-256", "ecdhp256"), "p384": ("ML-KEM-1024", "ECP-384", "ecdhp384")}


class SpeedTool:
    def __init__(self, programs: pathlib.Path, seconds: int, wanted: bool) -> None:
        self.program = programs / "benchmarks/peers/openssl/openssl"
        self.seconds, self.parts = seconds, {}
        self.missing = self.build() if wanted else "left out on request" # before the clock starts

    def build(self) -> str:
        """Why there is none, or nothing."""
        say("building openssl speed")
        made = subprocess.run([str(ROOT / "tools/openssl_speed.sh"), str(self.program)], capture_output=True, text=True)
        return "" if made.returncode == 0 else made.stderr.strip().splitlines()[-1][:120]

    def run(self, *words: str) -> list:
        """The last line that counts, split at its colons: operations or bytes a second."""
        say(f"openssl speed {' '.join(words)}")
        answer = subprocess.run([str(self.program), "speed", "-mr", "-seconds", str(self.seconds), *words], check=True,
                                capture_output=True, text=True)
        return [line for line in answer.stdout.splitlines() if line.startswith("+F")][-1].split(":")

    def measure(self) -> None:
        """Microseconds of each part; of the hashes, nanoseconds a byte."""
        parts = self.parts
        for kem, curve, exchange in WRAPS.values():
            parts[f"{kem} encapsulate"] = 1e6 / float(self.run(kem)[3])
            parts[f"{curve} key"] = 1e6 / float(self.run(curve)[2])
            parts[exchange] = 1e6 / float(self.run(exchange)[3])
        parts["ML-DSA-87 sign"] = 1e6 / float(self.run("ML-DSA-87")[3])
        parts["Ed25519 sign"] = 1e6 / float(self.run("ed25519")[4])
        for name, cipher in (("AES-256-GCM", "aes-256-gcm"), ("SHA-256", "sha256"), ("SHA-384", "sha384")):
            parts[name] = 1e9 / float(self.run("-bytes", "4096", "-evp", cipher)[3])

    def wrap(self, name: str) -> float:
        kem, curve, exchange = WRAPS[name]
        return self.parts[f"{kem} encapsulate"] + self.parts[f"{curve} key"] + self.parts[exchange]

    def hashes(self, sealed: dict) -> float:
        return (sealed["sha256_bytes"] * self.parts["SHA-256"] + sealed["sha384_bytes"] * self.parts["SHA-384"]) / 1e3

    def without_hashes(self, name: str, sealed: dict) -> float:
        signatures = (self.parts["ML-DSA-87 sign"] + self.parts["Ed25519 sign"]) / sealed["batch"]
        return self.wrap(name) + signatures + 4.096 * self.parts["AES-256-GCM"]

    def file(self, name: str, sealed: dict) -> float:
        """Microseconds of all parts of one file of 4 KiB."""
        return self.without_hashes(name, sealed) + self.hashes(sealed)
