#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: examples/make.sh
# Makes the example documents anew from examples/source. They are committed, so nobody needs this to
# build or test. Needs the Debian packages weasyprint, fonts-dejavu-core and fonts-noto-cjk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export SOURCE_DATE_EPOCH=1795392000
for name in weather-exercise observation-report; do
    weasyprint --optimize-size=fonts "source/$name.html" "$name.pdf"
done
ls -l ./*.pdf
