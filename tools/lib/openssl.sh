# SPDX-License-Identifier: Apache-2.0
# OpenSSL 3.5 or newer, built once from Debian's own source package. Sourced; needs the two others.
#
# Why here: Debian 12 has OpenSSL 3.0, which knows no post-quantum algorithms. The source package of
# a newer Debian is verified by apt's own chain (archive keyring -> InRelease -> Sources -> files),
# under a private configuration that leaves the machine's own untouched.

openssl_recipe=2
archive_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Version and digests of one source package that is known to build, for the day on which the signed
# index no longer lists it but the pool or an archive of it still has it.
pinned_version='3.5.7-1~deb13u2'
pinned_files='a8c0d28a529ca480f9f36cf5792e2cd21984552a3c8e4aa11a24aa31aeac98e8 openssl_3.5.7.orig.tar.gz
593a47654ead460a3b609503733f80bef552ff0802799d3b47784faacc50809f openssl_3.5.7-1~deb13u2.debian.tar.xz
25904642004d30c5c3da4642a72a7d09f8d9eb6e5ce62dab53c0371114faf8f2 openssl_3.5.7-1~deb13u2.dsc'

# Static libraries, TLS 1.3 only, without the algorithms that nothing here may use.
openssl_flags=(no-shared no-apps no-tests no-docs no-quic no-dtls no-ssl3 no-tls1 no-tls1_1 no-tls1_2
    no-engine no-legacy no-module no-dso no-comp no-srp no-srtp no-psk no-gost no-cmp no-ct no-ts
    no-ocsp no-rfc3779 no-ec2m no-idea no-rc2 no-rc4 no-rc5 no-md4 no-mdc2 no-whirlpool no-rmd160
    no-seed no-camellia no-aria no-bf no-cast no-sm2 no-sm3 no-sm4 no-slh-dsa no-capieng no-afalgeng
    no-padlockeng no-uplink)

openssl_ready() {
    [[ -f "$deps/openssl/lib/libcrypto.a" && -f "$deps/openssl/lib/libssl.a" ]] &&
        grep -qs "recipe $openssl_recipe\$" "$deps/openssl/ORIGIN"
}

system_openssl_suffices() {
    command -v pkg-config >/dev/null && pkg-config --atleast-version=3.5 openssl 2>/dev/null
}

# The archive that this machine already uses, with the suite replaced. VALISE_MIRROR overrules it.
mirror_sources() {
    local codename
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    {
        apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 2>/dev/null || true
        # The same from the configuration itself, for a machine whose lists were never read.
        cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '
            /^URIs:/ { uri = $2 } /^Suites:/ { for (i = 2; i <= NF; i++) suites[++n] = $i }
            /^$/ { flush_it() } END { flush_it() }
            function flush_it() { for (i = 1; i <= n; i++) print uri, suites[i]; n = 0; uri = "" }' || true
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
            sed -n 's/^deb  *\(\[[^]]*\]\)\{0,1\} *\([^ ]*\)  *\([^ ]*\) .*/\2 \3/p' || true
    } | awk -v codename="$codename" -v given="${VALISE_MIRROR:-}" '
        NF == 2 && $2 == codename && !main { main = $1 }
        NF == 2 && $2 == codename "-security" && !security { security = $1 }
        END { if (given) main = given; print main; print security }'
}

private_apt() {
    local tool=$1 sandbox=()
    shift
    ((EUID == 0)) && sandbox=(-o APT::Sandbox::User=root)
    "$tool" -q "${sandbox[@]}" -o Dir::Etc::SourceList="$apt_folder/sources.list" \
        -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$apt_folder/lists" \
        -o Dir::Cache="$apt_folder/cache" -o Acquire::Languages=none \
        -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
        -o Acquire::AllowInsecureRepositories=false -o Acquire::Retries=2 "$@"
}

