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
# Written anew in a copy: what comes out must be what is committed, and nothing more may lie there.
copy=$(mktemp -d)
git ls-files -z -- config charts docs hack | xargs -0 cp --parents -t "$copy"
mkdir -p "$copy/src/Operator" && ln -s "$PWD/src/Operator/bin" "$copy/src/Operator/bin"
if "$copy/hack/manifests.sh" "$configuration" >/dev/null; then
  for folder in config charts docs; do
    diff -r "$folder" "$copy/$folder" || { say "$folder is not what code and sources say: run 'make manifests'"; bad=1; }
  done
else
  bad=1
fi
rm -rf "$copy"

say "lock files"
dotnet restore Modestano.Operator.sln --locked-mode -v q || bad=1

say "bill of materials"
hack/sbom.sh "$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)" || bad=1

say "workflows"
hack/workflows.sh || bad=1

say "plugin"
# As a person builds it: warnings that only this target's settings bring are found here.
if ! make -s plugin >/dev/null || ! artifacts/plugin/kubectl-modestano --help >/dev/null; then
  say "make plugin fails, or what it builds does not start"
  bad=1
fi

say "unfinished work"
if git grep -nIE 'NotImplementedException|\b(TODO|FIXME|HACK|XXX)\b' -- src tests config charts; then bad=1; fi
if git grep -nIE '\[(Ignore|Explicit)\b|Assert\.(Pass|Ignore|Inconclusive)' -- tests; then bad=1; fi

[ "$bad" -eq 0 ] && say "all hold"
exit "$bad"
