# SPDX-License-Identifier: Apache-2.0
"""The desks under load: 200 readers who turn pages of documents and 20 officers who work, all signed in, at one
registry with real programs and TLS. Time is taken from the first byte asked to the last byte answered."""
import asyncio
import concurrent.futures
import datetime
import html
import json
import os
import pathlib
import random
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

from measuring import say

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "exchange"))
from one_time_code import code  # noqa: E402
from registry import Registry, free_port  # noqa: E402
from transcript import Transcript  # noqa: E402

COPIES = 4  # of an item, for as many readers; the terms set a limit
AGENT = "a browser of the benchmark"
PURPOSE = "exercise"
# A reader looks at a page this long, an officer at one of theirs; seconds, uniformly.
READS, WORKS = (2.0, 6.0), (1.0, 3.0)
UNTIL = (datetime.date.today() + datetime.timedelta(days=20)).isoformat() + "T00:00:00Z"


class Browser:
    """One connection that is kept, one session: what a browser does without scripts."""

    def __init__(self, port: int, trust: ssl.SSLContext):
        self.port, self.trust, self.cookies = port, trust, {}
        self.origin = f"https://localhost:{port}"
        self.reader = self.writer = None

    async def _link(self):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trust,
                                                                     server_hostname="localhost", limit=1 << 20)

    async def ask(self, method: str, path: str, fields: dict | None = None) -> tuple:
        """Status, header fields and body."""
        await self._link()
        body = urllib.parse.urlencode(fields).encode() if fields is not None else b""
        head = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}", f"User-Agent: {AGENT}",
                "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())]
        if fields is not None:
            head += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded",
                     f"Origin: {self.origin}"]
        sent = "\r\n".join(head).encode() + b"\r\n\r\n" + body
        self.writer.write(sent)
        try:
            first = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):  # it was idle for a minute: as a browser does
            self.reader = self.writer = None
            await self._link()
            self.writer.write(sent)
            first = await self.reader.readuntil(b"\r\n\r\n")
        lines = first.decode("latin-1").split("\r\n")
        answer = {}
        for line in lines[1:-2]:
            name, value = line.split(":", 1)
            value = value.strip()
            if name.lower() == "set-cookie":
                cookie, kept = value.split(";")[0].split("=", 1)
                self.cookies[cookie] = kept
            answer[name.lower()] = value
        content = await self.reader.readexactly(int(answer.get("content-length", 0)))
        if answer.get("connection", "").lower() == "close":
            self.writer.close()
            self.reader = self.writer = None
        return int(lines[0].split()[1]), answer, content

    async def page(self, path: str) -> str:
        status, _, content = await self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}")
        return content.decode()

    async def token(self, path: str) -> str:
        return re.findall(r'name="token" value="([^"]*)"', await self.page(path))[-1]

    async def send(self, path: str, fields: dict, shown_at: str | None = None) -> str:
        """Sends a form with its token; where the answer leads."""
        status, answer, content = await self.ask("POST", path, {"token": await self.token(shown_at or path)} | fields)
        if status != 303:
            text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.unescape(content.decode())))
            raise RuntimeError(f"{path} answers {status}: {text[-700:]}")
        return answer["location"]

    async def sign_in(self, name: str, account: dict):
        await self.send("/sign-in", {"name": name, "password": account["password"], "code": code(account["secret"])})
        fresh = "a phrase of twenty letters"
        await self.send("/account", {"password": account["password"], "fresh": fresh, "again": fresh})