# use_suites KIND SUITE...: writes the private sources (KIND deb or deb-src) and reads their lists.
use_suites() {
    local kind=$1 suite uri main security
    shift
    { read -r main; read -r security; } < <(mirror_sources)
    [[ -n "$main" ]] || die "No Debian archive in this machine's apt configuration. Set VALISE_MIRROR to one."
    mkdir -p "$apt_folder/lists/partial" "$apt_folder/cache/archives/partial"
    : >"$apt_folder/sources.list.new"
    for suite in "$@"; do
        uri=$main
        [[ "$suite" == *-security ]] && uri=$security
        [[ -n "$uri" ]] && printf '%s [signed-by=%s] %s %s main\n' "$kind" "$archive_keyring" "$uri" \
            "$suite" >>"$apt_folder/sources.list.new"
    done
    if ! cmp -s "$apt_folder/sources.list.new" "$apt_folder/sources.list" ||
        [[ -z "$(find "$apt_folder/lists" -maxdepth 1 -name '*InRelease' -mtime -1 2>/dev/null)" ]]; then
        mv "$apt_folder/sources.list.new" "$apt_folder/sources.list"
        say "Reading the signed index of $* ($kind)"
        private_apt apt-get update >"$logs/openssl-index.log" 2>&1 || true
    fi
    rm -f "$apt_folder/sources.list.new"
}

listed_versions() {
    private_apt apt-cache showsrc --only-source openssl 2>/dev/null |
        sed -n 's/^Version: //p' | sort -ruV
}

# fetched VERSION: the files of this version lie in the cache and are those that were verified.
fetched() {
    [[ -s "$cache/openssl_$1.sha256" ]] &&
        (cd "$cache" && sha256sum --check --status "openssl_$1.sha256" 2>/dev/null)
}

fetch_by_index() {
    local version=$1
    fetched "$version" && return 0
    say "Fetching the source of OpenSSL $version"
    (cd "$cache" && private_apt apt-get source --download-only "openssl=$version") \
        >"$logs/openssl-fetch.log" 2>&1 || return 1
    (cd "$cache" && sha256sum "openssl_${version%%-*}".orig.tar.* "openssl_$version".d* \
        >"openssl_$version.sha256")
}

fetch_pinned() {
    local main digest name
    fetched "$pinned_version" && return 0
    read -r main < <(mirror_sources)
    [[ -n "$main" ]] || return 1
    while read -r digest name; do
        /usr/lib/apt/apt-helper download-file "${main%/}/pool/main/o/openssl/$name" "$cache/$name" \
            "SHA256:$digest" >>"$logs/openssl-fetch.log" 2>&1 || return 1
    done <<<"$pinned_files"
    (cd "$cache" && sed 's/ /  /' <<<"$pinned_files" >"openssl_$pinned_version.sha256")
    fetched "$pinned_version"
}

openssl_target() {
    case "$(uname -m)" in
        x86_64 | aarch64) printf 'linux-%s' "$(uname -m)" ;;
        *) printf 'linux-generic64' ;;
    esac
}

# build_source VERSION: from the verified files to $work/stage.
build_source() {
    local version=$1 tree="$work/source" log="$logs/openssl-build.log"
    rm -rf "$work"
    mkdir -p "$work"
    (cd "$work" && dpkg-source --no-check -x "$cache/openssl_$version.dsc" source) >"$log" 2>&1 || return 1
    # A fixed prefix and time: no path of this machine and no date gets into the libraries.
    SOURCE_DATE_EPOCH=$(cd "$tree" && dpkg-parsechangelog -S Timestamp)
    export SOURCE_DATE_EPOCH
    local target extra=()
    target=$(openssl_target)
    [[ "$target" == linux-generic64 ]] || extra=(enable-ec_nistp_64_gcc_128)
    (cd "$tree" && CC=gcc-12 ./Configure "$target" --prefix=/usr/lib/valise/openssl \
        --openssldir=/etc/valise/openssl --libdir=lib "${openssl_flags[@]}" "${extra[@]}") >>"$log" 2>&1 || return 1
    make -C "$tree" -j"$(nproc)" build_libs 2>&1 | tee -a "$log" |
        progress "building OpenSSL $version" 906 '^(gcc|cc|g\+\+)[^ ]* '
    [[ "${PIPESTATUS[0]}" == 0 ]] || return 1
    make -C "$tree" install_dev DESTDIR="$work/install" >>"$log" 2>&1 || return 1
    mv "$work/install/usr/lib/valise/openssl" "$work/stage"
    openssl_origin="OpenSSL ${version%%-*}, built from Debian's source $version"
}

