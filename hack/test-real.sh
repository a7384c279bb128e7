#!/usr/bin/env bash
# Runs the live scenarios on the servers that KUBEBUILDER_ASSETS, MODESTANO_MONGOD and AWS_ENDPOINT_URL_ROUTE_53 name; what none of them names is
# embedded. Says first which backends it uses, and how many tests need a fault or a look inside that a real server does not give.
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
echo "backends: kubernetes ${KUBEBUILDER_ASSETS:-embedded}, mongodb ${MODESTANO_MONGOD:-embedded}, route53 ${AWS_ENDPOINT_URL_ROUTE_53:-embedded}"
filter="TestCategory=Live"
dotnet test tests/Scenarios -c "$configuration" --no-build --nologo --filter "Name=Every_scenario_is_of_one_class_and_they_are_counted" \
  --logger "console;verbosity=detailed" | grep -oE 'scenarios: .*' | sort -u
echo "EmbeddedOnly and Processes run in make test only: they need a fault, or a look into the servers, that real ones do not give"
if [ -n "${MODESTANO_MONGOD:-}" ]; then
  filter="$filter&TestCategory!=EmbeddedOnly"
fi
dotnet test tests/Scenarios -c "$configuration" --no-build --nologo --filter "$filter" --logger "console;verbosity=normal"
