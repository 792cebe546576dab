#!/bin/sh
# nslookup as busybox 1.28 had it: it asked the C library, which tries the search list of /etc/resolv.conf. Debian's busybox asks for the
# bare name only.
[ $# -gt 0 ] || { echo "usage: nslookup NAME" >&2; exit 1; }
server=$(sed -n 's/^nameserver //p' /etc/resolv.conf | head -n 1)
echo "Server:    $server"
echo "Address 1: $server"
echo
addresses=$(getent ahostsv4 "$1" | sed -n 's/ *STREAM.*//p')
[ -n "$addresses" ] || { echo "nslookup: can't resolve '$1'"; exit 1; }
echo "Name:      $1"
number=0
for address in $addresses; do
    number=$((number + 1))
    echo "Address $number: $address $(getent hosts "$address" | awk '{ print $2 }')"
done
