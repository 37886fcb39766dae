#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A page that lies open is told what is under way, by server-sent events: as long as its session lives.

usage: live_test.py SOURCE_FOLDER BUILD_FOLDER"""
import http.client
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from places import AGENT, officer, programs  # noqa: E402

LARGE = 96 << 20


class Listener:
    """What a browser's EventSource does, line by line."""

    def __init__(self, visitor):
        self.link = http.client.HTTPConnection(visitor.host, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        self.link.request("GET", "/progress", headers={"Cookie": cookies, "User-Agent": AGENT})
        self.answer = self.link.getresponse()

    def transfers(self):
        """Of the next event; None when the stream has ended."""
        while line := self.answer.readline():
            if line.startswith(b"data: "):
                return json.loads(line[6:])["transfers"]
        return None


class Live(programs.AtRegistries):
    @classmethod
    def setUpClass(cls):
        cls.set_up()
        cls.desk = officer(cls.tokyo, "ishikawa")

    def test_a_transfer_is_told_while_it_travels(self):
        large = self.both.folder / "large.bin"
        with open(large, "wb") as file:
            for _ in range(LARGE >> 20):
                file.write(os.urandom(1 << 20))
        item = self.done(self.tokyo, "item", "enter", large, "--level", "gokuhi", "--purpose", "exercise", "--title",
                         "large", person="tanaka")["number"]
        for person in ("yamada", "kobayashi"):
            self.done(self.tokyo, "release", "approve", item, "--to", "UKR", person=person)
        listener = Listener(self.desk)
        self.assertEqual(listener.answer.status, 200)
        self.assertEqual(listener.answer.headers["content-type"], "text/event-stream")
        self.assertEqual(listener.transfers(), [])
        sent = self.done(self.tokyo, "dispatch", "send", item, "--to", "UKR", person="ishikawa")["dispatch"]
        seen = []
        while not seen or any(one["dispatch"] == sent for one in seen[-1]):
            seen.append(listener.transfers())
            self.assertIsNotNone(seen[-1])
        moving = [one for event in seen for one in event if one["dispatch"] == sent]
        self.assertGreater(len(moving), 0)
        for one in moving:
            self.assertLess(one["durable_bytes"], one["payload_bytes"])
            self.assertGreaterEqual(one["payload_bytes"], LARGE)
        self.assertIn(f'data-live="{sent}"', self.desk.get("/out").text)
        listener.link.close()

    def test_it_ends_with_its_session_and_there_are_few_of_them(self):
        desk = officer(self.tokyo, "sato")
        listeners = [Listener(desk), Listener(desk)]
        for one in listeners:
            self.assertEqual((one.answer.status, one.transfers()), (200, []))
        # Who goes from page to page has a stream for the newest ones.
        listeners.append(Listener(desk))
        self.assertEqual((listeners[-1].answer.status, listeners[-1].transfers()), (200, []))
        self.assertIsNone(listeners.pop(0).transfers())
        desk.post("/sign-out", {"token": desk.token("/account")})
        begin = time.monotonic()
        for one in listeners:
            self.assertIsNone(one.transfers())
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(Listener(desk).answer.status, 303)

    def test_who_listens_does_not_keep_the_registry_from_stopping(self):
        desk = officer(self.kyiv, "kovalenko")
        listener = Listener(desk)
        self.assertEqual(listener.transfers(), [])
        begin = time.monotonic()
        self.kyiv.stop_one("valised")
        self.assertLess(time.monotonic() - begin, 8)
        self.kyiv.start("valised")


if __name__ == "__main__":
    programs.run_tests()
