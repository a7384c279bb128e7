#!/usr/bin/env bash
# Writes every file that follows from another one: definitions and roles from the code, the chart's copies, rules, health checks, references.
# `hack/manifests.sh CONFIGURATION` builds nothing: the operator must be built.
set -euo pipefail
cd "$(dirname "$0")/.."
operator() { dotnet "src/Operator/bin/${configuration}/net10.0/modestano-operator.dll" "$@"; }
configuration=${1:-Release}
chart=charts/modestano-operator/files

operator crds --output config/crd/bases
operator crds --format markdown >docs/api.md
operator roles --output config/rbac
operator roles --rules-only --output $chart/rbac
mkdir -p $chart/crds $chart/dashboards
cp config/crd/bases/*.yaml $chart/crds/
cp config/grafana/*.json $chart/dashboards/
hack/prometheus-rules.sh
hack/argocd-health.sh
hack/chart-readme.sh
