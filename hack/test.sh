#!/usr/bin/env bash
# Runs every test project of the solution, one after the other (they share two cores and the loopback addresses),
# and closes with the sum: `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*/*.csproj; do
  echo "== $(basename "$(dirname "$project")")"
  dotnet test "$project" -c "$configuration" --no-build --nologo -v q 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  counts=$(grep -oE 'Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -n 1)
  if [ -z "$counts" ]; then
    # No summary: no test in it, or the runner itself broke.
    [ "$status" -eq 0 ] || failed=$((failed + 1))
    continue
  fi
  read -r f p s <<<"$(grep -oE '[0-9]+' <<<"$counts" | tr '\n' ' ')"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  [ "$status" -eq 0 ] || [ "$f" -gt 0 ] || failed=$((failed + 1))
done
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
