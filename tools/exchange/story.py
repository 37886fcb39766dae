# SPDX-License-Identifier: Apache-2.0
"""What ./run shows: one exchange under the agreement, command by command."""
import datetime
import pathlib
import time

from pipes import Draining, Pouring
from registry import Registry
from transcript import Broken, Transcript

MIB = 1 << 20
LARGE = 256 * MIB


def in_seconds(seconds: int) -> str:
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Story:
    def __init__(self, page: Transcript, tokyo: Registry, kyiv: Registry):
        self.page, self.tokyo, self.kyiv = page, tokyo, kyiv
        self.work = page.state / "desk"
        self.examples = page.root / "examples"

    def tell(self):
        self.work.mkdir(parents=True, exist_ok=True)
        self.two_registries()
        self.people_and_an_item()
        self.refusals()
        self.there_and_back()
        self.cut_in_the_middle()
        self.proofs()

    # --- 1 ---
    def two_registries(self):
        page, tokyo, kyiv = self.page, self.tokyo, self.kyiv
        page.chapter("1", "Two registries, one agreement, one fingerprint")
        page.run("The agreement, a draft", [page.programs["valise"], "agreement", "show",
                                            page.root / "agreements" / "jpn-ukr.toml"])
        for place, officers in ((tokyo, (("ishikawa", "石川 遥"), ("sato", "佐藤 健二"))),
                                (kyiv, (("kovalenko", "Олена Коваленко"), ("shevchenko", "Андрій Шевченко")))):
            place.prepare()
            for person, name in officers:
                place.make_key(person, name)
            place.create(officers[0][0], officers[1][0])
            place.start_all()
        prints = []
        for place, other, officer in ((tokyo, kyiv, "kovalenko"), (kyiv, tokyo, "ishikawa")):
            invitation = self.work / f"invitation-of-{place.party}.json"
            place.valise(f"{place.party} invites", "peer", "invite", "--endpoint", f"127.0.0.1:{place.port}",
                         "-o", invitation)
            answer = other.valise(f"{other.party} accepts", "peer", "accept", invitation, "--yes", person=officer)
            prints.append(answer["fingerprint"])
        if prints[0] != prints[1]:
            raise Broken("the two registries print different fingerprints")
        page.artifacts["fingerprint"] = prints[0]
        page.say("  Both officers read the same fingerprint; nobody else was asked.")
        for place in (tokyo, kyiv):
            place.wait_for_link()
            place.valise("How the link is protected", "status")

    # --- 2 ---
    def enrol(self, place: Registry, officer: str, person: str, name: str, *roles: str):
        place.make_key(person, name)
        place.valise(f"{person} is enrolled", "person", "enrol", f"{place.key(person)}.pub", person=officer)
        for role in roles:
            place.valise(f"{person} is appointed {role}", "person", "appoint", f"{place.key(person)}.pub", "--role",
                         role, person=officer)

    def clear(self, place: Registry, officer: str, person: str, level: str, until: str = "+365d"):
        place.valise(f"{person} is cleared", "person", "clear", f"{place.key(person)}.pub", "--level", level,
                     "--until", until, person=officer)

    def brief(self, place: Registry, person: str):
        """Nobody reads before they acknowledged, with their own key, what they were told."""
        place.valise(f"{person} acknowledges the briefing", "person", "brief", self.examples / "briefing.txt",
                     person=person)

    def grant(self, place: Registry, officer: str, person: str, item: str, purpose: str):
        place.valise(f"{person} needs to know", "person", "grant", f"{place.key(person)}.pub", "--item", item,
                     "--purpose", purpose, "--until", "+30d", person=officer)

    def people_and_an_item(self):
        page, tokyo, kyiv = self.page, self.tokyo, self.kyiv
        page.chapter("2", "People with keys of their own, and a document in the register of Tokyo")
        self.enrol(tokyo, "ishikawa", "tanaka", "田中 結衣", "originator")
        self.enrol(tokyo, "ishikawa", "yamada", "山田 颯太", "releasing-authority")
        self.enrol(tokyo, "ishikawa", "kobayashi", "小林 芽衣", "releasing-authority")
        for person, name in (("nakamura", "中村 蓮"), ("kato", "加藤 真央"), ("mori", "森 大輔")):
            self.enrol(tokyo, "ishikawa", person, name, "reader")
        self.enrol(tokyo, "ishikawa", "watanabe", "渡辺 直樹", "administrator")
        self.clear(tokyo, "sato", "nakamura", "gokuhi")
        self.expires = in_seconds(3)
        self.clear(tokyo, "sato", "mori", "gokuhi", self.expires)
        self.enrol(kyiv, "kovalenko", "bondarenko", "Ірина Бондаренко", "reader", "originator")
        self.enrol(kyiv, "kovalenko", "melnyk", "Тарас Мельник", "releasing-authority")
        self.enrol(kyiv, "kovalenko", "lysenko", "Оксана Лисенко", "releasing-authority")
        self.clear(kyiv, "shevchenko", "bondarenko", "tsilkom-taiemno")
        for place, officer, deputy, name, code, facility in (
                (tokyo, "ishikawa", "okada", "岡田 涼", "kasumigaseki-1", "霞が関第一施設"),
                (kyiv, "kovalenko", "tkachenko", "Юрій Ткаченко", "kyiv-1", "Перший об'єкт Києва")):
            self.enrol(place, officer, deputy, name)
            place.valise("A facility, its control officer and deputy", "facility", "record", code, "--name", facility,
                         "--officer", f"{place.key(officer)}.pub", "--deputy", f"{place.key(deputy)}.pub",
                         person=officer)
        for place, readers in ((tokyo, ("nakamura", "mori", "kato", "watanabe")), (kyiv, ("bondarenko",))):
            for person in readers:
                self.brief(place, person)
        tokyo.valise("Nobody's name stands in the list", "person", "list")
        for place, officer, level in ((tokyo, "ishikawa", "gokuhi"), (kyiv, "kovalenko", "tsilkom-taiemno")):
            place.valise("The link is accredited", "link", "accredit", "--level", level, "--until", "+365d",
                         "--reference", "acc-2026-001", person=officer)
        self.item = self.enter(tokyo, "tanaka", "weather-exercise.pdf", "極秘", "気象演習の記録")

    def enter(self, place: Registry, person: str, file: str, level: str, title: str) -> str:
        answer = place.valise(f"{file} is entered at {level}", "item", "enter", self.examples / file, "--level", level,
                              "--purpose", "exercise", "--title", title, "--mime-type", "application/pdf",
                              person=person)
        return answer["number"]

    # --- 3 ---
    def refused(self, title: str, clause: str, *words, person: str, place: Registry | None = None):
        (place or self.tokyo).valise(title, *words, person=person, exits=(1,), refused_by=clause)

    def refusals(self):
        page, tokyo = self.page, self.tokyo
        page.chapter("3", "What the agreement refuses, each with the clause that says so")
        secret = self.enter(tokyo, "tanaka", "weather-exercise.pdf", "特定秘密", "気象演習の付録")
        tokyo.valise("The originator signs the release", "release", "approve", self.item, "--to", "UKR",
                     person="tanaka")
        self.refused("Released by the originator alone", "release-separation", "dispatch", "send", self.item, "--to",
                     "UKR", person="ishikawa")
        tokyo.valise("A releasing authority signs", "release", "approve", self.item, "--to", "UKR", person="yamada")
        self.refused("Signed twice by one person", "release-distinct-persons", "release", "approve", self.item,
                     "--to", "UKR", person="yamada")
        self.refused("Release to a third country", "third-party", "release", "approve", self.item, "--to", "POL",
                     person="kobayashi")
        for person in ("yamada", "kobayashi"):
            tokyo.valise(f"{person} releases the 特定秘密 item", "release", "approve", secret, "--to", "UKR",
                         person=person)
        self.refused("Dispatch above the level of the link", "link-accreditation", "dispatch", "send", secret,
                     "--to", "UKR", person="ishikawa")
        for person in ("kato", "mori"):
            self.grant(tokyo, "ishikawa", person, self.item, "exercise")
        read = ("item", "open", self.item, "-o", self.work / "never.pdf", "--purpose")
        self.refused("A reader without clearance", "clearance", *read, "exercise", person="kato")
        self.refused("A reader without need-to-know", "need-to-know", *read, "exercise", person="nakamura")
        self.wait_past(self.expires)
        self.refused("A reader whose clearance ran out", "clearance-in-date", *read, "exercise", person="mori")
        self.grant(tokyo, "ishikawa", "nakamura", self.item, "exercise")
        self.refused("For another purpose", "purpose", *read, "cyber-security", person="nakamura")
        self.refused("The administrator", "no-access-by-role", *read, "exercise", person="watanabe")
        if (self.work / "never.pdf").exists():
            raise Broken("a refused reading left a document")

    @staticmethod
    def wait_past(until: str):
        end = datetime.datetime.strptime(until, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
        left = (end - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        if left > -1:
            time.sleep(left + 1)

    # --- 4 ---
    def there_and_back(self):
        self.page.chapter("4", "A document goes to Kyiv, and another one to Tokyo")
        self.passes(self.tokyo, self.kyiv, self.item, "ishikawa", "bondarenko", "kovalenko", "weather-exercise.pdf", "")
        report = self.enter(self.kyiv, "bondarenko", "observation-report.pdf", "Цілком таємно", "Звіт спостереження")
        for person in ("melnyk", "lysenko"):
            self.kyiv.valise(f"{person} signs the release", "release", "approve", report, "--to", "JPN", person=person)
        self.passes(self.kyiv, self.tokyo, report, "kovalenko", "nakamura", "ishikawa", "observation-report.pdf",
                    "gokuhi")

    def passes(self, sender: Registry, receiver: Registry, number: str, officer: str, reader: str,
               receiving_officer: str, file: str, level: str):
        """One dispatch from the permit to the closing."""
        sent = sender.valise(f"Dispatch to {receiver.city}", "dispatch", "send", number, "--to", receiver.party,
                             person=officer)["dispatch"]
        sender.valise("Custody receipt is back", "dispatch", "wait", sent, "--until", "custody_receipted")
        item = receiver.valise("Arrived", "dispatch", "show", sent)["item"]
        if level:
            receiver.valise("Two own levels answer to the original one: an officer chooses", "item", "mark", item,
                            "--level", level, person=receiving_officer)
        marked = receiver.valise("Marked with both levels", "item", "show", item)
        original = sender.valise("The label as it was entered", "item", "show", number)
        if marked["label_sha256"] != original["label_sha256"]:
            raise Broken("the originator's label did not arrive untouched")
        self.page.say(f"  the originator's label arrived untouched beside {receiver.party}'s own marking")
        self.grant(receiver, receiving_officer, reader, item, "exercise")
        read = self.work / f"read-in-{receiver.city}.pdf"
        receiver.valise("An entitled reader opens it", "item", "open", item, "--purpose", "exercise", "-o", read,
                        person=reader)
        self.same(read, self.examples / file)
        receiver.valise("Contents receipt", "receipt", "contents", sent, "--finding", "in-order", person=reader)
        sender.valise("The dispatch closes", "dispatch", "wait", sent, "--until", "closed")

    def same(self, read: pathlib.Path, original: pathlib.Path):
        if read.read_bytes() != original.read_bytes():
            raise Broken(f"{read} is not {original}")
        self.page.say(f"  byte for byte the document that was entered ({original.stat().st_size} bytes)")
        read.unlink()

    # --- 5 ---
    def cut_in_the_middle(self):
        page, tokyo, kyiv = self.page, self.tokyo, self.kyiv
        page.chapter("5", "256 MiB are under way when Kyiv's daemon is killed")
        number, digest = self.enter_large()
        for person in ("yamada", "kobayashi"):
            tokyo.valise(f"{person} signs the release", "release", "approve", number, "--to", "UKR", person=person)
        sent = tokyo.valise("Dispatch of 256 MiB", "dispatch", "send", number, "--to", "UKR",
                            person="ishikawa")["dispatch"]
        tokyo.valise("Under way", "dispatch", "wait", sent, "--until-percent", "25")
        pid = kyiv.pid("valised")
        page.run("SIGKILL", ["kill", "-KILL", pid], place="kyiv")
        kyiv.killed("valised")
        at_kill = tokyo.valise("Durable in Kyiv at the kill, as Tokyo knows it", "dispatch", "show", sent)
        kyiv.start("valised")
        at_resume = kyiv.valise("Durable in Kyiv at the resume", "dispatch", "show", sent)
        counts = [answer["durable_bytes"] for answer in (at_kill, at_resume)]
        page.artifacts["resume"] = {"at_kill": counts[0], "at_resume": counts[1], "all": at_kill["payload_bytes"]}
        if not all(0 < count < at_kill["payload_bytes"] for count in counts):
            raise Broken(f"killed too late or too early: {counts} of {at_kill['payload_bytes']} bytes")
        page.say(f"  at the kill {counts[0]}, at the resume {counts[1]} of {at_kill['payload_bytes']} bytes")
        tokyo.valise("It arrives all the same", "dispatch", "wait", sent, "--until", "custody_receipted")
        arrived = [entry for entry in kyiv.valise("Once", "dispatch", "list")["dispatches"] if entry["dispatch"] == sent]
        if len(arrived) != 1:
            raise Broken(f"the dispatch stands {len(arrived)} times in Kyiv's register")
        self.read_large(arrived[0]["item"], digest, sent)

    def enter_large(self) -> tuple:
        """From a pipe: no copy of it in clear lies on this disk."""
        with Pouring(LARGE) as pouring:
            answer = self.tokyo.valise("256 MiB are entered from a pipe", "item", "enter", "-", "--level", "極秘",
                                       "--purpose", "exercise", "--title", "観測データ", person="tanaka",
                                       standard_input=pouring.reading)
        return answer["number"], pouring.digest.hexdigest()

    def read_large(self, item: str, digest: str, sent: str):
        kyiv, tokyo = self.kyiv, self.tokyo
        self.grant(kyiv, "kovalenko", "bondarenko", item, "exercise")
        with Draining() as draining:
            kyiv.valise("Read in Kyiv, into a pipe", "item", "open", item, "--purpose", "exercise", "-o", "-",
                        person="bondarenko", standard_output=draining.writing)
        if draining.digest.hexdigest() != digest or draining.count != LARGE:
            raise Broken(f"{draining.count} bytes came out in Kyiv, and not those that went in")
        self.page.say(f"  {draining.count} bytes, SHA-256 {digest}: those that were entered")
        kyiv.valise("Contents receipt", "receipt", "contents", sent, "--finding", "in-order", person="bondarenko")
        tokyo.valise("The dispatch closes", "dispatch", "wait", sent, "--until", "closed")

    # --- 6 ---
    def proofs(self):
        page = self.page
        page.chapter("6", "Proofs: two logs a party, each cosigned by the other; an evidence file")
        for place, other in ((self.tokyo, self.kyiv), (self.kyiv, self.tokyo)):
            self.wait_for_cosignatures(place)
            self.logs(place, other)
            place.valise("Evidence level of each receipt", "dispatch", "list")
            place.valise("Whether it can sign and deliver now", "doctor")
        evidence = page.state / "evidence-JPN.json"
        self.tokyo.valise("Evidence is exported", "evidence", "export", "-o", evidence)
        page.artifacts["evidence_file"] = str(evidence)
        verify = page.programs["valise-verify"]
        page.run("Checked by a program that shares nothing with either registry",
                 [verify, "evidence", evidence, "--fingerprint", page.artifacts["fingerprint"]])
        self.flipped(evidence)
        page.artifacts["sealed"] = [str(path) for place in (self.tokyo, self.kyiv) for path in place.sealed_files()]

    def wait_for_cosignatures(self, place: Registry):
        """The peer cosigns on its own tick, within a second or two."""
        for _ in range(200):
            if place.cosigned():
                return
            time.sleep(0.05)
        raise Broken(f"the newest logs of {place.city} are not cosigned")

    def logs(self, place: Registry, other: Registry):
        page, verify = self.page, self.page.programs["valise-verify"]
        own, peer = place.checkpoints(), other.checkpoints()
        witness = peer["witness"]["vkeys"]
        entry = {}
        for log in ("private", "shared"):
            folder, vkeys = place.folder / "state" / "logs" / log, own[log]["vkeys"]
            options = [word for vkey in vkeys for word in ("--vkey", vkey)]
            mirror = peer["mirror"]["vkeys"] if log == "shared" else []
            options += [word for vkey in witness + mirror for word in ("--vkey", vkey)]
            page.run(f"The {log} log of {place.party}", [verify, "log", folder, *options], place=place.city,
                     shorten=True)
            entry[log] = {"folder": str(folder), "vkeys": vkeys, "witness_vkeys": witness}
        page.artifacts["logs"][place.party] = {**entry["private"], "shared": entry["shared"]}

    def flipped(self, evidence: pathlib.Path):
        """One bit of one byte, somewhere in the middle."""
        bytes_ = bytearray(evidence.read_bytes())
        at = len(bytes_) // 2
        bytes_[at] ^= 1
        forged = self.page.state / "evidence-forged.json"
        forged.write_bytes(bytes_)
        self.page.say(f"  One byte is flipped in a copy: offset {at} of {len(bytes_)}.")
        self.page.run("One flipped byte is refused, with its place",
                      [self.page.programs["valise-verify"], "evidence", forged], exits=(3,))
