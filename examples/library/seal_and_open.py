#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: seal_and_open.py DOCUMENT LABEL.xml FOLDER

Seals a document for two keys, one of which a key service in the field could have, and opens it."""
import pathlib
import sys

import valise

document, label, folder = map(pathlib.Path, sys.argv[1:])
sender, registry = valise.Key.generate("sender"), valise.Key.generate("recipient")
service = valise.Key.generate("mlkem:1024")
parties = ("AAA", "BBB")

# Keys are files, under a passphrase.
text = sender.text(passphrase="an example and no secret")
sender = valise.Key.read(text, passphrase="an example and no secret")

sealed, opened = folder / "python.sealed", folder / "python.opened"
print("sealed:", valise.seal(document, sealed, to=[registry.public, service.public], sender=sender,
                             parties=parties, label=label.read_text(), level="restricted",
                             item="EX-1", serial=1, metadata="for key services"))
print("inspected:", valise.inspect(sealed)["form"])
said = valise.verify(sealed, sender=sender.public, parties=parties)["statement"]
print("verified:", said["sender"], "to", said["recipient"], "serial", said["serial"])
for key in (registry, service):
    valise.open(sealed, opened, keys=[key], sender=sender.public, parties=parties)
    assert opened.read_bytes() == document.read_bytes()
reader = valise.Reader(sealed, keys=[service], sender=sender.public, parties=parties)
assert reader.read(len(reader) - 1, 1) == document.read_bytes()[-1:]
try:
    valise.open(sealed, opened, keys=[registry], sender=sender.public, parties=("AAA", "CCC"))
except valise.Error as error:
    print("for another addressee:", error.code, error.reason)
else:
    sys.exit("it opened for another addressee")
