#!/bin/sh
# Makes the example's image from Debian packages and loads it into a running Kennel; no Docker, no registry.
# Usage: image.sh [KENNEL [DATA_DIR [NAME...]]]      (kennel, /var/lib/kennel, kennel/visits:1)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kennel=${1:-kennel}; [ $# -eq 0 ] || shift
data=${1:-/var/lib/kennel}; [ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- kennel/visits:1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$here/../../scripts/debian-rootfs.sh" "$work/root" nodejs busybox-static
mkdir -p "$work/root/app/data" "$work/root/app/node_modules"
cp "$here/app.js" "$here/package.json" "$here/Dockerfile" "$work/root/app/"
names=""
for name in "$@"; do names="$names --name $name"; done
# shellcheck disable=SC2086 # one option a name
"$kennel" image pack "$work/root" $names --workdir /app --command node --command app.js --output "$work/visits.tar"
"$kennel" image load "$work/visits.tar" --data-dir "$data"
