# SPDX-License-Identifier: Apache-2.0
"""Witnesses of other makers, each started as its maker means it: where it listens, and its keys."""
import datetime
import json
import pathlib
import sqlite3
import subprocess

from tools import Folder, Program, Served, free_port, run, said, without_valise

NAMES = ("glue", "omniwitness", "litewitness", "sunlight", "sunlight-keygen")


class Witness:
    """A context; `url` and `vkeys` are what a log needs of it. `logs` are vkeys by origin, Ed25519 first."""

    def __init__(self, theirs: dict, logs: dict):
        self.theirs, self.logs, self.url, self.vkeys, self._open = theirs, logs, "", [], []

    def enter(self, context):
        self._open.append(context)
        return context.__enter__()

    def __enter__(self):
        try:
            self.start(self.enter(Folder()))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        while self._open:
            self._open.pop().__exit__(None, None, None)

    def program(self, folder: pathlib.Path, *words, port: int) -> Program:
        started = self.enter(Program(folder / "log", *words, port=port, cwd=folder, env=without_valise()))
        started.wait_until(started.listens)
        self.url = f"http://127.0.0.1:{port}"
        return started


class Omniwitness(Witness):
    """Cosigns with both algorithms; knows one key of each log."""

    def start(self, folder):
        keys = said(self.theirs["glue"], "keys", "omniwitness.example/w")
        for name, pair in keys.items():
            (folder / name).write_text(pair["secret"])
            self.vkeys.append(pair["cosigner"])
        (folder / "logs.yaml").write_text("Logs:\n" + "".join(
            f"  - Origin: {origin}\n    URL: http://127.0.0.1:1/\n    PublicKey: {vkeys[0]}\n"
            for origin, vkeys in self.logs.items()))
        port = free_port()
        self.program(folder, self.theirs["omniwitness"], *(f"--private_key_path={folder / name}" for name in keys),
                     f"--listen=127.0.0.1:{port}", "--metrics_listen=", f"--db_file={folder / 'db'}",
                     f"--additional_logs={folder / 'logs.yaml'}", port=port)


class Litewitness(Witness):
    """Ed25519 alone, from an ssh-agent. Its witnessctl is not to be had, so its tables are filled here."""

    def start(self, folder):
        agent = self.enter(Program(folder / "agent", self.theirs["glue"], "agent", folder / "agent.sock",
                                   "litewitness.example/w"))
        agent.wait_until(lambda: agent.text().endswith("\n"))
        key = json.loads(agent.text())
        self.vkeys = [key["vkey"]]
        with sqlite3.connect(folder / "db") as database:
            database.executescript("""
                CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL);
                CREATE TABLE key (origin TEXT NOT NULL, key TEXT NOT NULL,
                                  FOREIGN KEY(origin) REFERENCES log(origin));""")
            empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
            for origin, vkeys in self.logs.items():
                database.execute("INSERT INTO log VALUES (?, 0, ?)", (origin, empty))
                database.execute("INSERT INTO key VALUES (?, ?)", (origin, vkeys[0]))
        database.close()
        port = free_port()
        self.program(folder, self.theirs["litewitness"], "-name", "litewitness.example/w", "-db", folder / "db",
                     "-ssh-agent", folder / "agent.sock", "-key", key["fingerprint"],
                     "-listen", f"127.0.0.1:{port}", port=port)


class Sunlight(Witness):
    """Ed25519 alone. It serves a witness only beside a log of certificates, so it gets an empty one."""

    def start(self, folder):
        for name in ("witness.seed", "log.seed"):
            (folder / name).write_bytes(name.encode().ljust(32, b"."))
        done = run(self.theirs["sunlight-keygen"], "-f", folder / "witness.seed", "-witness", "sunlight.example/w")
        self.vkeys = [done.stdout.split("Witness vkey:")[1].split()[0]]
        with sqlite3.connect(folder / "checkpoints.db") as database:
            database.execute("CREATE TABLE checkpoints (logID BLOB PRIMARY KEY, body BLOB NOT NULL) STRICT")
        database.close()
        (folder / "list").mkdir()
        (folder / "list" / "logs").write_text("logs/v0\n\n" + "".join(
            f"vkey {vkeys[0]}\norigin {origin}\n" for origin, vkeys in self.logs.items()))
        lists = self.enter(Served(folder / "list"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=root", "-keyout",
                        folder / "root.key", "-out", folder / "roots.pem"], check=True, capture_output=True)
        port, today = free_port(), datetime.date.today()
        # JSON is YAML.
        (folder / "sunlight.yaml").write_text(json.dumps({
            "listen": [f"127.0.0.1:{port}"], "checkpoints": str(folder / "checkpoints.db"),
            "witness": {"name": "sunlight.example/w", "submissionprefix": "https://127.0.0.1/witness",
                        "secret": str(folder / "witness.seed"), "loglists": [lists + "logs"]},
            "logs": [{"shortname": "empty", "inception": str(today), "submissionprefix": "https://127.0.0.1/ct",
                      "monitoringprefix": "https://127.0.0.1/ct", "secret": str(folder / "log.seed"),
                      "cache": str(folder / "cache.db"), "localdirectory": str(folder / "ct"),
                      "roots": str(folder / "roots.pem"), "notafterstart": f"{today.year}-01-01T00:00:00Z",
                      "notafterlimit": f"{today.year + 1}-01-01T00:00:00Z"}]}))
        started = self.program(folder, self.theirs["sunlight"], "-c", folder / "sunlight.yaml", port=port)
        started.wait_until(lambda: all(origin in started.text() for origin in self.logs))
        self.url += "/witness"


ALL = {"omniwitness": Omniwitness, "litewitness": Litewitness, "sunlight": Sunlight}
