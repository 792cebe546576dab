#!/bin/bash
# Starts PostgreSQL as the image postgres:15 does: POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS,
# POSTGRES_HOST_AUTH_METHOD, PGDATA, and the files of /docker-entrypoint-initdb.d. Data that is there is served as it is.
set -euo pipefail
case ${1:-} in -*) set -- postgres "$@" ;; esac
[ "${1:-}" = postgres ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres:postgres "$PGDATA" /var/run/postgresql
    exec gosu postgres "$0" "$@"
fi

mkdir -p "$PGDATA"
chmod 700 "$PGDATA" # a volume that a group may write to isn't taken
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
    password=${POSTGRES_PASSWORD:-}
    [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || password=$(cat "$POSTGRES_PASSWORD_FILE")
    method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    [ -n "$password" ] || [ "$method" = trust ] || { echo "Error: Database is uninitialized and superuser password is not specified (POSTGRES_PASSWORD)." >&2; exit 1; }

    # shellcheck disable=SC2086 # several arguments
    initdb --username="$user" --pwfile=<(printf '%s\n' "${password:-none}") --auth-local=trust --auth-host="$method" ${POSTGRES_INITDB_ARGS:-}
    echo "host all all all $method" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait start -o "-c listen_addresses=''"
    run() { psql -v ON_ERROR_STOP=1 --no-password --username "$user" "$@"; }
    [ "$database" = postgres ] || run --dbname postgres -v name="$database" <<< 'CREATE DATABASE :"name";'
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh) POSTGRES_USER=$user POSTGRES_DB=$database bash "$file" ;;
            *.sql) run --dbname "$database" -f "$file" ;;
            *.sql.gz) gunzip -c "$file" | run --dbname "$database" ;;
        esac
    done
    pg_ctl --wait --mode=fast stop
    echo "PostgreSQL init process complete; ready for start up."
fi
exec "$@"
