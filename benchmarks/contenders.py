# SPDX-License-Identifier: Apache-2.0
"""The programs that are compared: how each makes its keys, seals and opens. A command is a list of
words; several commands are a pipe. Each reads the document from its standard input or, where that is
how its users call it, from a file; % stands for the number of a small file."""
import os
import pathlib
import shutil
import subprocess
import tempfile

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Contender:
    name = ""
    needs = ""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir()

    @classmethod
    def missing(cls) -> bool:
        return shutil.which(cls.needs) is None

    def make_keys(self) -> None: ...
    def version(self) -> str: ...
    def seal(self, path: str) -> list: ...
    def open(self, path: str) -> list: ...
    def end(self) -> None: ...

    def at(self, name: str) -> str:
        return str(self.folder / name)


class Valise(Contender):
    """Seals and signs: P-384 with ML-KEM-1024, Ed25519 with ML-DSA-87, AES-256-GCM, tree hash."""
    name = "valise"

    def __init__(self, folder: pathlib.Path, program: str) -> None:
        super().__init__(folder)
        self.program = program

    def make_keys(self) -> None:
        for kind in ("recipient", "sender"):
            subprocess.run([self.program, "keygen", "--kind", kind, "--no-passphrase", "-o", self.at(kind)],
                           check=True, **QUIET)

    def version(self) -> str:
        return subprocess.run([self.program, "--version"], capture_output=True, text=True).stdout.strip()

    def seal(self, path: str) -> list:
        return [[self.program, "seal", "--to", self.at("recipient.pub"), "--from", self.at("sender"), path]]

    def open(self, path: str) -> list:
        return [[self.program, "open", "--key", self.at("recipient"), "--sender", self.at("sender.pub"), path]]


class Age(Contender):
    """Encrypts only: nothing says who sealed it. X25519, ChaCha20-Poly1305."""
    name = needs = "age"

    def make_keys(self) -> None:
        subprocess.run(["age-keygen", "-o", self.at("key")], check=True, **QUIET)
        answer = subprocess.run(["age-keygen", "-y", self.at("key")], check=True, capture_output=True, text=True)
        self.recipient = answer.stdout.strip()

    def version(self) -> str:
        return "age " + subprocess.run(["age", "--version"], capture_output=True, text=True).stdout.strip()

    def seal(self, path: str) -> list:
        return [["age", "-r", self.recipient, path]]

    def open(self, path: str) -> list:
        return [["age", "-d", "-i", self.at("key"), path]]


class Gpg(Contender):
    """Signs (Ed25519) and encrypts (Curve25519, AES-256) without compression."""
    name = needs = "gpg"
    user = "bench@valise.invalid"

    def __init__(self, folder: pathlib.Path) -> None:
        super().__init__(folder)
        # Its agent listens on a socket in there, and the path of a socket has 107 bytes at most.
        self.home = tempfile.mkdtemp(prefix="valise-bench-")

    def base(self) -> list:
        return ["gpg", "--homedir", self.home, "--batch", "--yes", "--quiet", "--no-tty",
                "--trust-model", "always"]

    def make_keys(self) -> None:
        make = self.base() + ["--passphrase", "", "--pinentry-mode", "loopback"]
        subprocess.run(make + ["--quick-gen-key", self.user, "ed25519", "sign", "never"], check=True, **QUIET)
        listed = subprocess.run(self.base() + ["--with-colons", "--list-keys"], check=True,
                                capture_output=True, text=True).stdout
        key = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))
        subprocess.run(make + ["--quick-add-key", key, "cv25519", "encr", "never"], check=True, **QUIET)

    def version(self) -> str:
        return subprocess.run(["gpg", "--version"], capture_output=True, text=True).stdout.splitlines()[0]

    def seal(self, path: str) -> list:
        return [self.base() + ["--sign", "--encrypt", "--compress-algo", "none", "--cipher-algo", "AES256",
                               "--recipient", self.user, "--output", "-", path]]

    def open(self, path: str) -> list:
        return [self.base() + ["--output", "-", "--decrypt", path]]

    def end(self) -> None:
        """gpg started an agent that would outlive us; it knows itself by this folder."""
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "gpg-agent"], **QUIET)
        shutil.rmtree(self.home, ignore_errors=True)


class Cms(Contender):
    """Signs (ECDSA P-256, SHA-256), then encrypts (ECDH P-256, AES-256-GCM): two processes."""
    name, needs = "cms", "openssl"

    def make_keys(self) -> None:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-subj", "/CN=bench", "-days", "2", "-keyout", self.at("key"),
                        "-out", self.at("cert")], check=True, **QUIET)

    def version(self) -> str:
        answer = subprocess.run(["openssl", "version"], capture_output=True, text=True).stdout
        return " ".join(answer.split()[:2]) + " cms"

    def seal(self, path: str) -> list:
        der = ["-binary", "-stream", "-outform", "DER"]
        return [["openssl", "cms", "-sign", "-nodetach", *der, "-md", "sha256", "-signer", self.at("cert"),
                 "-inkey", self.at("key"), "-in", path],
                ["openssl", "cms", "-encrypt", *der, "-aes-256-gcm", self.at("cert")]]

    def open(self, path: str) -> list:
        der = ["-binary", "-inform", "DER"]
        return [["openssl", "cms", "-decrypt", *der, "-recip", self.at("cert"), "-inkey", self.at("key"),
                 "-in", path],
                ["openssl", "cms", "-verify", *der, "-CAfile", self.at("cert")]]


PEERS = (Age, Gpg, Cms)


def environment() -> dict:
    """Words that a program might print differently elsewhere, and nothing of the person's own set-up."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
