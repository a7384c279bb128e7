#!/usr/bin/env bash
# Writes what follows from config/prometheus/rules.yaml: the PrometheusRule of kustomize and the chart's copy.
set -euo pipefail
cd "$(dirname "$0")/.."
{
  cat <<'HEADER'
# Written by `make manifests` from rules.yaml.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: alerts
  namespace: system
  labels:
    app.kubernetes.io/name: modestano-operator
    app.kubernetes.io/managed-by: kustomize
spec:
HEADER
  sed -n '/^groups:/,$p' config/prometheus/rules.yaml | sed 's/^./  &/'
} >config/prometheus/prometheusrule.yaml
cp config/prometheus/rules.yaml charts/modestano-operator/files/rules.yaml
