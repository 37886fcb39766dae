#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: tools/build.sh PRESET [--setup GROUP] [-D...] [TARGET...]
# Set-up, configure and build. Silent when all is up to date but for one moving line; what fails is
# printed whole. Programs end in .build/PRESET/.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/lib/progress.sh"

[[ $# -ge 1 ]] || die "usage: tools/build.sh PRESET [--setup GROUP] [-D...] [TARGET...]"
preset=$1
shift
group=run options=() targets=()
while (($#)); do
    case "$1" in
        --setup) group=$2; shift ;;
        -D*) options+=("$1") ;;
        *) targets+=("$1") ;;
    esac
    shift
done
"$root/tools/setup.sh" "$group"
[[ -n "${VALISE_DEPS:-}" ]] && options+=("-DVALISE_DEPS=$VALISE_DEPS")

# Two checkouts on one machine share what they compiled: paths count from the checkout.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
build="$root/.build/$preset"
mkdir -p "$build"
# Configure once; afterwards ninja itself notices when a CMake file changed.
signature="${options[*]:-}"
if [[ ! -f "$build/build.ninja" || "$(cat "$build/.options" 2>/dev/null)" != "$signature" ]]; then
    (cd "$root" && cmake --preset "$preset" "${options[@]}") >"$build/configure.log" 2>&1 ||
        { cat "$build/configure.log" >&2; die "CMake could not configure the preset $preset."; }
    printf '%s' "$signature" >"$build/.options"
fi
status=0
NINJA_STATUS='[%f/%t] ' ninja -C "$build" "${targets[@]}" 2>&1 | ninja_progress || status=$?
((status == 0)) || die "The build of $preset failed."
