#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: tools/fuzz.sh NAME SECONDS
# A long run of one fuzz target. What it finds is kept in .build/fuzz-corpus/NAME, so that the next
# run goes on from there; its line is appended to docs/longruns.md by this script.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/lib/progress.sh"
[[ $# == 2 && -f "$root/fuzz/$1.cpp" && "$2" =~ ^[0-9]+$ ]] ||
    die "usage: tools/fuzz.sh NAME SECONDS, where fuzz/NAME.cpp exists"
name=$1 seconds=$2
"$root/tools/build.sh" fuzz --setup fuzz "fuzz_$name"

grown="$root/.build/fuzz-corpus/$name" found="$root/.build/fuzz-found/$name" log="$root/.build/fuzz-$name.log"
mkdir -p "$grown" "$found"
status=0
TIMEFORMAT='%U %S'
cpu=$( { time "$root/.build/fuzz/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$found/" "$grown" "$root/fuzz/corpus/$name" >"$log" 2>&1 || exit $?; } 2>&1) ||
    status=$?
cpu=$(tail -n 1 <<<"$cpu" | awk '{ printf "%.0f", $1 + $2 }')
executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
commit=$(git -C "$root" rev-parse --short=12 HEAD)
[[ -z "$(git -C "$root" status --porcelain -uno -- ':!docs/longruns.md')" ]] || commit+='+'
result=clean
((status == 0)) || result="exit $status, input kept"
printf '| %s | `tools/fuzz.sh %s %s` | %s | %s s | %s executions, %s edges | %s |\n' "$(date -u +%FT%TZ)" \
    "$name" "$seconds" "$commit" "$cpu" "${executions:-?}" "${coverage:-?}" "$result" |
    tee -a "$root/docs/longruns.md"
exit "$status"
