#!/bin/sh
# Runs one PostgreSQL server until it is told to end, as a user that has nothing else: PostgreSQL refuses root.
#
#   postgres.sh BINARIES DIRECTORY SERVER
#
# BINARIES has bin/postgres and bin/initdb. DIRECTORY has postgresql.conf, pg_hba.conf and administrator.verifier; the databases
# are made in its data. SERVER says in the server itself which one it is.
set -u
binaries=$1
directory=$2
server=$3
user=groundplane-postgres
become=''

fail() {
    echo "$1" >&2
    exit 1
}

if [ "$(id -u)" = 0 ]; then
    # Another server may make the user at the same moment, so what counts is whether it is there now.
    id -u $user >/dev/null 2>&1 || reason=$(useradd --system --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin $user 2>&1)
    id -u $user >/dev/null 2>&1 || fail "there is no system user $user, and useradd could not make it: ${reason:-}"
    become="setpriv --reuid=$user --regid=$user --clear-groups --no-new-privs"
    $become test -O "$directory" || chown -R $user:$user "$directory" || fail "$directory cannot be given to user $user"
    $become test -x "$binaries/bin/postgres" -a -x "$directory" ||
        fail "user $user cannot enter $directory or $binaries: let others pass (chmod o+x) through the directories above"
fi

# A server before this one may still be ending; its children keep the lock, too.
exec 9>>"$directory/lock"
flock 9 || fail "flock of util-linux is needed to run one server at a time"

if [ ! -d "$directory/data" ]; then
    # What an initdb left that was killed is of no use.
    rm -rf "$directory/data.new"
    $become "$binaries/bin/initdb" --pgdata "$directory/data.new" --username rdsadmin \
        --pwfile "$directory/administrator.verifier" --auth scram-sha-256 --encoding UTF8 --data-checksums \
        --locale C --locale-provider icu --icu-locale en-US >&2 || fail "initdb could not make the databases"
    $become cp "$directory/administrator.verifier" "$directory/data.new/" || exit 1
    mv "$directory/data.new" "$directory/data" || exit 1
fi

# What was restored has the superuser's password of the server that it is a copy of.
if ! cmp -s "$directory/administrator.verifier" "$directory/data/administrator.verifier"; then
    printf "ALTER ROLE rdsadmin PASSWORD '%s'\n" "$(cat "$directory/administrator.verifier")" |
        $become "$binaries/bin/postgres" --single -D "$directory/data" -c config_file="$directory/postgresql.conf" \
            -c hba_file="$directory/pg_hba.conf" postgres >&2 || fail "the superuser's password could not be changed"
    $become cp "$directory/administrator.verifier" "$directory/data/" || exit 1
fi

running=1
$become "$binaries/bin/postgres" -D "$directory/data" -c config_file="$directory/postgresql.conf" \
    -c hba_file="$directory/pg_hba.conf" -c groundplane.server="$server" &
postgres=$!
# SIGTERM would have PostgreSQL wait until every client goes by itself.
trap 'kill -INT $postgres' TERM
while [ $running = 1 ]; do
    wait $postgres
    status=$?
    kill -0 $postgres 2>/dev/null || running=0
done
exit $status
