#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: tools/setup.sh run|test|check|bench|sim|fuzz
# Makes sure that everything the command needs is there; says nothing when it is.
# VALISE_DEPS names another folder for built dependencies, VALISE_MIRROR another Debian archive.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps=${VALISE_DEPS:-$root/.deps}
logs=$deps/logs cache=$deps/cache apt_folder=$deps/apt work=$deps/work
. "$root/tools/lib/progress.sh"
. "$root/tools/lib/packages.sh"
. "$root/tools/lib/openssl.sh"

[[ $# -ge 1 ]] || die "usage: tools/setup.sh run|test|check|bench|sim|fuzz"
mapfile -t wanted < <(packages_of build "$@")
need_packages "${wanted[@]}"
for tool in g++-12 cmake ninja pkg-config; do
    command -v "$tool" >/dev/null || die "The program $tool is missing although its package is installed."
done
need_openssl
