#!/usr/bin/env bash
# Runs the Dockerfile's build stage without a container engine: its COPY and RUN lines, in an empty folder with committed files only. Then
# its ENTRYPOINT tells its version. What the base images hold is not seen by this.  `hack/image-stage.sh VERSION COMMIT`
set -euo pipefail
cd "$(dirname "$0")/.."
# BuildKit gives TARGETARCH; here it is this machine's.
case $(uname -m) in aarch64) TARGETARCH=arm64 ;; *) TARGETARCH=amd64 ;; esac
export TARGETARCH VERSION=$1 COMMIT=$2 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source" "$work/app"
stage=$(sed -n '/ AS build$/,/^FROM \${RUNTIME}/p' Dockerfile)
while read -r instruction arguments; do
  case $instruction in
    COPY)
      read -ra words <<<"$arguments"
      target=$work/source/${words[-1]}
      for source in "${words[@]:0:${#words[@]}-1}"; do
        git ls-files -z -- "$source" | while IFS= read -r -d '' file; do
          # A folder's content goes into the target; a file goes there by its own name.
          if [ -d "$source" ]; then to=$target/${file#"$source"/}; else to=$target/$(basename "$file"); fi
          mkdir -p "$(dirname "$to")" && cp "$file" "$to"
        done
      done ;;
    RUN)
      echo "+ $arguments"
      (cd "$work/source" && eval "${arguments//\/app/$work/app}") >"$work/log" 2>&1 || { cat "$work/log"; exit 1; } ;;
  esac
done <<<"$stage"

entry=$(sed -n 's/^ENTRYPOINT //p' Dockerfile | tr -d '[]",')
told=$(cd / && ${entry//\/app/$work/app} --version)
[ "$told" = "$VERSION+$COMMIT" ] || { echo "the program says '$told', wanted '$VERSION+$COMMIT'"; exit 1; }
echo "$entry --version: $told; $(find "$work/app" -type f | wc -l) files, $(du -sh "$work/app" | cut -f1)"
