#!/usr/bin/env bash
# changelog-section.sh VERSION: prints what CHANGELOG.md says of that version, without its heading.
set -euo pipefail
cd "$(dirname "$0")/.."
sed -n "/^## ${1//./\\.}\( \|$\)/,/^## /{/^## /d;p;}" CHANGELOG.md | sed -e '/./,$!d' | grep . || { echo "CHANGELOG.md has no section '## $1'" >&2; exit 1; }
