# SPDX-License-Identifier: Apache-2.0
"""Rewraps a second through the whole of our service: TLS, token, decision, log on the disk, key process, answer."""
import base64
import concurrent.futures
import contextlib
import http.client
import io
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "exchange"))
from registry import Registry, free_port  # noqa: E402
from transcript import Transcript  # noqa: E402

CONNECTIONS = 4


def b64url(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


class Service:
    """One registry with one exported copy, and a client of class bearer, whose signed requests no key verifies: what
    is measured is the service, not the client."""

    def __init__(self, programs: pathlib.Path):
        # The path of a unix socket has at most 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vb", dir="/tmp"))
        found = {name: programs / "apps" / name / name for name in ("valise", "valise-keys", "valise-render", "valised")}
        self.place = Registry(Transcript(ROOT, self.folder, found), "bench", "JPN", free_port(0))
        self.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "client.key")
        self.session = self.openssl("pkey", "-in", "client.key", "-pubout")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                     "kas.key", "-out", "kas.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                     "subjectAltName=DNS:localhost")
        self.port = free_port(0)
        self.url = f"https://localhost:{self.port}"

    def openssl(self, *words: str) -> str:
        return subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def ask(self, *words, person: str = "") -> dict:
        done = subprocess.run([str(self.place.page.programs["valise"]), *(str(word) for word in words), "--json"],
                              check=True, capture_output=True, env=self.place.acting(person))
        return json.loads(done.stdout)

    def start(self):
        place = self.place
        place.prepare()
        for person in ("ishikawa", "sato", "tanaka"):
            place.make_key(person, person)
        place.create("ishikawa", "sato")
        with open(place.folder / "registry.toml", "a", encoding="utf-8") as config:
            config.write(f'\n[opentdf]\nlisten = "127.0.0.1:{self.port}"\nurl = "{self.url}"\n'
                         'certificate = "../kas.pem"\nkey = "../kas.key"\n')
        place.start_all()
        tanaka = f"{place.key('tanaka')}.pub"
        (self.folder / "document").write_bytes(b"x" * 4096)
        self.ask("person", "enrol", tanaka, person="ishikawa")
        self.ask("person", "appoint", tanaka, "--role", "originator", person="ishikawa")
        self.ask("person", "clear", tanaka, "--level", "gokuhi", "--until", "+9d", person="sato")
        self.ask("person", "brief", self.folder / "document", person="tanaka")
        number = self.ask("item", "enter", self.folder / "document", "--level", "hi", "--purpose", "exercise",
                          "--title", "x", person="tanaka")["number"]
        self.ask("person", "grant", tanaka, "--item", number, "--purpose", "exercise", "--until", "+9d",
                 person="ishikawa")
        self.ask("item", "export", number, "--client", "bench", "--purpose", "exercise", "-o",
                 self.folder / "copy.tdf", person="tanaka")
        self.secret = self.ask("client", "add", "bench", "--for-person", tanaka, "--class", "bearer")["secret"]
        with zipfile.ZipFile(self.folder / "copy.tdf") as copy:
            self.sealed = json.loads(copy.read("0.manifest.json"))["encryptionInformation"]

    def connect(self) -> http.client.HTTPSConnection:
        trusted = ssl.create_default_context(cafile=str(self.folder / "kas.pem"))
        return http.client.HTTPSConnection("localhost", self.port, context=trusted)

    def call(self, link, path: str, body: str, headers: dict) -> dict:
        link.request("POST", path, body, headers)
        answer = link.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text!r}")
        return json.loads(text)

    def token(self, link) -> str:
        credentials = base64.b64encode(f"bench:{self.secret}".encode()).decode()
        return self.call(link, "/token", "grant_type=client_credentials",
                         {"Authorization": f"Basic {credentials}",
                          "Content-Type": "application/x-www-form-urlencoded"})["access_token"]

    def rewrap(self, seconds: float, worker: int) -> int:
        """As many as go in this time, one behind the other on one connection."""
        request = json.dumps({
            "clientPublicKey": self.session,
            "requests": [{"policy": {"id": "policy", "body": self.sealed["policy"]},
                          "keyAccessObjects": [{"keyAccessObjectId": "kao-0",
                                                "keyAccessObject": self.sealed["keyAccess"][0]}]}]})
        head, tail = b64url(b'{"alg":"ES256"}'), b64url(bytes(64))
        link = self.connect()
        headers = {"Authorization": f"Bearer {self.token(link)}", "Content-Type": "application/json"}
        done, now = 0, int(time.time())
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            claims = {"requestBody": request, "iat": now, "exp": now + 60, "n": f"{worker} {done}"}
            signed = ".".join((head, b64url(json.dumps(claims).encode()), tail))
            answer = self.call(link, "/kas.AccessService/Rewrap", json.dumps({"signedRequestToken": signed}), headers)
            if answer["responses"][0]["results"][0]["status"] != "permit":
                raise RuntimeError(f"refused: {answer}")
            done += 1
        return done

    def end(self):
        self.place.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def rewraps(programs: pathlib.Path, seconds: float, connections: int = CONNECTIONS) -> float:
    service = Service(programs)
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the story of its making is no figure
            service.start()
        service.rewrap(min(1.0, seconds), 0)
        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            begin = time.monotonic()
            counts = list(pool.map(lambda worker: service.rewrap(seconds, worker), range(1, connections + 1)))
            return sum(counts) / (time.monotonic() - begin)
    finally:
        service.end()


if __name__ == "__main__":
    print(f"{rewraps(pathlib.Path(sys.argv[1]).resolve(), 5.0):.0f} rewraps/s on {CONNECTIONS} connections, "
          f"{rewraps(pathlib.Path(sys.argv[1]).resolve(), 5.0, 1):.0f} on one")
