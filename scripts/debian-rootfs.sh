#!/bin/sh
# Unpacks Debian packages, with everything they depend on, into a folder: the root file system of an image, without a registry.
# Usage: debian-rootfs.sh FOLDER PACKAGE...      (FOLDER must not exist yet; packages are kept in $CACHE or /var/cache/kennel)
set -eu
[ $# -ge 2 ] || { echo "usage: $0 FOLDER PACKAGE..." >&2; exit 2; }
command -v apt-get >/dev/null || { echo "$0: this needs apt-get (Debian or one of its relatives)" >&2; exit 1; }

root=$1; shift
[ ! -e "$root" ] || { echo "$0: $root is there already" >&2; exit 1; }
cache=${CACHE:-/var/cache/kennel}/debian
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# apt resolves from an empty status file, so the answer is complete and independent of what this machine has installed.
mkdir -p "$cache/partial"
exec 9> "$cache/lock"
flock 9 # one at a time: apt's own lock isn't used, so that this needs nothing else of the machine's apt
: > "$work/status"
apt() { apt-get -o "Dir::State::status=$work/status" -o "Dir::Cache::archives=$cache" -o APT::Install-Recommends=0 -o Debug::NoLocking=1 -qq -y "$@"; }
if ! apt --download-only install "$@" > /dev/null 2> "$work/errors"; then
    apt-get update -qq
    apt --download-only install "$@" > /dev/null
fi

# Debian's merged /usr: /bin, /lib and so on are links.
for folder in bin sbin lib lib64; do
    mkdir -p "$root/usr/$folder"
    ln -s "usr/$folder" "$root/$folder"
done
mkdir -p "$root/etc" "$root/proc" "$root/sys" "$root/dev" "$root/root" "$root/run" "$root/var" "$root/usr/local/bin"
mkdir -m 1777 -p "$root/tmp" "$root/var/tmp"

apt -o "Dir::Cache::archives=$work/none" -s install "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1 \2/p' > "$work/chosen"
[ -s "$work/chosen" ] || { echo "$0: apt resolved no packages for: $*" >&2; exit 1; }
while read -r name version; do
    file=$(ls "$cache/${name}_$(printf %s "$version" | sed 's/:/%3a/')_"*.deb 2>/dev/null | head -n 1)
    [ -n "$file" ] || { echo "$0: $name $version wasn't downloaded" >&2; exit 1; }
    dpkg-deb --fsys-tarfile "$file" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
        --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' --exclude='./usr/share/lintian/*'
done < "$work/chosen"

# A shell and the small tools, where busybox is among the packages.
if [ -x "$root/bin/busybox" ]; then
    for tool in $("$root/bin/busybox" --list); do
        [ -e "$root/bin/$tool" ] || [ -e "$root/sbin/$tool" ] || ln -s busybox "$root/bin/$tool"
    done
fi
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n' > "$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$root/etc/group"
