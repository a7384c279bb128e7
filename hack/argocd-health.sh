#!/usr/bin/env bash
# Writes config/argocd/argocd-cm.yaml: the health check under the keys of the three kinds.
set -euo pipefail
cd "$(dirname "$0")/../config/argocd"
{
  cat <<'HEADER'
# Written by `make manifests` from mongo.modestano.io_health.lua. Merge it into the ConfigMap argocd-cm of Argo CD.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
  labels:
    app.kubernetes.io/name: argocd-cm
    app.kubernetes.io/part-of: argocd
data:
HEADER
  for kind in MongoReplicaSet WeightedDnsRecord RegionMigration; do
    echo "  resource.customizations.health.mongo.modestano.io_$kind: |"
    sed 's/^./    &/' mongo.modestano.io_health.lua
  done
} >argocd-cm.yaml
