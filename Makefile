# `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
CONFIGURATION ?= Release
SEED ?= 1
comma := ,
IMAGE ?= ghcr.io/modestano/modestano-operator
VERSION ?= $(shell sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
HOLD ?= 0
RID ?= linux-x64
RECORDS ?= 1000
SETS ?= 1000
TOOLS := $(CURDIR)/.cache/tools/bin
export PATH := $(TOOLS):$(PATH)

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build everything, warnings are errors
	dotnet build Modestano.Operator.sln -c $(CONFIGURATION) -v q --nologo

.PHONY: demo
demo: ## a whole migration on this machine, measured (HOLD=1 stays up, SEED=n repeats)
	@dotnet build src/Operator -c $(CONFIGURATION) -v q --nologo
	@dotnet build src/Testbed -c $(CONFIGURATION) -v q --nologo
	@dotnet src/Testbed/bin/$(CONFIGURATION)/net10.0/modestano-world.dll demo --seed $(SEED) $(if $(filter 1,$(HOLD)),--hold) \
	  --operator src/Operator/bin/$(CONFIGURATION)/net10.0/modestano-operator.dll --config config

.PHONY: pictures
pictures: ## draw docs/images anew from a run of the demo (SEED=n)
	@dotnet build src/Operator -c $(CONFIGURATION) -v q --nologo
	@dotnet build src/Testbed -c $(CONFIGURATION) -v q --nologo
	@SEED=$(SEED) hack/pictures.sh $(CONFIGURATION)

.PHONY: tools
tools: ## install the clients that the tests use (kubectl, helm, aws, dig, prometheus, promtool, lua, pymongo) where they are missing
	hack/install-tools.sh

.PHONY: test
test: tools build ## run every test; ends with `N passed, N failed`
	hack/test.sh $(CONFIGURATION)

.PHONY: conformance
conformance: tools ## hold the embedded servers to the recorded real ones; ends with `kubernetes X/Y, mongodb X/Y, route53 X/Y`
	dotnet build tests/Testbed.Conformance -c $(CONFIGURATION) -v q --nologo
	hack/conformance.sh $(CONFIGURATION)

.PHONY: test-real
test-real: tools ## the live scenarios on the real servers that KUBEBUILDER_ASSETS, MODESTANO_MONGOD, AWS_ENDPOINT_URL_ROUTE_53 name
	dotnet build tests/Scenarios -c $(CONFIGURATION) -v q --nologo
	hack/test-real.sh $(CONFIGURATION)

.PHONY: killtest
killtest: ## kill the operator before and after every effect of a migration, and the process itself three times
	dotnet build tests/Scenarios -c $(CONFIGURATION) -v q --nologo
	@hack/killtest.sh $(CONFIGURATION)

.PHONY: side-by-side
side-by-side: ## 20 migrations at once on sets of their own, under virtual time
	dotnet build tests/Scenarios -c $(CONFIGURATION) -v q --nologo
	MODESTANO_MIGRATIONS=20 dotnet test tests/Scenarios -c $(CONFIGURATION) --no-build --nologo --filter FullyQualifiedName~SideBySide --logger "console;verbosity=detailed"

.PHONY: bench
bench: ## the operator with SETS (1000) replica sets of 6 members and RECORDS (1000) DNS records: processor, memory, writes, reaction times (OUTAGE=home|other|home-silent|other-silent: a region fails at the end)
	@dotnet publish src/Operator -c $(CONFIGURATION) -r $(RID) -o artifacts/bench/operator -v q --nologo -p:UseAppHost=false
	@dotnet build src/Testbed -c $(CONFIGURATION) -v q --nologo
	@dotnet src/Testbed/bin/$(CONFIGURATION)/net10.0/modestano-world.dll bench --sets $(SETS) --records $(RECORDS) --seed $(SEED) $(if $(OUTAGE),--outage $(OUTAGE)) \
	  --operator artifacts/bench/operator/modestano-operator.dll --config config --folder artifacts/bench

.PHONY: bench-migration
bench-migration: ## the same migration by the operator and by a script with perfect knowledge; ends with `ratio N.NN, gap N ms against N ms`
	@dotnet publish src/Operator -c $(CONFIGURATION) -r $(RID) -o artifacts/bench/operator -v q --nologo -p:UseAppHost=false
	@dotnet build src/Testbed -c $(CONFIGURATION) -v q --nologo
	@dotnet src/Testbed/bin/$(CONFIGURATION)/net10.0/modestano-world.dll bench-migration --seed $(SEED) \
	  --operator artifacts/bench/operator/modestano-operator.dll --config config --folder artifacts/bench/migration

.PHONY: bench-dns
bench-dns: ## shift RECORDS (1000) DNS records of one zone in two steps, in real time under Route 53's request rate
	dotnet build tests/Scenarios -c $(CONFIGURATION) -v q --nologo
	@mkdir -p artifacts; set -o pipefail; MODESTANO_BENCH_RECORDS=$(RECORDS) dotnet test tests/Scenarios -c $(CONFIGURATION) --no-build --nologo --filter FullyQualifiedName~ShiftBench \
	  --logger "console;verbosity=detailed" > artifacts/bench-dns.log; status=$$?; \
	  grep -E '^(created|shifted|changes) ' artifacts/bench-dns.log; grep -E ' records, .* throttled$$' artifacts/bench-dns.log | head -n 1; exit $$status

SEEDS ?= 10000
.PHONY: simulate
simulate: ## random schedules of the operator on the Mongo model (SEEDS=n from FROM=1 on; SEED=n TRACE=1 repeats one and tells all)
	dotnet build tests/Scenarios -c $(CONFIGURATION) -v q --nologo
	@mkdir -p artifacts; set -o pipefail; MODESTANO_SIMULATE_SEEDS=$(SEEDS) MODESTANO_SIMULATE_FROM=$(FROM) MODESTANO_SIMULATE_SEED=$(if $(filter command line,$(origin SEED)),$(SEED)) MODESTANO_SIMULATE_TRACE=$(TRACE) \
	  DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000 \
	  dotnet test tests/Scenarios -c $(CONFIGURATION) --no-build --nologo --filter "Name=Whatever_happens_no_invariant_breaks_and_every_set_comes_to_rest" \
	  --logger "console;verbosity=normal" | tee artifacts/simulate.log | grep -vE ' schedules, .* stuck$$'; status=$$?; \
	  grep -E ' schedules, .* stuck$$' artifacts/simulate.log | tail -n 1; exit $$status

.PHONY: simulate-migrations
simulate-migrations: ## random schedules of whole migrations, judged from outside (SEEDS=2000 from FROM=1 on; SEED=n TRACE=1 repeats one and tells all)
	dotnet build tests/Scenarios -c $(CONFIGURATION) -v q --nologo
	@mkdir -p artifacts; set -o pipefail; MODESTANO_MIGRATIONS_SEEDS=$(if $(filter command line,$(origin SEEDS)),$(SEEDS),2000) MODESTANO_MIGRATIONS_FROM=$(FROM) MODESTANO_MIGRATIONS_SEED=$(if $(filter command line,$(origin SEED)),$(SEED)) \
	  MODESTANO_MIGRATIONS_TRACE=$(TRACE) MODESTANO_MIGRATIONS_MISCHIEF=$(MISCHIEF) DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000 \
	  dotnet test tests/Scenarios -c $(CONFIGURATION) --no-build --nologo --filter "Name=Whatever_happens_somebody_serves_and_every_migration_roll_back_and_deletion_ends" \
	  --logger "console;verbosity=normal" | tee artifacts/simulate-migrations.log | grep -vE ' schedules, .* stuck$$'; status=$$?; \
	  grep -E ' schedules, .* stuck$$' artifacts/simulate-migrations.log | tail -n 1; exit $$status

.PHONY: explore
explore: ## the tests with property tests, on draws that no run had before (DRAWS=n repeats a run's)
	MODESTANO_DRAWS=$(or $(DRAWS),$(shell date +%s)); export MODESTANO_DRAWS; echo "DRAWS=$$MODESTANO_DRAWS"; \
	dotnet test tests/Operator.Tests -c $(CONFIGURATION) --nologo -v q && dotnet test tests/Testbed.Tests -c $(CONFIGURATION) --nologo -v q

.PHONY: fuzz
fuzz: ## MANIFESTS (1000) mutated manifests through CRDs and operator, and ANSWERS (10000) mutated answers of servers (SEED=n repeats one of each and tells all)
	dotnet build tests/Scenarios -c $(CONFIGURATION) -v q --nologo
	@mkdir -p artifacts; set -o pipefail; MODESTANO_FUZZ_MANIFESTS=$(or $(MANIFESTS),1000) MODESTANO_FUZZ_ANSWERS=$(or $(ANSWERS),10000) MODESTANO_FUZZ_SEED=$(if $(filter command line,$(origin SEED)),$(SEED)) \
	  DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000 \
	  dotnet test tests/Scenarios -c $(CONFIGURATION) --no-build --nologo --filter "FullyQualifiedName~FuzzScenarios" \
	  --logger "console;verbosity=normal" | tee artifacts/fuzz.log | grep -vE ' exceptions out of a pass$$'; status=$$?; \
	  grep -E ' exceptions out of a pass$$' artifacts/fuzz.log | tail -n 1; exit $$status

.PHONY: checks
checks: build ## what must hold before a commit: format, warnings, generated files
	hack/checks.sh $(CONFIGURATION)

.PHONY: format
format: ## format the code
	dotnet format Modestano.Operator.sln

.PHONY: manifests
manifests: ## write every file that follows from code or another file: CRDs, roles, rules, API reference, chart
	dotnet build src/Operator -c $(CONFIGURATION) -v q --nologo
	hack/manifests.sh $(CONFIGURATION)

.PHONY: install
install: ## install the CRDs into the cluster of the current kubeconfig
	kubectl apply --server-side -f config/crd/bases

.PHONY: uninstall
uninstall: ## remove the CRDs, and with them every object of the three kinds
	kubectl delete --ignore-not-found -f config/crd/bases

.PHONY: run
run: ## run the operator on the current kubeconfig
	dotnet run --project src/Operator -c $(CONFIGURATION) -- run $(ARGS)

.PHONY: image
image: ## build the container image with SBOM and provenance (IMAGE=, VERSION=; PUSH=1 pushes it)
	@mkdir -p artifacts
	docker buildx build --sbom=true --provenance=true --build-arg VERSION=$(VERSION) --build-arg COMMIT=$$(git rev-parse HEAD) \
	  --tag $(IMAGE):$(VERSION) $(if $(filter 1,$(PUSH)),--push,--output type=oci$(comma)dest=artifacts/image.tar) .

.PHONY: plugin
plugin: ## the kubectl plugin as one self-contained file, artifacts/plugin/kubectl-modestano (RID=linux-x64, osx-arm64, win-x64 …)
	dotnet publish src/Cli -c $(CONFIGURATION) -r $(RID) --self-contained -p:PublishSingleFile=true -p:EnableCompressionInSingleFile=true \
	  -p:NuGetLockFilePath=obj/plugin.lock.json -p:IntermediateOutputPath=obj/plugin/ -p:DebugType=none \
	  -o artifacts/plugin -v q --nologo
	rm -f artifacts/plugin/*.pdb artifacts/plugin/*.xml artifacts/plugin/*.json

.PHONY: image-stage
image-stage: ## the image's build stage without a container engine: its program tells the version
	hack/image-stage.sh $(VERSION) $$(git rev-parse HEAD)

.PHONY: sbom
sbom: ## write artifacts/sbom/*.cdx.json: what operator and plugin are made of (CycloneDX)
	hack/sbom.sh $(VERSION)
