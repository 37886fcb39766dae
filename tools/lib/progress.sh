# SPDX-License-Identifier: Apache-2.0
# Progress on one line of a terminal, or a line now and then elsewhere. Sourced.

if [[ -t 2 ]]; then progress_live=1; else progress_live=0; fi

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# progress LABEL TOTAL REGEX: counts the lines of standard input that match; the lines go no further.
progress() {
    local label=$1 total=$2 regex=$3
    awk -v label="$label" -v total="$total" -v regex="$regex" -v live="$progress_live" '
        $0 ~ regex {
            n++
            if (n > total) total = n
            percent = int(100 * n / total)
            if (live) { printf "\r\033[K[%d/%d] %s", n, total, label; fflush() }
            else if (percent >= next_line) {
                printf "[%d/%d] %s\n", n, total, label; fflush(); next_line = percent + 10
            }
        }
        END { if (live && n) printf "\r\033[K" }' >&2
}

# ninja_progress: passes on what ninja says of failures; its status lines become one moving line.
ninja_progress() {
    awk -v live="$progress_live" '
        /^\[[0-9]+\/[0-9]+\] / {
            split(substr($1, 2), part, /[\/\]]/)
            line = $0
            if (live) { printf "\r\033[K%s", substr(line, 1, 100); fflush() }
            else if (part[2] > 0) {
                percent = int(100 * part[1] / part[2])
                if (percent >= next_line) { print line; fflush(); next_line = percent + 10 }
            }
            next
        }
        /^(ninja: (Entering directory|no work to do)|-- )/ { next }
        { if (live) printf "\r\033[K"; print; fflush() }
        END { if (live) printf "\r\033[K" }' >&2
}
