# What the image.sh of the examples have in common. Sourced with the folder of this file in $scripts and the arguments [KENNEL [DATA_DIR]].
# Sets $kennel, $data, $base (packages), and $work, a folder that is gone afterwards. Archives are kept in $CACHE or /var/cache/kennel.
kennel=${1:-kennel}
data=${2:-/var/lib/kennel}
images=${CACHE:-/var/cache/kennel}/images
base="bash coreutils findutils grep gzip hostname sed util-linux gosu busybox-static" # what images from Debian have and scripts in manifests use
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$images"

# archive NAME FILE...: where the image's archive is kept. Another path when what the FILEs say has changed, and the old one is gone then.
archive() {
    name=$1; shift
    kept=$images/$name-$(cat "$0" "$scripts/example-image.sh" "$scripts/debian-rootfs.sh" "$@" | sha256sum | cut -c 1-12).tar
    [ -f "$kept" ] || rm -f "$images/$name-"????????????.tar
    echo "$kept"
}

# pack FOLDER ARCHIVE OPTION...: the archive appears under its name only when it is whole.
pack() {
    folder=$1 file=$2; shift 2
    "$kennel" image pack "$folder" "$@" --output "$work/archive.tar"
    mv "$work/archive.tar" "$file"
}

load() {
    for file in "$@"; do "$kennel" image load "$file" --data-dir "$data"; done
}

# account FOLDER NAME ID HOME: a user and a group, which the packages' scripts would have made.
account() {
    echo "$2:x:$3:$3::$4:/bin/sh" >> "$1/etc/passwd"
    echo "$2:x:$3:" >> "$1/etc/group"
}
