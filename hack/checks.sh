#!/usr/bin/env bash
# Every gate that is not a test: format, generated files, lock files, places that hide an unfinished job.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
bad=0
say() { echo "checks: $*"; }

say "format"
dotnet format Modestano.Operator.sln --verify-no-changes --no-restore -v q || { say "run 'make format'"; bad=1; }

say "generated files"
out=$(mktemp -d)
if dotnet "src/Operator/bin/$configuration/net10.0/modestano-operator.dll" crds --output "$out" >/dev/null; then
  diff -r "$out" config/crd/bases || { say "config/crd/bases is not what src/Crds says: run 'make manifests'"; bad=1; }
else
  bad=1
fi
rm -rf "$out"

say "lock files"
dotnet restore Modestano.Operator.sln --locked-mode -v q || bad=1

say "unfinished work"
if git grep -nIE 'NotImplementedException|\b(TODO|FIXME|HACK|XXX)\b' -- src tests config charts; then bad=1; fi
if git grep -nIE '\[(Ignore|Explicit)\b|Assert\.(Pass|Ignore|Inconclusive)' -- tests; then bad=1; fi

[ "$bad" -eq 0 ] && say "all hold"
exit "$bad"
