#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Against clients of other makers, where they are installed: otdf-python (PyPI) writes files that the
library imports, and opens what the library sealed, by its local key.

usage: clients_test.py SOURCE_FOLDER BUILD_FOLDER"""
import importlib.util
import os
import pathlib
import sys
import tempfile

root, build = map(pathlib.Path, sys.argv[1:])
for name in ("otdf_python", "cryptography"):
    if importlib.util.find_spec(name) is None:
        print(f"SKIPPED: the Python package {name} is not here")
        sys.exit(0)
os.environ["VALISE_LIBRARY"] = str(build / "lib/libvalise.so")
sys.path.insert(0, str(root / "bindings/python"))

from otdf_python.config import KASInfo, TDFConfig  # noqa: E402
from otdf_python.tdf import TDF, TDFReaderConfig  # noqa: E402

import valise  # noqa: E402

LABEL = (root / "examples/library/label.xml").read_text(encoding="utf-8")


def theirs_to_ours(folder, key, document) -> None:
    config = TDFConfig(kas_info_list=[KASInfo(url="https://kas.example", kid="r1",
                                              public_key=key.public.text().decode())])
    config.default_segment_size = 1 << 20
    _, _, written = TDF().create_tdf(document, config)
    (folder / "theirs.tdf").write_bytes(written.getvalue())
    said = valise.import_tdf(folder / "theirs.tdf", folder / "plain", keys=[key])
    assert (folder / "plain").read_bytes() == document, said
    try:
        valise.open(folder / "theirs.tdf", folder / "plain", keys=[key], payload_root=bytes(32))
    except valise.Error as error:
        assert error.reason.startswith("envelope."), error
    else:
        sys.exit("a plain TDF opened as a sealed file")


def ours_to_theirs(folder, key, document) -> None:
    (folder / "document").write_bytes(document)
    valise.seal(folder / "document", folder / "ours", to=[key.public], metadata="a note",
                sender=valise.Key.generate("sender"), parties=("AAA", "BBB"), label=LABEL,
                level="restricted")
    read = TDF().load_tdf((folder / "ours").read_bytes(),
                          TDFReaderConfig(kas_private_key=key.text().decode()))
    assert read.payload == document


with tempfile.TemporaryDirectory() as name:
    own = valise.Key.generate("rsa:2048")
    for size in (0, 1, 1 << 21, (1 << 22) + 5):
        theirs_to_ours(pathlib.Path(name), own, os.urandom(size))
        ours_to_theirs(pathlib.Path(name), own, os.urandom(size))
print("1 passed, 0 failed")
