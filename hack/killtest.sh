#!/usr/bin/env bash
# Kills the operator around every effect of a migration under virtual time, and the shipped process three times with SIGKILL; closes with
# the sum of both as `N effects, N restarts, N doubled, N stuck`.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p artifacts
MODESTANO_KILL_ALL=1 dotnet test tests/Scenarios -c "${1:-Release}" --no-build --nologo --filter TestCategory=Kill \
  --logger "console;verbosity=detailed" | tee artifacts/killtest.log | grep -vE ' effects, .* stuck$'
status=${PIPESTATUS[0]}
# NUnit prints what a test wrote twice: at once, and indented with its result.
awk '/^[0-9]+ effects, .* stuck$/ { e += $1; r += $3; d += $5; s += $7; runs++ }
  END { if (runs != 2) { print "one of the two runs did not end" > "/dev/stderr"; exit 1 }
        printf "%d effects, %d restarts, %d doubled, %d stuck\n", e, r, d, s }' artifacts/killtest.log || status=1
exit "$status"
