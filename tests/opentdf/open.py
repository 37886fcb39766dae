#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""open: the Python SDK otdf-python as its makers publish it opens one file.

usage: open.py URL CLIENT SECRET SEALED OUTPUT"""
import functools
import os
import pathlib
import sys

import pyqwest
from otdf_python.sdk_builder import SDKBuilder

# The transport that the SDK asks for keys with knows public authorities only, and the SDK has no setting for others.
pyqwest.SyncHTTPTransport = functools.partial(pyqwest.SyncHTTPTransport,
                                              tls_ca_cert=pathlib.Path(os.environ["SSL_CERT_FILE"]).read_bytes())


def main(url: str, client: str, secret: str, sealed: str, output: str):
    sdk = (SDKBuilder.new_builder().set_platform_endpoint(url).client_secret(client, secret)
           .with_kas_allowlist([url]).build())
    with open(sealed, "rb") as file:
        reader = sdk.load_tdf(file)
    pathlib.Path(output).write_bytes(reader.payload)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as fault:  # whatever the SDK ends with is its refusal
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        sys.exit(1)
