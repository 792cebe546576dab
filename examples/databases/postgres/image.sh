#!/bin/sh
# Makes postgres:15 from Debian packages and loads it into a running Kennel. Usage: image.sh [KENNEL [DATA_DIR]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scripts=$here/../../../scripts
. "$scripts/example-image.sh"

image=$(archive postgres-15 "$here/entrypoint.sh")
if [ ! -f "$image" ]; then
    root=$work/postgres
    # shellcheck disable=SC2086 # a list of packages
    "$scripts/debian-rootfs.sh" "$root" postgresql-15 $base
    # Perl is for Debian's own tools, LLVM for compiling queries: without it they are interpreted.
    rm -rf "$root"/usr/share/perl* "$root"/usr/lib/*/perl* "$root"/usr/lib/*/libLLVM* "$root"/usr/lib/*/libz3* "$root/usr/lib/postgresql/15/lib/bitcode" \
        "$root/usr/lib/postgresql/15/lib/llvmjit.so" "$root/usr/share/i18n" "$root/usr/share/postgresql-common"
    sed -i "s/^#listen_addresses = 'localhost'/listen_addresses = '*'/" "$root/usr/share/postgresql/15/postgresql.conf.sample"
    account "$root" postgres 999 /var/lib/postgresql
    mkdir -p "$root/docker-entrypoint-initdb.d"
    install -d -m 1777 "$root/var/lib/postgresql/data" "$root/var/run/postgresql"
    install -m 755 "$here/entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
    pack "$root" "$image" --name postgres:15 --entrypoint docker-entrypoint.sh --command postgres --stop-signal SIGINT \
        --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin --env LANG=C.UTF-8 --env PGDATA=/var/lib/postgresql/data
fi
load "$image"
