# SPDX-License-Identifier: Apache-2.0
"""What the tests of the desks share: a browser that is none, and signing in with it."""
import html
import http.client
import pathlib
import re
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "processes"))
import programs  # noqa: E402
from one_time_code import SECONDS, code  # noqa: E402  (beside the exchange's other scripts)

AGENT = "a test of the desks"


class Visitor:
    """Keeps cookies as a browser does; sends what it is told, however wrong."""

    def __init__(self, url: str):
        self.url = url
        self.host = url.split("//")[1]
        self.cookies = {}

    def connection(self):
        return http.client.HTTPConnection(self.host, timeout=30)

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None):
        sent = {"Host": self.host, "User-Agent": AGENT}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= headers or {}
        link = self.connection()
        link.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if body is not None:
            sent["Content-Length"] = str(len(body))
        for name, value in sent.items():
            if value is not None:
                link.putheader(name, value)
        link.endheaders(body)
        answer = link.getresponse()
        answer.content = answer.read()
        answer.text = answer.content.decode("utf-8", "replace")
        link.close()
        for line in answer.headers.get_all("set-cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return answer

    def get(self, path: str, **more):
        return self.send("GET", path, **more)

    def post(self, path: str, fields: dict, headers: dict | None = None):
        return self.send("POST", path, urllib.parse.urlencode(fields).encode(),
                         {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url} | (headers or {}))

    def token(self, path: str) -> str:
        return re.findall(r'name="token" value="([^"]*)"', self.get(path).text)[-1]

    def sign_in(self, name: str, password: str, one_time: str):
        return self.post("/sign-in", {"token": self.token("/sign-in"), "name": name, "password": password,
                                      "code": one_time})


def next_code(secret: str) -> str:
    """Of a period whose code was not used: waits for the next one."""
    time.sleep(SECONDS - time.time() % SECONDS + 0.2)
    return code(secret)


def officer(place, name: str) -> Visitor:
    """Signed in, with a password of their own."""
    made = place.account(name)
    visitor = Visitor(place.desks())
    answer = visitor.sign_in(name, made["password"], code(made["secret"]))
    assert answer.status == 303, answer.text
    password = "a phrase of twenty letters"
    answer = visitor.post("/account", {"token": visitor.token("/account"), "password": made["password"],
                                       "fresh": password, "again": password})
    assert answer.status == 303, answer.text
    visitor.password, visitor.secret, visitor.name = password, made["secret"], name
    return visitor


def words(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", page))
