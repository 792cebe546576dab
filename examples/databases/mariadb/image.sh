#!/bin/sh
# Makes mariadb:10.11 from Debian packages and loads it into a running Kennel. Usage: image.sh [KENNEL [DATA_DIR]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scripts=$here/../../../scripts
. "$scripts/example-image.sh"

image=$(archive mariadb-10.11 "$here/entrypoint.sh")
if [ ! -f "$image" ]; then
    root=$work/mariadb
    # shellcheck disable=SC2086 # a list of packages
    "$scripts/debian-rootfs.sh" "$root" mariadb-server-core mariadb-client mariadb-backup socat $base
    rm -rf "$root"/usr/share/perl* "$root"/usr/lib/*/perl* "$root"/usr/lib/*/libperl*
    account "$root" mysql 999 /var/lib/mysql
    mkdir -p "$root/docker-entrypoint-initdb.d" "$root/etc/mysql/conf.d"
    printf '[mysqld]\nskip-name-resolve\n!includedir /etc/mysql/conf.d/\n' > "$root/etc/mysql/my.cnf"
    rm -f "$root/etc/my.cnf"
    install -d -m 1777 "$root/var/lib/mysql" "$root/run/mysqld"
    ln -sf ../run "$root/var/run"
    install -m 755 "$here/entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
    pack "$root" "$image" --name mariadb:10.11 --entrypoint docker-entrypoint.sh --command mariadbd
fi
load "$image"
