#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a PostgreSQL server that may be written to:
# the one that DATABASE_URL names already, one that answers on 127.0.0.1:5432, or one of our own,
# started in a temporary folder (installed by apt-get where there is none) and stopped afterwards.
# OWN_SERVER=yes: one of our own in any case, in TMPDIR.
set -euo pipefail

if [[ -n ${DATABASE_URL:-} ]]; then
  exec "$@"
fi

answers() { # answers USER: whether a server on this machine lets USER create databases
  [[ -z ${OWN_SERVER:-} ]] && command -v psql > /dev/null &&
    [[ $(psql -h 127.0.0.1 -U "$1" -d postgres -w -Atc \
      'select rolcreatedb or rolsuper from pg_roles where rolname = current_user' 2> /dev/null) == t ]]
}

for user in "$(id -un)" postgres; do
  if answers "$user"; then
    # A database of this run's own: two runs on one machine would empty each other's.
    name="registry_tests_$$"
    as_user=(psql -h 127.0.0.1 -U "$user" -d postgres -w -qc)
    drop() { "${as_user[@]}" "drop database if exists $name with (force)"; }
    trap drop EXIT
    "${as_user[@]}" "create database $name"
    export DATABASE_URL="postgres://$user@127.0.0.1:5432/$name"
    echo "PostgreSQL: the server on 127.0.0.1:5432, as $user, database $name"
    "$@"
    exit
  fi
done

find_binaries() { ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1; }
if [[ -z $(find_binaries) ]]; then
  echo "PostgreSQL: installing it"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql > /dev/null
fi
binaries=$(find_binaries)
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_server=() # the server refuses to run as root
if [[ $(id -u) == 0 ]]; then
  chown nobody "$folder"
  as_server=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
stop() {
  "${as_server[@]}" "$binaries/pg_ctl" -D "$folder/data" -m fast -s stop || true
  rm -rf "$folder"
}
trap stop EXIT
cd "$folder"
"${as_server[@]}" "$binaries/initdb" -D "$folder/data" -U registry -A trust --no-sync > /dev/null
"${as_server[@]}" "$binaries/pg_ctl" -D "$folder/data" -s -w -l "$folder/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off" start
cd - > /dev/null
export DATABASE_URL="postgres://registry@127.0.0.1:$port/postgres"
echo "PostgreSQL: one of our own on port $port"
"$@"
