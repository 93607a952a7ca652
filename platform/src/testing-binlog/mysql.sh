#!/usr/bin/env bash
# Makes a directory with a MySQL server in it, for tests: mysql.sh DIRECTORY. Does nothing when it is there.
# Debian has MySQL in its unstable suite alone, whose libraries are not to be mixed with those of this machine. So the packages are
# fetched with lists of their own, and unpacked; DIRECTORY/mysqld runs the server with the libraries beside it, DIRECTORY/data is what a new
# server has. Needs no root.
set -euo pipefail

directory=$1
[ ! -x "$directory/mysqld" ] || exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "mysql.sh: needs Debian's apt-get" >&2; exit 1; }

mkdir -p "$(dirname "$directory")"
exec 9>"$directory.lock"
if command -v flock >/dev/null; then flock 9; fi
[ ! -x "$directory/mysqld" ] || exit 0
made=$(mktemp -d "$directory.XXXXXX")
trap 'rm -rf "$made"' EXIT
chmod 755 "$made"
apt=$made/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
touch "$apt/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m 1 '/debian/*$') ||
    { echo "mysql.sh: apt has no mirror of Debian among its sources" >&2; exit 1; }
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<END
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "";
END
export APT_CONFIG=$apt/apt.conf
apt-get update -qq
apt-get install -qq -y --download-only mysql-server-core
for package in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$package" "$made/root"; done
rm -rf "$apt"
cat >"$made/mysqld" <<'END'
#!/bin/sh
# The server with the libraries beside it.
root=$(dirname "$(readlink -f "$0")")/root/usr
loader=$(ls "$root"/lib*/ld-linux*.so.* "$root"/lib/*/ld-linux*.so.* 2>/dev/null | head -n 1)
libraries=$(dirname "$(ls "$root"/lib/*/libc.so.6)")
exec "$loader" --library-path "$libraries" "$root/sbin/mysqld" "$@" --basedir="$root" --lc-messages-dir="$root/share/mysql"
END
chmod 755 "$made/mysqld"
# Data that each server begins with: to make them takes longer than to copy them.
"$made/mysqld" --no-defaults --initialize-insecure --user="$(id -un)" --datadir="$made/data" --skip-log-bin \
    --innodb-redo-log-capacity=16M --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=OFF 2>"$made/data.log" ||
    { cat "$made/data.log" >&2; exit 1; }
rm "$made/data.log" "$made/data/auto.cnf"
rm -rf "$directory"
mv "$made" "$directory"
trap - EXIT
