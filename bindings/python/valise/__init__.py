# SPDX-License-Identifier: Apache-2.0
"""Sealed files in Python, on libvalise.

    import valise
    me, you = valise.Key.generate("sender"), valise.Key.generate("recipient")
    valise.seal("report.pdf", "report.sealed", to=[you.public], sender=me, parties=("JPN", "UKR"),
                label=xml, level="gokuhi")
    valise.verify("report.sealed", sender=me.public, parties=("JPN", "UKR"))
    valise.open("report.sealed", "report.pdf", keys=[you], sender=me.public, parties=("JPN", "UKR"))

Every failure is a valise.Error with a `code` and a stable `reason`; docs/errors.md lists them."""
import ctypes
import json
import os

from . import _abi
from ._abi import Error

__all__ = ["Error", "Key", "Public", "Reader", "import_tdf", "inspect", "label", "label_5636",
           "log_verify", "open", "seal", "verify", "version"]

version = _abi.version


class _Owned:
    """A handle of the library, freed with its object."""
    _kind = ""

    def __init__(self, what):
        self._handle = what

    def __del__(self):
        if getattr(self, "_handle", None):
            _abi.free(self._kind, self._handle)
            self._handle = None


class Public(_Owned):
    """A public key: of a recipient or of a sender."""
    _kind = "public"

    @classmethod
    def read(cls, text: bytes) -> "Public":
        return cls(_abi.handle("public_read", text, len(text)))

    def text(self) -> bytes:
        return _abi.text("public_write", self._handle)

    @property
    def id(self) -> str:
        return _abi.text("public_id", self._handle).decode()


class Key(_Owned):
    """A secret key. `kind`: "sender", "recipient", or a scheme such as "mlkem:1024"."""
    _kind = "key"

    @classmethod
    def generate(cls, kind: str) -> "Key":
        return cls(_abi.handle("key_generate", kind.encode()))

    @classmethod
    def read(cls, text: bytes, passphrase: str = None) -> "Key":
        words = passphrase.encode() if passphrase is not None else None
        return cls(_abi.handle("key_read", text, len(text), words))

    def text(self, passphrase: str = None) -> bytes:
        words = passphrase.encode() if passphrase is not None else None
        return _abi.text("key_write", self._handle, words)

    @property
    def public(self) -> Public:
        return Public(_abi.handle("key_public", self._handle))


class _Sealing(_Owned):
    _kind = "sealing"


class _Opening(_Owned):
    _kind = "opening"


def seal(source, target, *, to, sender=None, parties=None, label=None, level=None, **more) -> dict:
    """Seals the file `source` into `target`. `to`: public keys, any of which opens it, or pairs of
    key and share id. With `sender` and `parties` (from, to) it is a dispatch, which needs a STANAG
    4774 `label` (XML) and its `level` (code); without, a file at rest, known by its payload_root.
    More: mime_type, metadata, exchange, serial, item, time, tdf_version, namespace."""
    asked = _Sealing(_abi.handle("sealing_new"))
    for one in to:
        key, share = one if isinstance(one, tuple) else (one, None)
        _abi.call("sealing_recipient", asked._handle, key._handle, None,
                  share.encode() if share else None)
    if sender is not None:
        _abi.call("sealing_sender", asked._handle, sender._handle, parties[0].encode(),
                  parties[1].encode())
    if label is not None:
        xml = label.encode() if isinstance(label, str) else label
        _abi.call("sealing_label", asked._handle, xml, len(xml), level.encode())
    for name, value in more.items():
        _abi.call("sealing_set", asked._handle, name.encode(), str(value).encode())
    return json.loads(_abi.text("seal_file", asked._handle, os.fsencode(source),
                                os.fsencode(target)))


def _opening(keys=(), sender=None, parties=None, payload_root=None) -> _Opening:
    known = _Opening(_abi.handle("opening_new"))
    known.keys = list(keys)  # borrowed by the library
    for key in known.keys:
        _abi.call("opening_key", known._handle, key._handle)
    if sender is not None:
        _abi.call("opening_sender", known._handle, sender._handle, parties[0].encode(),
                  parties[1].encode())
    if payload_root is not None:
        root = bytes.fromhex(payload_root) if isinstance(payload_root, str) else payload_root
        if len(root) != 32:
            raise Error("invalid", "library.argument", "a payload root has 32 bytes")
        _abi.call("opening_root", known._handle, root)
    return known


def open(source, target, *, keys, sender=None, parties=None, payload_root=None) -> dict:
    """Opens `source` into `target`: who sealed it, or its payload root, must be known."""
    known = _opening(keys, sender, parties, payload_root)
    return json.loads(_abi.text("open_file", known._handle, os.fsencode(source),
                                os.fsencode(target)))


def verify(source, *, sender=None, parties=None, payload_root=None) -> dict:
    """The whole file without any key: origin, integrity, label, every segment."""
    known = _opening((), sender, parties, payload_root)
    return json.loads(_abi.text("verify_file", known._handle, os.fsencode(source)))


def import_tdf(source, target, *, keys) -> dict:
    """A plain TDF of other makers, which nobody signed."""
    known = _opening(keys)
    return json.loads(_abi.text("import_file", known._handle, os.fsencode(source),
                                os.fsencode(target)))


def inspect(source) -> dict:
    """What a file says of itself; nothing of it is proved."""
    return json.loads(_abi.text("inspect_file", os.fsencode(source)))


class Reader(_Owned):
    """Any place of a sealed document, each segment checked first."""
    _kind = "reader"

    def __init__(self, source, *, keys, sender=None, parties=None, payload_root=None):
        self._opening = _opening(keys, sender, parties, payload_root)
        super().__init__(_abi.handle("reader_new", self._opening._handle, os.fsencode(source)))

    def __len__(self) -> int:
        return _abi.reader_size(self._handle)

    def read(self, offset: int, size: int) -> bytes:
        buffer = ctypes.create_string_buffer(max(size, 1))
        _abi.call("reader_read", self._handle, offset, buffer, size)
        return buffer.raw[:size]


def label(xml) -> dict:
    """What a STANAG 4774 label says, and the findings of its reading."""
    text = xml.encode() if isinstance(xml, str) else xml
    return json.loads(_abi.text("label_read", text, len(text)))


def label_5636(xml) -> str:
    """The STANAG 5636 JSON form of a STANAG 4774 label."""
    text = xml.encode() if isinstance(xml, str) else xml
    return _abi.text("label_5636", text, len(text)).decode()


def log_verify(proof: bytes, *, origin: str, ed25519: bytes, ml_dsa_44: bytes,
               leaf_hash: bytes) -> dict:
    """A C2SP tlog-proof: the leaf is in the tree of a checkpoint that both keys signed."""
    if (len(ed25519), len(ml_dsa_44), len(leaf_hash)) != (32, 1312, 32):
        raise Error("invalid", "library.argument", "a key or hash of another size")
    return json.loads(_abi.text("log_verify", proof, len(proof), origin.encode(), ed25519,
                                ml_dsa_44, leaf_hash))
