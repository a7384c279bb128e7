#!/usr/bin/env bash
# Runs the live scenarios on the servers that KUBEBUILDER_ASSETS, MODESTANO_MONGOD and AWS_ENDPOINT_URL_ROUTE_53 name; what none of them names is
# embedded. Says first which backends it uses, and how many tests need a fault or a look inside that a real server does not give.
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
echo "backends: kubernetes ${KUBEBUILDER_ASSETS:-embedded}, mongodb ${MODESTANO_MONGOD:-embedded}, route53 ${AWS_ENDPOINT_URL_ROUTE_53:-embedded}"
filter="TestCategory=Live"
inside=$(grep -rhoE 'Category\("EmbeddedOnly"\)' tests/Scenarios --include='*.cs' | wc -l)
whole=$(grep -rlE 'OperatedWorld.StartAsync' tests/Scenarios/WholeWorld --include='*Scenario*.cs' | wc -l)
if [ -n "${MODESTANO_MONGOD:-}" ]; then
  filter="$filter&TestCategory!=EmbeddedOnly"
  echo "left out, because they need members that were prepared on their disks: $inside test(s) of category EmbeddedOnly"
fi
echo "always embedded, because they look into the servers or reach the members by names: $whole fixtures in tests/Scenarios/WholeWorld"
dotnet test tests/Scenarios -c "$configuration" --no-build --nologo --filter "$filter" --logger "console;verbosity=normal"
