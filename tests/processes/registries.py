# SPDX-License-Identifier: Apache-2.0
"""One or two small registries for a test, made with the same tools as those of ./run, without the story."""
import contextlib
import io
import pathlib
import sys


def load(source: pathlib.Path):
    """The classes of tools/exchange."""
    sys.path.insert(0, str(source / "tools/exchange"))
    import main
    import registry
    import transcript
    return main, registry, transcript


def make_registry(source: pathlib.Path, build: pathlib.Path, state: pathlib.Path, city: str, party: str):
    """Created and started; its officers are 'control' and 'clearance'."""
    main, registry, transcript = load(source)
    state.mkdir(parents=True, exist_ok=True)
    page = transcript.Transcript(source, state, main.programs(build))
    place = registry.Registry(page, city, party, registry.free_port(0))
    with contextlib.redirect_stdout(io.StringIO()):
        place.prepare()
        place.make_key("control", "C. Officer")
        place.make_key("clearance", "L. Officer")
        place.create("control", "clearance")
        place.start_all()
    return place
