# SPDX-License-Identifier: Apache-2.0
# Debian packages, by apt, only those that are missing. Sourced; needs progress.sh.

# packages_of GROUP...: the names that tools/packages.txt lists for the groups.
packages_of() {
    local group
    for group in "$@"; do
        sed -n "s/^$group://p" "$root/tools/packages.txt"
    done | tr -s ' ' '\n' | sed '/^$/d'
}

package_installed() {
    [[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" == ii* ]]
}

# missing_packages NAME...: one query for all of them; alternatives only where the first is absent.
missing_packages() {
    local installed name alternative found
    # dpkg-query fails when it knows one of the names not at all; its answer for the others counts.
    installed=" $({ dpkg-query -W -f '${db:Status-Abbrev}${Package} ' ${@//|/ } 2>/dev/null || true; } |
        tr '\n' ' ') "
    for name in "$@"; do
        found=
        for alternative in ${name//|/ }; do
            [[ "$installed" == *" ii $alternative "* ]] && found=1 && break
        done
        [[ -n "$found" ]] || printf '%s\n' "$name"
    done
}

candidate_exists() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

apt_update() {
    say "Reading the package lists of this machine's mirror (apt-get update)"
    apt-get update -qq -o DPkg::Lock::Timeout=120 >"$logs/apt-update.log" 2>&1 ||
        { cat "$logs/apt-update.log" >&2; return 1; }
}

apt_progress() {
    local kind package percent rest last= next_percent=0
    while IFS=: read -r kind package percent rest; do
        [[ "$kind" == pmstatus || "$kind" == dlstatus ]] || continue
        percent=${percent%%.*}
        if ((progress_live || percent >= next_percent)) || [[ "$kind" != "$last" ]]; then
            [[ "$kind" == dlstatus ]] && rest="downloading packages" || rest="installing $package"
            status_line "[$percent/100] $rest"
            next_percent=$((percent + 25)) last=$kind
        fi
    done
    status_end
}

apt_install() {
    local status=0 fifo
    fifo=$(mktemp -u "$logs/apt-status.XXXXXX")
    mkfifo "$fifo"
    apt_progress <"$fifo" &
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o DPkg::Lock::Timeout=120 -o APT::Status-Fd=9 "$@" 9>"$fifo" >"$logs/apt-install.log" 2>&1 || status=$?
    wait $! || true
    rm -f "$fifo"
    return "$status"
}

consent() {
    [[ "${CI:-}" == true || ! -t 0 || ! -t 2 ]] && return 0
    local answer
    printf 'Install these Debian packages now: %s ? [Y/n] ' "$*" >&2
    read -r answer
    [[ -z "$answer" || "$answer" == [yYjJтТ]* ]]
}

# need_packages NAME...: returns at once when everything is there.
need_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "This machine has no dpkg: the packages in tools/packages.txt are taken to be there."
        return 0
    fi
    local missing chosen=() name alternative
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    mkdir -p "$logs"
    if ((EUID == 0)); then
        candidate_exists "${missing[0]%%|*}" || apt_update || die "apt-get update failed."
    fi
    for name in "${missing[@]}"; do
        for alternative in ${name//|/ } ''; do
            [[ -z "$alternative" ]] && alternative=${name%%|*} && break
            candidate_exists "$alternative" && break
        done
        chosen+=("$alternative")
    done
    if ((EUID != 0)); then
        say "Some Debian packages are missing and only root may install them. Please run:"
        say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${chosen[*]}"
        exit 1
    fi
    consent "${chosen[*]}" || die "Nothing was installed. The line to run: apt-get install ${chosen[*]}"
    say "Installing ${#chosen[@]} Debian packages"
    apt_install "${chosen[@]}" && return 0
    # The mirror moved on since the lists were read: read them anew, once.
    apt_update && apt_install "${chosen[@]}" && return 0
    tail -n 20 "$logs/apt-install.log" >&2
    die "apt could not install: ${chosen[*]}"
}
