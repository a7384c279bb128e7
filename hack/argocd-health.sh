#!/usr/bin/env bash
# Writes config/argocd/argocd-cm.yaml: health check and actions under the keys of the three kinds.
set -euo pipefail
cd "$(dirname "$0")/../config/argocd"

# script FILE INDENT: the file as the body of a YAML block.
script() { sed "s/^./$(printf '%*s' "$2" '')&/" "$1"; }

{
  cat <<'HEADER'
# Written by `make manifests` from the scripts beside it. Merge it into the ConfigMap argocd-cm of Argo CD.
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
    script mongo.modestano.io_health.lua 4
    echo "  resource.customizations.actions.mongo.modestano.io_$kind: |"
    echo "    discovery.lua: |"
    script actions/discovery.lua 6
    echo "    definitions:"
    actions="hold resume"
    [ "$kind" != RegionMigration ] || actions="$actions promote roll-back"
    for action in $actions; do
      echo "    - name: $action"
      echo "      action.lua: |"
      script "actions/$action.lua" 8
    done
  done
} >argocd-cm.yaml
