#!/bin/sh
# Makes the images of the StatefulSet tutorial under the names that it uses, from Debian packages, and loads them into a running Kennel:
# registry.k8s.io/nginx-slim:0.21 and 0.24, which differ in the version that they tell, and busybox:1.28.
# Usage: image.sh [KENNEL [DATA_DIR]]      (kennel, /var/lib/kennel; archives are kept in $CACHE or /var/cache/kennel)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rootfs=$here/../../scripts/debian-rootfs.sh
kennel=${1:-kennel}
data=${2:-/var/lib/kennel}
cache=${CACHE:-/var/cache/kennel}/images
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Made anew when what they are made by has changed.
made=$(cat "$0" "$here/nginx.conf" "$here/nslookup.sh" "$rootfs" | sha256sum | cut -c 1-12)
mkdir -p "$cache"

# pack FOLDER FILE OPTION...: an archive that appears under its name only when it is whole.
pack() {
    folder=$1 file=$2; shift 2
    "$kennel" image pack "$folder" "$@" --output "$work/archive.tar"
    mv "$work/archive.tar" "$file"
}

if [ ! -f "$cache/nginx-slim-0.24-$made.tar" ]; then
    rm -f "$cache"/nginx-slim-*.tar
    "$rootfs" "$work/nginx" nginx curl busybox-static
    mkdir -p "$work/nginx/usr/share/nginx/html" "$work/nginx/var/log/nginx" "$work/nginx/var/lib/nginx"
    rm -rf "$work/nginx/usr/share/perl5" "$work/nginx/usr/share/vim"
    for version in 0.21 0.24; do
        sed "s/VERSION/$version/" "$here/nginx.conf" > "$work/nginx/etc/nginx/nginx.conf"
        pack "$work/nginx" "$cache/nginx-slim-$version-$made.tar" --name "registry.k8s.io/nginx-slim:$version" --command nginx
    done
fi
if [ ! -f "$cache/busybox-1.28-$made.tar" ]; then
    rm -f "$cache"/busybox-*.tar
    "$rootfs" "$work/busybox" busybox-static libc-bin
    rm -f "$work/busybox/bin/nslookup"
    install -m 755 "$here/nslookup.sh" "$work/busybox/bin/nslookup"
    echo 'nslookup() { /bin/nslookup "$@"; }' > "$work/busybox/etc/shellrc" # or the shell would take its own before any file
    pack "$work/busybox" "$cache/busybox-1.28-$made.tar" --name busybox:1.28 --command sh --env ENV=/etc/shellrc
fi
for archive in nginx-slim-0.21 nginx-slim-0.24 busybox-1.28; do
    "$kennel" image load "$cache/$archive-$made.tar" --data-dir "$data"
done
