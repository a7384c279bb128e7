#!/usr/bin/env bash
# Runs the tests of the embedded servers and closes with the share of the behaviours of docs/testing.md that they showed:
# `kubernetes X/Y, mongodb X/Y, route53 X/Y`. A behaviour is shown when every test that its line names has run and none failed.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
mkdir -p artifacts
outcomes=$PWD/artifacts/conformance.tsv
: >"$outcomes"
status=0
for project in tests/Testbed.Tests tests/Testbed.Conformance; do
  MODESTANO_OUTCOMES=$outcomes dotnet test "$project" -c "$configuration" --no-build --nologo -v q || status=1
done
sent() {
  case $1 in
    Kubernetes) cat tests/Testbed.Conformance/Kubernetes/Recordings/*.json | grep -c '^ *{"id":' ;;
    MongoDb) find tests/Testbed.Conformance/MongoDb/Recordings -name '*.json' | wc -l ;;
    Route53) grep -c '^ *{"name":' tests/Testbed.Conformance/Route53/Recordings/exchanges.json ;;
  esac
}
for server in Kubernetes MongoDb Route53; do
  list=tests/Testbed.Conformance/$server/not-replayed.tsv
  recorded=$(awk -F'\t' '$2 ~ /^= / { n += substr($2, 3) } END { print n }' "$list")
  echo "$server: $(sent "$server") of $recorded recorded exchanges are sent again; $list says why the others are not"
done
awk -F'\t' '
  NR == FNR {
    fixture = $1; sub(/^.*\./, "", fixture)
    note(fixture, $4); note(fixture "." $2, $4)
    if ($1 ~ /Conformance\.Kubernetes\.RecordedExchangeTests$/ && $3 != "") note("kubernetes/" $3, $4)
    if ($1 ~ /Conformance\.Route53\.RecordedExchangeTests$/) note("route53/exchanges", $4)
    next
  }
  /^\| [KMR][A-D]?[0-9]+\.[0-9]+ \|/ {
    split($0, cell, " *[|] *")
    server = substr(cell[2], 1, 1); total[server]++; shown = 1
    names = split(cell[5], name, /, /)
    for (i = 1; i <= names; i++) {
      test = name[i]; gsub(/`/, "", test)
      if (!(test in ran) || test in failed) { shown = 0; print cell[2] ": " test (test in failed ? " failed" : " did not run") }
    }
    reproduced[server] += shown
  }
  function note(test, outcome) { ran[test] = 1; if (outcome != "Passed") failed[test] = 1 }
  END {
    printf "kubernetes %d/%d, mongodb %d/%d, route53 %d/%d\n", reproduced["K"], total["K"], reproduced["M"], total["M"], reproduced["R"], total["R"]
    exit reproduced["K"] + reproduced["M"] + reproduced["R"] < total["K"] + total["M"] + total["R"]
  }
' "$outcomes" docs/testing.md || status=1
exit "$status"
