# SPDX-License-Identifier: Apache-2.0
"""./run: two registries on this machine exchange documents under the agreement.

usage: main.py SOURCE_FOLDER BUILD_FOLDER [--once] [--fresh] [--json FILE] [--state FOLDER]"""
import argparse
import pathlib
import shutil
import signal
import sys
import time

from registry import Registry, free_port
from story import Story
from transcript import Broken, Transcript


def parse(words: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Two registries on loopback, Tokyo and Kyiv, exchange "
                                     "documents under the draft agreement. All state goes into one folder.")
    parser.add_argument("--once", action="store_true", help="stop both registries after the exchange")
    parser.add_argument("--fresh", action="store_true", help="delete the state of the run before, then begin")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write a transcript of every step")
    parser.add_argument("--state", metavar="FOLDER", type=pathlib.Path, help="folder of the state (./state)")
    return parser.parse_args(words)


PROGRAMS = ("valise", "valised", "valise-keys", "valise-verify", "valise-render")
MARK = ".valise-exchange"  # only a folder that holds it is ever deleted
FINISHED = "finished"


def programs(build: pathlib.Path) -> dict:
    return {name: build / "apps" / name / name for name in PROGRAMS}


LONGEST_SOCKET = 107  # bytes, sockaddr_un of Linux


def make_state(state: pathlib.Path):
    if len(str(state / "tokyo" / "people.sock").encode()) > LONGEST_SOCKET:
        raise Broken(f"{state} is too long a path: a socket's has at most {LONGEST_SOCKET} bytes; name a shorter "
                     "folder with --state")
    if state.exists():
        if not (state / MARK).exists() and any(state.iterdir()):
            raise Broken(f"{state} holds something else than the state of ./run: it stays as it is; name another "
                         "folder with --state")
        shutil.rmtree(state)
    state.mkdir(parents=True, mode=0o700)
    (state / MARK).touch()


def how_to_talk(page: Transcript, places: list):
    page.say("\nBoth registries are running; Ctrl-C stops them. To talk to them, in another terminal:")
    for place in places:
        page.say(f"  export VALISE_SOCKET={place.folder / 'people.sock'}   # {place.city}")
    tokyo = places[0]
    page.say(f"  export PATH=$PATH:{page.programs['valise'].parent}\n"
             "  valise status; valise item list; valise doctor; valise --help\n"
             f"To act as a person: --as {tokyo.key('ishikawa')} --passphrase-file {tokyo.person_passphrase}\n"
             f"Their keys: {page.state / 'people'}; the logs: {tokyo.folder / 'state' / 'logs'} and Kyiv's beside it")


ROLES = {"tokyo": {"ishikawa": "control officer", "sato": "clearance officer", "tanaka": "originator",
                   "yamada": "releasing authority", "kobayashi": "releasing authority", "nakamura": "reader"},
         "kyiv": {"kovalenko": "control officer", "shevchenko": "clearance officer",
                  "bondarenko": "reader, originator", "melnyk": "releasing authority",
                  "lysenko": "releasing authority"}}


def how_to_sign_in(page: Transcript, places: list):
    page.say("\nThe desks, in a browser (the first sign-in asks for a password of one's own):")
    tool = page.root / "tools" / "exchange" / "one_time_code.py"
    for place in places:
        page.say(f"  {place.city}: {place.desks()}")
        for person, role in ROLES[place.city].items():
            known = (place.people / f"{person}.code-key").exists()  # of the run before, with a password of their own
            password = "the password chosen" if known else place.account(person)["password"]
            page.say(f"    {person:<11} {password:<25} {role}")
        page.say(f"    code of now: python3 {tool} {place.people}/NAME.code-key\n"
                 f"    to sign what a page prepared (the page shows the whole line): {place.command('NAME')} sign CODE\n"
                 f"    to enter a document (so does Overview > Enter an electronic document): {place.command('NAME')} "
                 "item enter FILE --level LEVEL --purpose PURPOSE --title TITLE")
    page.say("  The order: tanaka enters, asks release; yamada and kobayashi approve; ishikawa dispatches; it arrives by "
             "itself; kovalenko grants; bondarenko opens, reads, signs the contents receipt. Each page names the next step.")


def stay(page: Transcript, places: list):
    how_to_sign_in(page, places)
    how_to_talk(page, places)
    while all(place.alive() for place in places):
        time.sleep(0.5)
    raise Broken("a program of a registry ended by itself; see the .log files in its folder")


def interrupt(*_):
    raise KeyboardInterrupt


def main(source: pathlib.Path, build: pathlib.Path, options: argparse.Namespace) -> int:
    state = (options.state or source / "state").resolve()
    again = (state / FINISHED).exists() and not options.once and not options.fresh and not options.json
    page = Transcript(source, state, programs(build))
    places = []
    signal.signal(signal.SIGTERM, interrupt)
    try:
        if not again:
            make_state(state)
        ports = (state / FINISHED).read_text().split() if again else (free_port(7443), free_port(7444))
        places = [Registry(page, city, party, int(port), free_port(desk)) for city, party, port, desk in
                  zip(("tokyo", "kyiv"), ("JPN", "UKR"), ports, (8441, 8442))]
        if again:
            page.say(f"The registries of the run before, in {state} (--fresh begins anew)")
            for place in places:
                place.start_all()
        else:
            Story(page, *places).tell()
            (state / FINISHED).write_text(" ".join(str(place.port) for place in places))
            page.say(f"\nAll of it held. Everything lies in {state}")
        if options.json:
            page.write(options.json)
        if not options.once:
            stay(page, places)
        return 0
    except Broken as broken:
        print(f"\nNOT as promised: {broken}", file=sys.stderr)
        if options.json and page.steps:
            page.write(options.json)
        return 1
    except KeyboardInterrupt:
        print("\nStopping both registries", file=sys.stderr)
        return 0 if (state / FINISHED).exists() else 130
    finally:
        for place in places:
            place.stop()


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), parse(sys.argv[3:])))
