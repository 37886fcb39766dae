#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: tools/openssl_speed.sh PROGRAM
# Makes the program `openssl`, for its `speed`, around the very libraries that ours are linked with:
# only its own files are compiled, from the source that set-up verified.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps=${VALISE_DEPS:-$root/.deps}
cache=$deps/cache
. "$root/tools/lib/progress.sh"
. "$root/tools/lib/packages.sh"
. "$root/tools/lib/openssl.sh"

[[ $# == 1 ]] || die "usage: tools/openssl_speed.sh PROGRAM"
program=$1
[[ -x "$program" && "$program" -nt "$deps/openssl/lib/libcrypto.a" ]] && exit 0
[[ -f "$deps/openssl/lib/libcrypto.a" ]] || die "there is no OpenSSL of our own in $deps"
version=$(sed -n 's/.* source \([^ ,]*\),.*/\1/p' "$deps/openssl/ORIGIN")
[[ -n "$version" ]] && fetched "$version" || die "the source of this OpenSSL is not at hand"
tree=$(dirname "$program")/source
rm -rf "$tree" "$(dirname "$program")"/*.orig.tar.*
mkdir -p "$(dirname "$program")"
{
    dpkg-source --no-check -x "$cache/openssl_$version.dsc" "$tree"
    flags=()
    for flag in "${openssl_flags[@]}"; do
        [[ "$flag" == no-apps ]] || flags+=("$flag")
    done
    cd "$tree"
    target=$(openssl_target)
    [[ "$target" == linux-generic64 ]] || flags+=(enable-ec_nistp_64_gcc_128)
    CC=gcc-12 ./Configure "$target" "${flags[@]}"
    make build_generated
    mapfile -t objects < <(sed -n '/^apps\/openssl:/,/[^\\]$/p' Makefile | grep -o 'apps/openssl-bin-[^ ]*\.o' | sort -u)
    make -j"$(nproc)" apps/libapps.a "${objects[@]}"
    gcc-12 -o "$program" "${objects[@]}" apps/libapps.a "$deps/openssl/lib/libssl.a" \
        "$deps/openssl/lib/libcrypto.a" -lpthread -ldl
} >"$(dirname "$program")/build.log" 2>&1 || die "it could not be built: $(dirname "$program")/build.log"
rm -rf "$tree" "$(dirname "$program")"/*.orig.tar.*
