#!/usr/bin/env bash
# Runs every test project of the solution and closes with the sum: `N passed, N failed`.
# Two suites at a time: scenarios mostly wait for clocks that nobody can turn (elections, leases, TTLs), so another one runs meanwhile.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
whole_world=FullyQualifiedName~Modestano.Scenarios.WholeWorld

# suite NAME PROJECT [FILTER]: runs it, prints its output in one piece, and leaves "failed passed skipped" in $results/NAME.
suite() {
  local name=$1 project=$2 log=$results/$1.log status counts
  dotnet test "$project" -c "$configuration" --no-build --nologo -v q --logger "console;verbosity=minimal" ${3:+--filter "$3"} >"$log" 2>&1
  status=$?
  counts=$(grep -oE 'Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -n 1 | grep -oE '[0-9]+' | tr '\n' ' ')
  # No summary: no test in it, or the runner itself broke. A runner that broke after its tests counts as one failure.
  [ -n "$counts" ] || counts="0 0 0"
  [ "$status" -eq 0 ] || [ "${counts%% *}" -gt 0 ] || counts="1 ${counts#* }"
  echo "$counts" >"$results/$name.counts"
  flock "$results" sh -c 'echo "== $1"; cat "$2"' _ "$name" "$log"
}

# The longest first, so that both lanes end at about the same time.
order=$(for project in tests/*/*.csproj; do basename "$(dirname "$project")"; done | grep -vx -e Scenarios -e Testbed.Tests)
running=0
for name in Scenarios "Scenarios of the whole world" Testbed.Tests $order; do
  if [ "$running" -eq 2 ]; then wait -n; else running=$((running + 1)); fi
  case $name in
    Scenarios) suite "$name" tests/Scenarios "${whole_world/\~/!~}" & ;;
    "Scenarios of the whole world") suite "$name" tests/Scenarios "$whole_world" & ;;
    *) suite "$name" "tests/$name" & ;;
  esac
done
wait

# What failed is told once more at the end, where a cut log still shows it.
for log in "$results"/*.log; do
  awk -v suite="$(basename "$log" .log)" '/^  (Failed|X) / {told = 25} /^(Failed!|Passed!)/ {told = 0} told-- > 0 {print suite ": " $0}' "$log"
done

awk '{f += $1; p += $2; s += $3} END {printf "%d passed, %d failed%s\n", p, f, (s ? ", " s " skipped" : ""); exit !(f == 0 && p > 0)}' "$results"/*.counts
