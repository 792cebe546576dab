#!/bin/bash
# Starts Redis as the image redis:7 does: options alone mean redis-server, which runs as redis, and without the protected mode.
set -euo pipefail
case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "${1:-}" = redis-server ] || [ "${1:-}" = redis-sentinel ]; then
    if [ "$(id -u)" = 0 ]; then
        find . ! -user redis -exec chown redis:redis {} +
        exec gosu redis "$0" "$@"
    fi
fi
if [ "${1:-}" = redis-server ]; then
    shift
    file=()
    case ${1:-} in -* | '') ;; *) file=("$1"); shift ;; esac
    set -- redis-server "${file[@]}" --protected-mode no "$@"
fi
exec "$@"
