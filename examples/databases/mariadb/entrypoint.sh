#!/bin/bash
# Starts MariaDB as the image mariadb:10.11 does: MARIADB_ or MYSQL_ ROOT_PASSWORD, ALLOW_EMPTY_ROOT_PASSWORD (MYSQL_ALLOW_EMPTY_PASSWORD), ROOT_HOST,
# DATABASE, USER, PASSWORD, and the files of /docker-entrypoint-initdb.d. Data that is there is served as it is.
set -euo pipefail
case ${1:-} in -*) set -- mariadbd "$@" ;; esac
case ${1:-} in mariadbd | mysqld) ;; *) exec "$@" ;; esac

data=/var/lib/mysql
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$data" /run/mysqld
    find "$data" /run/mysqld ! -user mysql -exec chown mysql:mysql {} +
    exec gosu mysql "$0" "$@"
fi

given() { local first=MARIADB_$1 second=MYSQL_$1; printf %s "${!first:-${!second:-}}"; }
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/[\\\\']/\\\\&/g")"; }

if [ ! -d "$data/mysql" ]; then
    password=$(given ROOT_PASSWORD)
    [ -n "$password$(given ALLOW_EMPTY_ROOT_PASSWORD)${MYSQL_ALLOW_EMPTY_PASSWORD:-}" ] ||
        { echo "Database is uninitialized and password option is not specified (MARIADB_ROOT_PASSWORD, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD)." >&2; exit 1; }
    mariadb-install-db --datadir="$data" --skip-test-db --auth-root-authentication-method=normal --cross-bootstrap > /dev/null
    host=$(given ROOT_HOST) database=$(given DATABASE) user=$(given USER)
    {
        echo "FLUSH PRIVILEGES;"
        echo "ALTER USER root@localhost IDENTIFIED BY $(quoted "$password");"
        echo "CREATE USER IF NOT EXISTS root@$(quoted "${host:-%}") IDENTIFIED BY $(quoted "$password");"
        echo "GRANT ALL ON *.* TO root@$(quoted "${host:-%}") WITH GRANT OPTION;"
        [ -z "$database" ] || echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"
        [ -z "$user" ] || echo "CREATE USER $(quoted "$user")@'%' IDENTIFIED BY $(quoted "$(given PASSWORD)");"
        [ -z "$user" ] || [ -z "$database" ] || echo "GRANT ALL ON \`$database\`.* TO $(quoted "$user")@'%';"
    } > /tmp/init.sql
    mariadbd --datadir="$data" --skip-networking --skip-log-bin --skip-slave-start --init-file=/tmp/init.sql &
    client() { mariadb --protocol=socket -uroot --password="$password" "$@"; }
    until client -e 'SELECT 1' > /dev/null 2>&1; do
        kill -0 %1 || { echo "MariaDB didn't start" >&2; exit 1; }
        sleep 0.1
    done
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh) bash "$file" ;;
            *.sql) client ${database:+"$database"} < "$file" ;;
            *.sql.gz) gunzip -c "$file" | client ${database:+"$database"} ;;
        esac
    done
    kill %1
    wait %1 || true
    rm -f /tmp/init.sql
    echo "MariaDB init process done. Ready for start up."
fi
exec "$@"
