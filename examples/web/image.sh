#!/bin/sh
# Makes the images of the StatefulSet tutorial under the names that it uses, from Debian packages, and loads them into a running Kennel:
# registry.k8s.io/nginx-slim:0.21 and 0.24, which differ in the version that they tell, and busybox:1.28.
# Usage: image.sh [KENNEL [DATA_DIR]]      (kennel, /var/lib/kennel; archives are kept in $CACHE or /var/cache/kennel)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scripts=$here/../../scripts
. "$scripts/example-image.sh"

old=$(archive nginx-slim-0.21 "$here/nginx.conf") new=$(archive nginx-slim-0.24 "$here/nginx.conf") busybox=$(archive busybox-1.28 "$here/nslookup.sh")
if [ ! -f "$old" ] || [ ! -f "$new" ]; then
    "$scripts/debian-rootfs.sh" "$work/nginx" nginx curl busybox-static
    mkdir -p "$work/nginx/usr/share/nginx/html" "$work/nginx/var/log/nginx" "$work/nginx/var/lib/nginx"
    rm -rf "$work/nginx/usr/share/perl5" "$work/nginx/usr/share/vim"
    for version in 0.21 0.24; do
        sed "s/VERSION/$version/" "$here/nginx.conf" > "$work/nginx/etc/nginx/nginx.conf"
        [ "$version" = 0.21 ] && file=$old || file=$new
        pack "$work/nginx" "$file" --name "registry.k8s.io/nginx-slim:$version" --command nginx
    done
fi
if [ ! -f "$busybox" ]; then
    "$scripts/debian-rootfs.sh" "$work/busybox" busybox-static libc-bin
    rm -f "$work/busybox/bin/nslookup"
    install -m 755 "$here/nslookup.sh" "$work/busybox/bin/nslookup"
    echo 'nslookup() { /bin/nslookup "$@"; }' > "$work/busybox/etc/shellrc" # or the shell would take its own before any file
    pack "$work/busybox" "$busybox" --name busybox:1.28 --command sh --env ENV=/etc/shellrc
fi
load "$old" "$new" "$busybox"
