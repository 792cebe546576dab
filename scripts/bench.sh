#!/bin/sh
# Measures: the load generator against a Kennel with simulated nodes, on this machine. Writes bench/results/latest.txt.
# The same generator drives any Kubernetes by --kubeconfig: see bench/README.md.
set -eu
cd "$(dirname "$0")/.."
kennel=$PWD/artifacts/kennel
data=$(mktemp -d)
port=${PORT:-17443}
out=bench/results/latest.txt
mkdir -p bench/results
dotnet build bench/Kennel.Load -c Release -v quiet --nologo >/dev/null
load() { dotnet bench/Kennel.Load/bin/Release/net10.0/kennel-load.dll "$@" --kubeconfig "$data/kubeconfig"; }

up() {
    "$kennel" up --data-dir "$data" --listen "127.0.0.1:$port" --runtime simulated --simulated-nodes "$1" > "$data/up.log" 2>&1 &
    pid=$!
    until grep -q '^Kennel is ready' "$data/up.log"; do kill -0 $pid || { cat "$data/up.log"; exit 1; }; sleep 0.05; done
}
down() { kill $pid 2>/dev/null; wait $pid 2>/dev/null || true; rm -rf "$data"; }
trap down EXIT
up 3

{
    echo "# $(uname -sr), $(nproc) cores, $(date -u +%F), $(git rev-parse --short HEAD 2>/dev/null || true)"
    sed 's/, export.*//; s/: https.*//' "$data/up.log"
    echo "idle: $(awk '/VmRSS/ { printf "%d MB", $2 / 1024 }' /proc/$pid/status) resident"
    for scenario in "sts-ordered --replicas 100" "rolling --replicas 100" "replace" "sts-parallel --replicas 1000" "creates" "gets" "list" "fanout"; do
        # shellcheck disable=SC2086 # a scenario and its size
        load $scenario 2>&1 | grep -v '^{' || true
    done
    echo "after: $(awk '/VmRSS/ { printf "%d MB", $2 / 1024 }' /proc/$pid/status) resident"
    # 50 000 pods, on nodes enough for them, in a cluster of their own.
    down
    data=$(mktemp -d)
    up 50
    load sets --sets 10000 --pid "$pid" --patience 600 2>&1 | grep -v '^{' || true
    echo "with them: $(awk '/VmRSS/ { printf "%d MB", $2 / 1024 }' /proc/$pid/status) resident"
} > "$out.part"
mv "$out.part" "$out"
cat "$out"

# The parts in isolation, with allocations.
dotnet build bench/Kennel.Micro -c Release -v quiet --nologo >/dev/null
{ head -n 1 "$out"; echo; dotnet bench/Kennel.Micro/bin/Release/net10.0/kennel-micro.dll --filter '*' | grep '^|'; } | tee bench/results/micro.txt
