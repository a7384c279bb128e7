#!/usr/bin/env bash
# Draws docs/images from a real run of the demo: its terminal is recorded, and the moments that are worth a picture become SVGs.
# `hack/pictures.sh CONFIGURATION`
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
tools=$PWD/.cache/tools/pictures
if [ ! -d "$tools/node_modules/svg-term" ]; then
  mkdir -p "$tools"
  # svg-term asks for @emotion without saying so.
  npm install --silent --no-audit --no-fund --prefix "$tools" svg-term@2.0.3 @emotion/core@10.3.1 @emotion/styled@10.3.0 >/dev/null
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
demo="dotnet src/Testbed/bin/$configuration/net10.0/modestano-world.dll demo --seed ${SEED:-1} --operator src/Operator/bin/$configuration/net10.0/modestano-operator.dll --config config"
# A terminal of a fixed size, so that the screen is drawn in place as a person sees it.
TERM=xterm-256color script --quiet --return --log-out "$work/typescript" \
  --command "stty cols 120 rows 46; $demo" >/dev/null || { tail -n 20 "$work/typescript" >&2; echo "pictures: the demo failed" >&2; exit 1; }
mkdir -p docs/images
NODE_PATH=$tools/node_modules node hack/pictures.cjs "$work/typescript" docs/images
