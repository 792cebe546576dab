# Kennel: what to type. `make demo` runs the main job on a fresh machine; `make test` everything that must hold.
ARCH := $(shell uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
DATA ?= /var/lib/kennel
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1

.PHONY: build demo test sim bench down clean setup
.DEFAULT_GOAL := build

build: artifacts/kennel

SOURCES := $(shell find src tools Directory.Build.props Directory.Packages.props -type f -not -path '*/obj/*' -not -path '*/bin/*' 2>/dev/null)

artifacts/kennel: $(SOURCES)
	@scripts/need-dotnet.sh
	dotnet publish src/Kennel.Cli -c Release -r linux-$(ARCH) --self-contained -o artifacts/publish -v quiet --nologo \
	  -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:IncludeNativeLibrariesForSelfExtract=true -p:DebugType=none -p:UseSharedCompilation=false
	@mv -f artifacts/publish/kennel artifacts/kennel
	@touch artifacts/kennel
	@ls -lh artifacts/kennel | awk '{ print "built " $$9 ", " $$5 }'

# System packages: containerd, runc, CNI plugins, nftables, kubectl.
setup:
	@scripts/setup.sh

demo: setup build
	@scripts/demo.sh $(DATA)

test: build
	@scripts/setup.sh tests
	@scripts/test.sh

# A whole cluster in virtual time, with faults: `make sim SEEDS=1000`, from seed FROM; `make sim SEED=123` replays one and tells what happened.
sim:
	@scripts/need-dotnet.sh
	@dotnet build tests/Kennel.Simulation -c Release -p:Quick=true -v quiet --nologo
	@dotnet tests/Kennel.Simulation/bin/Release/net10.0/Kennel.Simulation.dll $(if $(SEED),--seed $(SEED) --trace,--seeds $(or $(SEEDS),1000) --from $(or $(FROM),1))

bench: setup build
	@scripts/bench.sh

# Stops the demo's Kennel and its pods; volumes and objects stay for the next `make demo`.
down:
	@if [ -x artifacts/kennel ]; then artifacts/kennel down --data-dir $(DATA); fi

# Removes every trace of the demo from the machine, its volumes too; system packages stay.
clean:
	@if [ -x artifacts/kennel ]; then artifacts/kennel down --data-dir $(DATA) --purge; fi
	@rm -rf /var/lib/kennel-visits /data/location /var/cache/kennel artifacts
	@find src tests tools bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} + 2>/dev/null || true
