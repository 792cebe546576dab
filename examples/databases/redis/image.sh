#!/bin/sh
# Makes redis:7 from Debian packages and loads it into a running Kennel. Usage: image.sh [KENNEL [DATA_DIR]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scripts=$here/../../../scripts
. "$scripts/example-image.sh"

image=$(archive redis-7 "$here/entrypoint.sh")
if [ ! -f "$image" ]; then
    root=$work/redis
    # shellcheck disable=SC2086 # a list of packages
    "$scripts/debian-rootfs.sh" "$root" redis-server redis-sentinel redis-tools $base
    rm -rf "$root"/usr/share/perl* "$root"/usr/lib/*/perl* "$root"/usr/lib/*/libperl*
    account "$root" redis 999 /data
    mkdir "$root/data"
    install -m 755 "$here/entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
    pack "$root" "$image" --name redis:7 --workdir /data --entrypoint docker-entrypoint.sh --command redis-server
fi
load "$image"
