# SPDX-License-Identifier: Apache-2.0
# Progress on one line of a terminal, or a line now and then elsewhere. Sourced.

if [[ -t 2 ]]; then progress_live=1; else progress_live=0; fi

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# usage SCRIPT: the comment at its head.
usage() { sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$1"; }

# no_option SCRIPT WORD: ends as wrong usage does, before anything is built.
no_option() {
    say "Unknown option $2; see ./$(basename "$1") --help"
    exit 2
}

# status_line TEXT: on a terminal it replaces the line before it.
status_line() {
    if ((progress_live)); then printf '\r\033[K%s' "${1:0:100}" >&2; else printf '%s\n' "$1" >&2; fi
}

status_end() {
    ((!progress_live)) || printf '\r\033[K' >&2
}

# progress LABEL TOTAL REGEX: counts the lines of standard input that match; the lines go no further.
# (Loops of the shell, because mawk reads a pipe in blocks and would show nothing for minutes.)
progress() {
    local label=$1 total=$2 regex=$3 line count=0 next_percent=0
    while IFS= read -r line; do
        [[ "$line" =~ $regex ]] || continue
        ((++count > total)) && total=$count
        if ((progress_live || 100 * count / total >= next_percent)); then
            status_line "[$count/$total] $label"
            next_percent=$((100 * count / total + 10))
        fi
    done
    status_end
}

# ninja_progress: passes on what ninja says of failures; its status lines become one moving line.
ninja_progress() {
    local line percent next_percent=0
    while IFS= read -r line; do
        if [[ "$line" =~ ^\[([0-9]+)/([0-9]+)\]\  ]]; then
            percent=$((100 * BASH_REMATCH[1] / (BASH_REMATCH[2] ? BASH_REMATCH[2] : 1)))
            if [[ "$line" == *Re-checking* || "$line" == *Re-running* ]]; then continue; fi
            if ((progress_live || percent >= next_percent)); then
                status_line "$line"
                next_percent=$((percent + 10))
            fi
        elif [[ ! "$line" =~ ^(ninja:\ (Entering\ directory|no\ work\ to\ do)|--\ ) ]]; then
            status_end
            printf '%s\n' "$line" >&2
        fi
    done
    status_end
}
