#!/usr/bin/env bash
# Writes the chart's README: its values, from values.yaml and the comments in it. A comment belongs to the key below it.
set -euo pipefail
cd "$(dirname "$0")/../charts/modestano-operator"
{
  cat <<'HEADER'
<!-- Written by `make manifests` from values.yaml. -->
# modestano-operator

The operator for cross-region MongoDB replica sets, with its definitions, roles, network policy and, where wanted, its monitoring.
[Install](../../docs/install.md) tells how; `ci/` holds values files that every change is tested with.

```console
helm install modestano-operator charts/modestano-operator --namespace modestano-operator-system --create-namespace
```

Wrong values are refused: `values.schema.json` knows every key below.

## Values

| Key | Default | Meaning |
|---|---|---|
HEADER
  awk '
    function cell(text) { gsub(/\|/, "\\|", text); return text }
    /^ *$/ { pending = ""; next }
    /^ *#/ { sub(/^ *# ?/, ""); pending = pending == "" ? $0 : pending " " $0; next }
    /^ *[A-Za-z]/ {
      match($0, /^ */); depth = RLENGTH / 2
      line = substr($0, RLENGTH + 1)
      colon = index(line, ":")
      name[depth] = substr(line, 1, colon - 1)
      value = substr(line, colon + 1); sub(/^ */, "", value)
      path = name[0]; for (i = 1; i <= depth; i++) path = path "." name[i]
      if (value != "" || pending != "") printf "| `%s` | %s | %s |\n", path, (value == "" ? "" : "`" cell(value) "`"), cell(pending)
      pending = ""
    }' values.yaml
} >README.md
