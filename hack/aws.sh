#!/usr/bin/env bash
# Holds config/aws and config/iam to AWS's own resource definitions and to HashiCorp's parser, both of which npm packages bring. Prints what it
# read as JSON, one object, for the tests; what is wrong stands in `problems`.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/.cache/tools/aws
if [ ! -d "$tools/node_modules/@cdktf/hcl2json" ] || [ ! -d "$tools/node_modules/@aws-cdk/aws-service-spec" ]; then
  mkdir -p "$tools"
  npm install --silent --no-audit --no-fund --prefix "$tools" @cdktf/hcl2json@0.21.0 @aws-cdk/aws-service-spec@0.1.216 yaml@2 >/dev/null
fi
NODE_PATH=$tools/node_modules node hack/aws-templates.cjs "$@"
