#!/usr/bin/env bash
# release-version.sh TAG: prints the version of a tag v1.2.3, where project, chart and changelog name the same one.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1#v}
[[ $1 =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || { echo "the tag '$1' is no version: v1.2.3 is one" >&2; exit 1; }
bad=0
same() { [ "$2" = "$version" ] || { echo "$1 says '$2', the tag says '$version': change one of the two" >&2; bad=1; }; }
same Directory.Build.props "$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)"
same "version in Chart.yaml" "$(sed -n 's/^version: //p' charts/modestano-operator/Chart.yaml)"
same "appVersion in Chart.yaml" "$(sed -n 's/^appVersion: "\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' charts/modestano-operator/Chart.yaml)"
grep -q "^## $version\b" CHANGELOG.md || { echo "CHANGELOG.md has no section '## $version': make one of 'Unreleased'" >&2; bad=1; }
[ "$bad" -eq 0 ] && echo "$version"
