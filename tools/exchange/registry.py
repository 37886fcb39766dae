# SPDX-License-Identifier: Apache-2.0
"""One registry of the exchange: its folder, its two programs, its people."""
import ctypes
import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import time

from transcript import Broken, Transcript

# Enough for a demonstration, so that sixty commands do not each spend a second on the passphrase; the programs'
# own default is what protects a key in earnest.
ARGON2_KIB = "8192"


ZONES = {"tokyo": "Asia/Tokyo", "kyiv": "Europe/Kyiv"}


def free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise Broken("no free port on the loopback address")


def end_with_parent():
    """The programs end when this one does, however it ends (Linux: PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Registry:
    def __init__(self, page: Transcript, city: str, party: str, port: int, desk_port: int = 0):
        self.page, self.city, self.party, self.port, self.desk_port = page, city, party, port, desk_port
        self.folder = page.state / city
        self.terms = page.root / "agreements" / "jpn-ukr.toml"
        self.people = page.state / "people" / city
        self.passphrase = page.state / "people" / f"{city}-registry.passphrase"
        self.person_passphrase = self.people / "passphrase"
        self.environment = {"VALISE_SOCKET": str(self.folder / "people.sock")}
        self._running = {}
        self._log_begins = {}
        self.preloaded = {}  # by program: what a test puts into its environment

    # --- people ---
    def prepare(self):
        self.people.mkdir(parents=True, exist_ok=True)
        for path in (self.passphrase, self.person_passphrase):
            path.touch(mode=0o600)
            path.write_text(os.urandom(18).hex() + "\n", encoding="ascii")

    def key(self, person: str) -> pathlib.Path:
        return self.people / f"{person}.key"

    def make_key(self, person: str, name: str):
        self.page.run(f"A key of {person}'s own", [
            self.page.programs["valise"], "keygen", "--kind", "person", "--name", name, "-o", self.key(person),
            "--argon2-kib", ARGON2_KIB, "--passphrase-file", self.person_passphrase], place=f"{person}@{self.city}")

    # --- commands ---
    def acting(self, person: str) -> dict:
        """The environment of somebody at this registry's command line."""
        keys = {"VALISE_AS": str(self.key(person)), "VALISE_PASSPHRASE_FILE": str(self.person_passphrase)}
        return self.environment | (keys if person else {})

    def valise(self, title: str, *words, person: str = "", **more) -> dict:
        return self.page.run(title, [self.page.programs["valise"], *words],
                             place=f"{person}@{self.city}" if person else self.city,
                             environment=self.acting(person), **more)

    def create(self, control: str, clearance: str):
        self.page.run(f"The registry of {self.party}", [
            self.page.programs["valise"], "registry", "create", "--folder", self.folder, "--party", self.party,
            "--terms", self.terms, "--test-mode",
            "--control-officer", f"{self.key(control)}.pub", "--clearance-officer", f"{self.key(clearance)}.pub",
            "--peer-listen", f"127.0.0.1:{self.port}", "--people-port", "0", "--argon2-kib", ARGON2_KIB,
            "--desks", f"127.0.0.1:{self.desk_port}", "--timezone", ZONES.get(self.city, "UTC"),
            "--passphrase-file", self.passphrase], place=self.city)
        with (self.folder / "registry.toml").open("a", encoding="utf-8") as config:  # [people] is its last table
            config.write(f"command = {json.dumps(self.command('{name}'))}\n")

    def command(self, person: str) -> str:
        """What stands before the words of a command that this person copies from a page."""
        words = [self.page.programs["valise"], "--socket", self.folder / "people.sock", "--as", self.key(person),
                 "--passphrase-file", self.person_passphrase]
        return " ".join(word if "{" in word else shlex.quote(word) for word in map(str, words))

    # --- the desks ---
    def desks(self) -> str:
        """Where they are, as the daemon says once it has started: a moment after its socket answers."""
        for _ in range(1000):
            said = (self.folder / "valised.log").read_bytes()[self._log_begins["valised"]:].decode("utf-8")
            if "valised of " in said:
                return said[said.index("desks on "):].split()[2]
            time.sleep(0.01)
        raise Broken(f"{self.city} does not say where its desks are")

    def account(self, person: str) -> dict:
        """A fresh account; its code key goes to a file beside the person's other keys, as into their generator."""
        made = self.asked("desk", "account", f"{self.key(person)}.pub", "--name", person)
        path = self.people / f"{person}.code-key"
        path.touch(mode=0o600)
        path.write_text(made["secret"] + "\n", encoding="ascii")
        return made

    def asked(self, *words) -> dict:
        """A question that is no step of the story."""
        done = subprocess.run([str(self.page.programs["valise"]), *(str(word) for word in words), "--json"], check=True, capture_output=True,
                              env={**os.environ, **self.environment})
        return json.loads(done.stdout)

    def checkpoints(self) -> dict:
        return self.asked("log", "checkpoint")

    def wait_for_link(self):
        """A registry greets its peer by itself, a moment after the pairing."""
        for _ in range(200):
            if self.asked("status")["link"]:
                return
            time.sleep(0.05)
        raise Broken(f"{self.city} did not reach its peer")

    def cosigned(self) -> bool:
        """Both published logs reach the newest event and carry the peer's two cosignatures, the shared one those of
        its mirror too."""
        events = self.asked("status")["events"]
        for log in ("private", "shared"):
            path = self.folder / "state" / "logs" / log / "checkpoint"
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            wanted = 4 if log == "private" else 6
            if sum(line.startswith("\u2014 ") for line in lines) != wanted:
                return False
            if log == "private" and int(lines[1]) != events:
                return False
        return True

    def sealed_files(self) -> list:
        return sorted(path for path in (self.folder / "state" / "blobs").rglob("*")
                      if path.is_file() and "." not in path.name)

    # --- programs ---
    def command_of(self, name: str) -> list:
        if name == "valise-keys":
            return [self.page.programs[name], "serve", "--state", self.folder / "keys", "--socket",
                    self.folder / "keys.sock", "--passphrase-file", self.passphrase,
                    "--renderer", self.folder / "render.sock"]
        if name == "valise-render":
            return [self.page.programs[name], "--socket", self.folder / "render.sock"]
        return [self.page.programs[name], "--config", self.folder / "registry.toml"]

    def start(self, name: str):
        words = [str(word) for word in self.command_of(name)]
        print(f"{self.city}$ {self.page._shown(words)} &", flush=True)
        with open(self.folder / f"{name}.log", "ab") as log:
            self._log_begins[name] = log.tell()  # what an earlier run said, of another setting, stands before it
            self._running[name] = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                   env=os.environ | self.preloaded.get(name, {}),
                                                   preexec_fn=end_with_parent)
        sockets = {"valise-keys": "keys.sock", "valise-render": "render.sock", "valised": "people.sock"}
        self._wait_for(self.folder / sockets[name], name)

    def _wait_for(self, path: pathlib.Path, name: str):
        for _ in range(1000):
            if self._running[name].poll() is not None:
                log = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
                raise Broken(f"{name} of {self.city} ended with {self._running[name].returncode}:\n{log}")
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(str(path))
                    return
                except OSError:
                    time.sleep(0.01)
        raise Broken(f"{name} of {self.city} does not answer on {path}")

    def start_all(self):
        self.start("valise-render")
        self.start("valise-keys")
        self.start("valised")

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def killed(self, name: str):
        self._running.pop(name).wait()

    def kill(self, name: str):
        self._running[name].kill()
        self.killed(name)

    def alive(self) -> bool:
        return all(program.poll() is None for program in self._running.values())

    def stop_one(self, name: str):
        program = self._running.pop(name, None)
        if program is None:
            return
        program.terminate()
        try:
            program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()

    def stop(self):
        for name in ("valised", "valise-keys", "valise-render"):
            self.stop_one(name)