# The last resort: the static libraries that Debian itself built for a newer release. They were
# compiled against a newer C library, of which they need one function.
take_static_package() {
    use_suites deb trixie
    local version package
    version=$(private_apt apt-cache madison libssl-dev 2>/dev/null | awk '{ print $3 }' | sort -rV | head -n 1)
    [[ -n "$version" ]] || return 1
    rm -rf "$work"
    mkdir -p "$work/stage/lib" "$work/deb"
    say "Fetching Debian's static libraries of OpenSSL $version"
    (cd "$work/deb" && private_apt apt-get download "libssl-dev=$version" &&
        apt-get download zlib1g-dev libzstd-dev) >"$logs/openssl-fetch.log" 2>&1 || return 1
    for package in "$work"/deb/*.deb; do dpkg-deb -x "$package" "$work/deb/tree" || return 1; done
    printf '%s\n' '#include <stdlib.h>' \
        'long __isoc23_strtol(const char* s, char** end, int base) { return strtol(s, end, base); }' \
        >"$work/shim.c"
    gcc-12 -O2 -fPIC -c "$work/shim.c" -o "$work/shim.o" || return 1
    local lib
    lib=$(dirname "$(find "$work/deb/tree" -name libcrypto.a)")
    cp -r "$work/deb/tree/usr/include" "$work/stage/include"
    cp -r "$work/deb/tree/usr/include/$(basename "$lib")/openssl/." "$work/stage/include/openssl/"
    cp "$lib/libssl.a" "$work/stage/lib/"
    (cd "$work" && ar -M <<EOF
CREATE stage/lib/libcrypto.a
ADDLIB ${lib#"$work/"}/libcrypto.a
ADDLIB ${lib#"$work/"}/libz.a
ADDLIB ${lib#"$work/"}/libzstd.a
ADDMOD shim.o
SAVE
END
EOF
    ) || return 1
    find "$work/stage/include" -mindepth 1 -maxdepth 1 ! -name openssl -exec rm -rf {} +
    openssl_origin="OpenSSL ${version%%-*}, Debian's own static libraries $version"
}

install_openssl() {
    printf '%s, recipe %s\n' "$openssl_origin" "$openssl_recipe" >"$work/stage/ORIGIN"
    rm -rf "$deps/openssl.old"
    [[ -e "$deps/openssl" ]] && mv "$deps/openssl" "$deps/openssl.old"
    mv "$work/stage" "$deps/openssl"
    rm -rf "$deps/openssl.old" "$work"
    say "Ready: $openssl_origin"
}

build_openssl() {
    local version
    # What was fetched and verified before is used again, without a word to the network.
    for version in $(cd "$cache" && ls openssl_*.sha256 2>/dev/null | sed 's/^openssl_//; s/\.sha256$//' | sort -rV); do
        fetched "$version" && build_source "$version" && install_openssl && return 0
    done
    use_suites deb-src trixie trixie-security
    for version in $(listed_versions); do
        fetch_by_index "$version" && build_source "$version" && install_openssl && return 0
        say "OpenSSL $version cannot be had here (missing from the mirror, or it did not build); trying the next."
    done
    fetch_pinned && build_source "$pinned_version" && install_openssl && return 0
    use_suites deb-src sid
    for version in $(listed_versions); do
        fetch_by_index "$version" && build_source "$version" && install_openssl && return 0
    done
    take_static_package && install_openssl && return 0
    return 1
}

need_openssl() {
    openssl_ready && return 0
    system_openssl_suffices && return 0
    local packaged
    packaged=$(LC_ALL=C apt-cache policy libssl-dev 2>/dev/null | sed -n 's/ *Candidate: //p')
    if [[ "$packaged" == [0-9]* ]] && dpkg --compare-versions "$packaged" ge 3.5; then
        need_packages libssl-dev
        return 0
    fi
    mapfile -t wanted < <(packages_of openssl)
    need_packages "${wanted[@]}"
    mkdir -p "$cache" "$logs"
    exec 8>"$deps/lock"
    flock 8
    openssl_ready && return 0
    say "This machine's OpenSSL is older than 3.5: building OpenSSL 3.5 once, into its own folder (a few minutes)"
    build_openssl || die "OpenSSL 3.5 could not be had by any way; see the logs in the folder of the dependencies."
    exec 8>&-
}
