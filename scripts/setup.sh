#!/bin/sh
# The system packages that Kennel runs pods with; with the word "tests" those of the tests too. Quick where they are there already.
set -eu
[ "$(id -u)" = 0 ] || { echo "make: this needs root: it installs packages, mounts volumes and makes network namespaces (try: sudo make)" >&2; exit 1; }

wanted=""
need() { command -v "$1" >/dev/null 2>&1 || [ -e "${3:-/nonexistent}" ] || wanted="$wanted $2"; }
need containerd containerd
need runc runc
need bridge containernetworking-plugins /usr/lib/cni/bridge
need iptables iptables
need nft nftables
need ip iproute2
need setsid util-linux
need curl curl
need kubectl kubernetes-client
[ -e /usr/lib/x86_64-linux-gnu/libsqlite3.so.0 ] || [ -e /usr/lib/aarch64-linux-gnu/libsqlite3.so.0 ] || wanted="$wanted libsqlite3-0"
if [ "${1:-}" = tests ]; then
    # The clients of others that the tests run against Kennel; the JavaScript one comes from npm where node is.
    need python3-kubernetes python3-kubernetes /usr/lib/python3/dist-packages/kubernetes
    need python3-websocket python3-websocket /usr/lib/python3/dist-packages/websocket
fi
[ -n "$wanted" ] || exit 0

command -v apt-get >/dev/null || { echo "make: please install with your package manager:$wanted" >&2; exit 1; }
echo "installing:$wanted"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of packages
apt-get install -y -qq --no-install-recommends $wanted >/dev/null 2>&1 || {
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends $wanted >/dev/null
}
