#!/usr/bin/env bash
# krew-manifest.sh VERSION URL CHECKSUMS: prints the plugin's manifest for krew. CHECKSUMS is sha256sum's output over the archives below URL.
set -euo pipefail
version=$1 url=$2 checksums=$3
cat <<HEADER
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: modestano
spec:
  version: v$version
  homepage: https://github.com/modestano/modestano-operator
  shortDescription: Shows and steers MongoDB replica sets across regions
  description: |
    Draws the regions, members, votes and weights that the Modestano operator manages, shows the plan of a change,
    and holds, resumes, approves and rolls back.
  platforms:
HEADER
while read -r sum file; do
  rid=${file#kubectl-modestano-}
  rid=${rid%.tar.gz}
  case $rid in linux-*) os=linux ;; osx-*) os=darwin ;; win-*) os=windows ;; *) echo "$file: no system is known by this name" >&2; exit 1 ;; esac
  case $rid in *-x64) arch=amd64 ;; *-arm64) arch=arm64 ;; *) echo "$file: no processor is known by this name" >&2; exit 1 ;; esac
  cat <<PLATFORM
  - selector:
      matchLabels:
        os: $os
        arch: $arch
    uri: $url/$file
    sha256: $sum
    bin: kubectl-modestano$([ $os = windows ] && echo .exe || true)
PLATFORM
done <"$checksums"