class House:
    """One registry with its programs, a document of some pages, readers and officers with keys and accounts."""

    def __init__(self, programs: pathlib.Path, readers: int, officers: int):
        # The path of a unix socket has at most 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vd", dir="/tmp"))
        self.programs = {name: programs / "apps" / name / name
                         for name in ("valise", "valised", "valise-keys", "valise-render")}
        self.place = Registry(Transcript(ROOT, self.folder, self.programs), "load", "JPN", free_port(0))
        self.readers = [f"reader{number}" for number in range(readers)]
        self.officers = [f"officer{number}" for number in range(officers)]
        self.port = free_port(0)
        self.accounts = {}

    def _run(self, *words, person: str = "") -> dict:
        done = subprocess.run([str(self.programs["valise"]), *(str(word) for word in words), "--json"],
                              capture_output=True, env={**os.environ, **self.place.acting(person)}, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{words} ended with {done.returncode}: {done.stdout.decode()} {done.stderr.decode()}")
        return json.loads(done.stdout)

    def _keygen(self, person: str):
        subprocess.run([str(self.programs["valise"]), "keygen", "--kind", "person", "--name", person, "-o",
                        str(self.place.key(person)), "--argon2-kib", "64", "--passphrase-file",
                        str(self.place.person_passphrase)], check=True, capture_output=True)

    def public(self, person: str) -> str:
        return f"{self.place.key(person)}.pub"

    def open(self):
        place = self.place
        place.prepare()
        for person in ("ishikawa", "sato", "tanaka"):
            self._keygen(person)
        place.create("ishikawa", "sato")
        certificate = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                       "-keyout", str(self.folder / "site.key"), "-out", str(self.folder / "site.pem"), "-days", "2",
                       "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        subprocess.run(certificate, check=True, capture_output=True)
        (self.folder / "site.key").chmod(0o600)
        config = place.folder / "registry.toml"
        text = re.sub(r"(?ms)^\[people\]\n(?:(?!^\[).*\n?)*", "", config.read_text(encoding="utf-8"))
        config.write_text(text.rstrip() + f'\n\n[people]\nlisten = "127.0.0.1:{self.port}"\n'
                          f'certificate = "{self.folder / "site.pem"}"\nkey = "{self.folder / "site.key"}"\n'
                          f'hosts = ["localhost:{self.port}"]\n', encoding="utf-8")
        place.start_all()
        self._run("person", "enrol", self.public("tanaka"), person="ishikawa")
        self._run("person", "appoint", self.public("tanaka"), "--role", "originator", person="ishikawa")
        text = self.folder / "document.txt"
        text.write_text("".join(f"{line:4} 情報の記録 Запис спостереження, an observation of the exercise\n"
                                for line in range(1, 400)), encoding="utf-8")
        self.items = [self._run("item", "enter", text, "--level", "gokuhi", "--purpose", PURPOSE, "--title", "load",
                                person="tanaka")["number"] for _ in range(0, len(self.readers), COPIES)]

    def admit(self, person: str):
        """A key, a role, and what a reader besides needs: clearance, briefing, need-to-know, a numbered copy."""
        self._keygen(person)
        reads = person in self.readers
        item = self.items[self.readers.index(person) // COPIES] if reads else ""
        self._run("person", "enrol", self.public(person), person="ishikawa")
        self._run("person", "appoint", self.public(person), "--role", "reader" if reads else "control-officer",
                  person="ishikawa")
        if reads:
            self._run("person", "clear", self.public(person), "--level", "gokuhi", "--until", "+300d", person="sato")
            self._run("person", "brief", ROOT / "examples" / "briefing.txt", person=person)
            self._run("person", "grant", self.public(person), "--item", item, "--purpose", PURPOSE, "--until",
                      "+30d", person="ishikawa")
            copy = self._run("copy", "make", item, "--form", "electronic", "--reason", "to be read at the desk",
                             person="ishikawa")["copy"]
            self._run("copy", "issue", copy, "--to", self.public(person), "--purpose", PURPOSE, "--due", "+14d",
                      person="ishikawa")
        self.accounts[person] = self._run("desk", "account", self.public(person), "--name", person)

    def sign(self, person: str, text: str) -> str:
        done = subprocess.run([str(self.programs["valise"]), "sign", "--yes", "--as", str(self.place.key(person)),
                               "--passphrase-file", str(self.place.person_passphrase)], input=text.encode(),
                              capture_output=True, check=True, env={**os.environ, **self.place.environment})
        return done.stdout.decode()

    def processor_seconds(self) -> dict:
        """Of each program and of those that it forked and that ended."""
        ticks = os.sysconf("SC_CLK_TCK")
        out = {}
        for name in ("valised", "valise-keys", "valise-render"):
            words = pathlib.Path(f"/proc/{self.place.pid(name)}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1]
            out[name] = sum(int(word) for word in words.split()[11:15]) / ticks
        return out

    def peak_mib(self, name: str) -> float:
        text = pathlib.Path(f"/proc/{self.place.pid(name)}/status").read_text(encoding="ascii")
        return int(re.search(r"VmHWM:\s*(\d+)", text)[1]) / 1024

    def close(self):
        self.place.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Load:
    def __init__(self, house: House, seconds: float):
        self.house, self.seconds = house, seconds
        self.took, self.used, self.lasted, self.images = {}, {}, 0.0, []
        trust = ssl.create_default_context(cafile=str(house.folder / "site.pem"))
        self.browsers = {person: Browser(house.port, trust) for person in house.readers + house.officers}
        self.at, self.doing, self.signers = {}, [], concurrent.futures.ThreadPoolExecutor(2)
        self.ends, self.pages = None, 0

    async def timed(self, what: str, doing):
        begin = time.perf_counter()
        answer = await doing
        self.took.setdefault(what, []).append(time.perf_counter() - begin)
        return answer

    async def act(self, person: str, path: str, fields: dict) -> str:
        """The form, what the agreement would answer, the signature, the record; the page that says so."""
        browser = self.browsers[person]
        at = await self.timed("prepare an act", browser.send(path, fields))
        page = await self.timed("page before signing", browser.page(at))
        text = html.unescape(re.search(r'id="to-sign"[^>]*>([^<]*)<', page)[1])
        signed = await asyncio.get_running_loop().run_in_executor(self.signers, self.house.sign, person, text)
        await self.timed("hand in, durable", browser.send(at, {"signed": signed}))
        return await browser.page(at)

    async def sit_down(self, person: str):
        browser = self.browsers[person]
        await browser.sign_in(person, self.house.accounts[person])
        if person in self.house.officers:
            return
        listed = html.unescape(await browser.page("/reading"))
        link = re.search(r'href="(/acts/open\?[^"]*)"', listed)[1]
        fields = dict(re.findall(r"(\w+)=([^&\"]*)", link.split("?")[1]))
        page = await self.act(person, "/acts/open", fields)
        self.at[person] = re.search(r'href="(/reading/\d+)"', page)[1]
        await browser.send(self.at[person], {}, shown_at="/reading")
        self.doing.append(asyncio.create_task(self.read(person)))

    async def everybody_sits_down(self):
        """Who sits reads at once: a document that nobody looks at is wiped after five minutes."""
        gate, done = asyncio.Semaphore(3), 0

        async def one(person):
            nonlocal done
            async with gate:
                await self.sit_down(person)
                done += 1
                say(f"{done} of {len(self.browsers)} signed in")
        await asyncio.gather(*(one(person) for person in self.browsers))

    async def read(self, person: str):
        browser, at, page = self.browsers[person], self.at[person], 0
        first = await browser.page(at)
        pages = self.pages = int(re.search(r"page 1/(\d+)", first)[1])
        await asyncio.sleep(random.uniform(0, READS[1]))
        while self.ends is None or time.monotonic() < self.ends:
            page = page % pages + 1
            begin = time.perf_counter()
            await browser.page(f"{at}?page={page}")
            status, _, image = await browser.ask("GET", f"{at}/{page}")
            if status != 200 or not image.startswith(b"\x89PNG"):
                raise RuntimeError(f"{at}/{page} answers {status}")
            self.took.setdefault("turn a page, with its image", []).append(time.perf_counter() - begin)
            self.images.append(len(image))
            await asyncio.sleep(random.uniform(*READS))

    async def work(self, person: str):
        browser, house = self.browsers[person], self.house
        number = house.items[0]
        await asyncio.sleep(random.uniform(0, WORKS[1]))
        while time.monotonic() < self.ends:
            for path in ("/", "/duties", "/in", "/out", "/release", f"/register?number={number}", "/people", "/log"):
                await self.timed("page of an officer", browser.page(path))
                await asyncio.sleep(random.uniform(*WORKS))
            reader = random.choice(re.findall(r'value="(per-\w+)"[^>]*>reader', await browser.page("/acts/grant")))
            text = await self.act(person, "/acts/grant", {
                "person": reader, "item": number, "purpose": PURPOSE, "until": UNTIL})
            if "Permitted and recorded" not in text:
                raise RuntimeError("a grant was not recorded")
            await asyncio.sleep(random.uniform(*WORKS))

    async def everybody_works(self):
        self.took.clear()
        self.ends = time.monotonic() + self.seconds
        await asyncio.gather(*self.doing, *(self.work(person) for person in self.house.officers))


def spread(seconds: list) -> dict:
    ordered = sorted(seconds)
    return {"times": len(ordered), "p50": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)],
            "max": ordered[-1]}


def desks(programs: pathlib.Path, readers: int = 200, officers: int = 20, seconds: float = 120) -> str:
    house = House(programs, readers, officers)
    try:
        house.open()
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for done, _ in enumerate(pool.map(house.admit, house.readers + house.officers), 1):
                say(f"{done} of {readers + officers} persons admitted")
        load = Load(house, seconds)
        asyncio.run(measured(load))
        return told(load)
    finally:
        house.close()


async def measured(load: Load):
    await load.everybody_sits_down()
    say("everybody works")
    before, own, begin = load.house.processor_seconds(), time.process_time(), time.monotonic()
    await load.everybody_works()
    load.lasted = time.monotonic() - begin
    load.used = {name: spent - before[name] for name, spent in load.house.processor_seconds().items()}
    load.used["the load itself"] = time.process_time() - own


def told(load: Load) -> str:
    say("")
    print(f"{'milliseconds':<34}{'p50':>8}{'p99':>8}{'max':>8}{'times':>8}")
    everything = []
    for what, seconds in sorted(load.took.items()):
        one = spread(seconds)
        everything += seconds
        print(f"{what:<34}{1000 * one['p50']:>8.0f}{1000 * one['p99']:>8.0f}{1000 * one['max']:>8.0f}{one['times']:>8}")
    whole = spread(everything)
    print(f"documents of {load.pages} pages, an image of {sum(load.images) / len(load.images) / 1024:.0f} KiB each")
    used = ", ".join(f"{name} {spent / load.lasted:.2f}" for name, spent in load.used.items())
    print(f"processors used: {used}")
    pages = load.took["turn a page, with its image"]
    return (f"p50/p99/max ms: all {1000 * whole['p50']:.0f}/{1000 * whole['p99']:.0f}/{1000 * whole['max']:.0f} of "
            f"{whole['times']:,}; {len(pages) / load.lasted:.0f} pages turned a second, "
            f"{1000 * spread(pages)['p99']:.0f} p99; {len(load.took['hand in, durable'])} acts; valised "
            f"{load.used['valised'] / load.lasted:.2f} of a processor, peak {load.house.peak_mib('valised'):.0f} MiB")


if __name__ == "__main__":
    print(desks(pathlib.Path(sys.argv[1]).resolve(), *(int(word) for word in sys.argv[2:])))
