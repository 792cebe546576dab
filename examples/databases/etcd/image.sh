#!/bin/sh
# Makes quay.io/coreos/etcd:v3.4.23 from Debian packages and loads it into a running Kennel. Usage: image.sh [KENNEL [DATA_DIR]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scripts=$here/../../../scripts
. "$scripts/example-image.sh"

image=$(archive etcd-3.4.23)
if [ ! -f "$image" ]; then
    root=$work/etcd
    "$scripts/debian-rootfs.sh" "$root" etcd-server etcd-client busybox-static
    rm -rf "$root"/usr/share/perl* "$root"/usr/lib/*/perl* "$root"/usr/lib/*/libperl*
    ln -s ../../bin/etcd ../../bin/etcdctl "$root/usr/local/bin/"
    mkdir -p "$root/var/etcd" "$root/var/lib/etcd"
    pack "$root" "$image" --name quay.io/coreos/etcd:v3.4.23 --command /usr/local/bin/etcd
fi
load "$image"
