#!/usr/bin/env bash
# Runs every test project of the solution and closes with the sum: `N passed, N failed`.
# Two suites at a time: scenarios mostly wait for clocks that nobody can turn (elections, leases, TTLs), so another one runs meanwhile.
# Up to three tests on the real clock that failed beside another suite are run once more, alone; what passes only then is told by name before the sum.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
whole_world=FullyQualifiedName~Modestano.Scenarios.WholeWorld
again_at_most=3
# A test that has not ended by then hangs: it is named, and its suite counts as failed.
hangs_after=8m

project_of() { case $1 in Scenarios*) echo tests/Scenarios ;; *) echo "tests/$1" ;; esac; }

filter_of() { case $1 in Scenarios) echo "${whole_world/\~/!~}" ;; Scenarios*) echo "$whole_world" ;; esac; }

# run NAME LOG [FILTER]: runs tests of that suite; prints "failed passed skipped".
run() {
  local log=$2 filter=${3:-} status counts
  dotnet test "$(project_of "$1")" -c "$configuration" --no-build --nologo -v q --logger "console;verbosity=minimal" --logger trx --results-directory "$results/files" --blame-hang-timeout "$hangs_after" --blame-hang-dump-type none ${filter:+--filter "$filter"} >"$log" 2>&1
  status=$?
  counts=$(grep -oE 'Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -n 1 | grep -oE '[0-9]+' | tr '\n' ' ')
  # No summary: no test in it, or the runner itself broke. A runner that broke after its tests counts as one failure.
  [ -n "$counts" ] || counts="0 0 0"
  [ "$status" -eq 0 ] || [ "${counts%% *}" -gt 0 ] || counts="1 ${counts#* }"
  echo "$counts"
}

# suite NAME: runs it, prints its output in one piece, and leaves its counts in $results/NAME.counts.
suite() {
  run "$1" "$results/$1.log" "$(filter_of "$1")" >"$results/$1.counts"
  flock "$results" sh -c 'echo "== $1"; cat "$2"' _ "$1" "$results/$1.log"
}

# failures NAME: what failed in that suite, a method name each.
failures() { grep -oE '^  Failed [A-Za-z0-9_]+' "$results/$1.log" | awk '{print $2}' | sort -u; }

# again NAME: runs the few tests of that suite that failed once more; where all pass now they are told and counted as passed.
# Never where the run itself broke: what it did not get to would be missing, and nobody would see it.
again() {
  local failed passed skipped names counts passes
  read -r failed passed skipped <"$results/$1.counts"
  names=$(failures "$1")
  grep -q '^Failed! ' "$results/$1.log" && ! grep -qiE 'run aborted|crashed' "$results/$1.log" || return 0
  [ "$failed" -gt 0 ] && [ "$failed" -le "$again_at_most" ] && [ -n "$names" ] || return 0
  echo "== $1, once more: $(echo "$names" | paste -sd ' ')"
  counts=$(run "$1" "$results/$1.again" "$(echo "$names" | sed 's/^/FullyQualifiedName~/' | paste -sd '|')")
  cat "$results/$1.again"
  read -r _ passes _ <<<"$counts"
  if [ "${counts%% *}" -eq 0 ] && [ "$passes" -ge "$failed" ]; then
    sed "s/^/passed only when run again, alone: $1: /" <<<"$names" >>"$results/flaky"
    echo "0 $((passed + failed)) $skipped" >"$results/$1.counts"
  fi
}

# The longest first, so that both lanes end at about the same time.
order=$(for project in tests/*/*.csproj; do basename "$(dirname "$project")"; done | grep -vx -e Scenarios -e Testbed.Tests)
running=0
for name in Scenarios "Scenarios of the whole world" Testbed.Tests $order; do
  if [ "$running" -eq 2 ]; then wait -n; else running=$((running + 1)); fi
  suite "$name" &
done
wait
for name in Scenarios "Scenarios of the whole world" Testbed.Tests; do again "$name"; done

echo "== the slowest twelve"
cat "$results"/files/*.trx | grep -oE '<UnitTestResult [^>]*' | sed -E 's/.* testName="([^"]*)".* duration="([^"]*)".*/\2 \1/' | sort -r | head -n 12

# What failed is told last, where a log of which only the end is kept still shows it.
for log in "$results"/*.log; do
  awk -v suite="$(basename "$log" .log)" '/^  (Failed|X) / {told = 12} /^The test running when/ {told = 3} /^(Failed!|Passed!)/ {told = 0} told-- > 0 {print suite ": " substr($0, 1, 600)}' "$log"
done
cat "$results/flaky" 2>/dev/null

awk '{f += $1; p += $2; s += $3} END {printf "%d passed, %d failed%s\n", p, f, (s ? ", " s " skipped" : ""); exit !(f == 0 && p > 0)}' "$results"/*.counts
