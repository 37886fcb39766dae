# SPDX-License-Identifier: Apache-2.0
"""libvalise by ctypes: signatures of valise.h, and errors as exceptions."""
import ctypes
import ctypes.util
import os

CODES = ("ok", "invalid", "refused", "not_found", "conflict", "integrity", "limit", "unavailable",
         "internal")

Handle = ctypes.c_void_p


class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_ubyte)), ("size", ctypes.c_size_t)]


READ = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.POINTER(ctypes.c_ubyte),
                        ctypes.c_size_t)
WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_ubyte),
                         ctypes.c_size_t)


class Error(Exception):
    """What went wrong: `code` says what a caller can do, `reason` is a stable id."""

    def __init__(self, code: str, reason: str, context: str):
        super().__init__(f"{reason}: {context}" if context else reason)
        self.code, self.reason, self.context = code, reason, context


def _load() -> ctypes.CDLL:
    """The library that VALISE_LIBRARY names, or the system's; of the ABI that this file speaks."""
    named = os.environ.get("VALISE_LIBRARY")
    found = ctypes.CDLL(named or "libvalise.so.0")
    found.valise_version.restype = ctypes.c_char_p
    return found


_lib = _load()
_text, _size, _out = ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(Handle)
_bytes, _error = ctypes.POINTER(Bytes), ctypes.POINTER(Handle)
_FALLIBLE = {
    "key_generate": (_text, _out), "key_read": (_text, _size, _text, _out),
    "key_write": (Handle, _text, _bytes), "key_public": (Handle, _out),
    "public_read": (_text, _size, _out), "public_write": (Handle, _bytes),
    "public_id": (Handle, _bytes), "sealing_new": (_out,),
    "sealing_recipient": (Handle, Handle, _text, _text),
    "sealing_sender": (Handle, Handle, _text, _text),
    "sealing_label": (Handle, _text, _size, _text), "sealing_set": (Handle, _text, _text),
    "seal_file": (Handle, _text, _text, _bytes),
    "seal_stream": (Handle, READ, Handle, WRITE, Handle, _bytes), "opening_new": (_out,),
    "opening_key": (Handle, Handle), "opening_sender": (Handle, Handle, _text, _text),
    "opening_root": (Handle, _text), "open_file": (Handle, _text, _text, _bytes),
    "open_stream": (Handle, _text, WRITE, Handle, _bytes), "verify_file": (Handle, _text, _bytes),
    "import_file": (Handle, _text, _text, _bytes), "inspect_file": (_text, _bytes),
    "reader_new": (Handle, _text, _out),
    "reader_read": (Handle, ctypes.c_uint64, _text, _size), "label_read": (_text, _size, _bytes),
    "label_5636": (_text, _size, _bytes),
    "log_verify": (_text, _size, _text, _text, _text, _text, _bytes),
}
for _name, _arguments in _FALLIBLE.items():
    _function = getattr(_lib, "valise_" + _name)
    _function.argtypes, _function.restype = (*_arguments, _error), ctypes.c_int
for _name in ("key", "public", "sealing", "opening", "reader", "error"):
    getattr(_lib, f"valise_{_name}_free").argtypes = (Handle,)
_lib.valise_bytes_free.argtypes = (_bytes,)
_lib.valise_reader_size.argtypes, _lib.valise_reader_size.restype = (Handle,), ctypes.c_uint64
for _name in ("reason", "context"):
    _function = getattr(_lib, "valise_error_" + _name)
    _function.argtypes, _function.restype = (Handle,), ctypes.c_char_p


def call(name: str, *arguments) -> None:
    error = Handle()
    code = getattr(_lib, "valise_" + name)(*arguments, ctypes.byref(error))
    if code == 0:
        return
    try:
        raise Error(CODES[code], _lib.valise_error_reason(error).decode(),
                    _lib.valise_error_context(error).decode("utf-8", "replace"))
    finally:
        _lib.valise_error_free(error)


def handle(name: str, *arguments) -> Handle:
    out = Handle()
    call(name, *arguments, ctypes.byref(out))
    return out


def text(name: str, *arguments) -> bytes:
    out = Bytes()
    call(name, *arguments, ctypes.byref(out))
    try:
        return ctypes.string_at(out.data, out.size)
    finally:
        _lib.valise_bytes_free(ctypes.byref(out))


def free(kind: str, what: Handle) -> None:
    getattr(_lib, f"valise_{kind}_free")(what)


def version() -> str:
    return _lib.valise_version().decode()


def reader_size(what: Handle) -> int:
    return _lib.valise_reader_size(what)
