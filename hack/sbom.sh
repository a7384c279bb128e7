#!/usr/bin/env bash
# Writes artifacts/sbom/*.cdx.json: what the operator and the kubectl plugin are made of, as CycloneDX.
# `hack/sbom.sh VERSION`. The lock files are the reference: a package that is locked and not listed is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:-0.0.0}
mkdir -p artifacts/sbom
dotnet tool restore --verbosity quiet >/dev/null
sbom() { # name project
  dotnet tool run dotnet-CycloneDX -- "src/$2/Modestano.$2.csproj" --recursive --disable-package-restore --output-format Json \
    --set-name "$1" --set-version "$version" --output artifacts/sbom --filename "$1.cdx.json" >artifacts/sbom/log 2>&1 \
    || { cat artifacts/sbom/log; return 1; }
  # Every package of the lock file, as name@version, less the projects of this repository.
  python3 - "artifacts/sbom/$1.cdx.json" "src/$2/packages.lock.json" <<'PYTHON'
import json, sys
listed = {(c["name"].lower(), c["version"]) for c in json.load(open(sys.argv[1])).get("components", [])}
locked = {(name.lower(), p["resolved"]) for framework in json.load(open(sys.argv[2]))["dependencies"].values() for name, p in framework.items() if p["type"] != "Project"}
missing = sorted(locked - listed)
if missing:
    sys.exit(f"{sys.argv[1]} lacks {missing}")
print(f"{sys.argv[1]}: {len(listed)} components, all {len(locked)} locked packages among them")
PYTHON
}
sbom modestano-operator Operator
sbom kubectl-modestano Cli
rm -f artifacts/sbom/log
