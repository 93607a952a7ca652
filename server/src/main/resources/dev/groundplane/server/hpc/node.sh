#!/bin/sh
# Runs one node of a Slurm cluster until it is told to end: with a host name, network, processes, /tmp and /run of its own, and
# with slurmctld in it if it is the head node, else slurmd.
#
#   node.sh DIRECTORY NAME
#
# It runs as root in mount and process namespaces that are its own. DIRECTORY is the cluster's on this host:
#   id                 names the cluster on this host, in at most eight characters
#   nodes              a line for each node: its name, its address, and its number
#   permanent          the names of those that are there always, a line each
#   hosts passwd group what the nodes know beyond the host's
#   munge.key          opens the cluster
#   slurm/             /etc/slurm of all nodes
#   home/              /home of all nodes
#   state/             what slurmctld remembers
#   power              a pipe: who writes to it has the head node report how the nodes are
#   switch             a pipe: which of the host's interfaces is a node's, to be connected with the others
#   local/NAME/        what is one node's
set -u
directory=$1
name=$2
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
local=$directory/local/$name

fail() {
    echo "$1" >&2
    exit 1
}

while read -r known address number; do
    [ "$known" != "$name" ] || break
done <"$directory/nodes"
[ "$known" = "$name" ] || fail "$directory/nodes has no node $name"

# --- in the host's network -------------------------------------------------------------------------------------------------

# The bridge of the cluster is in a namespace of its own, too, so that a host may have any number of clusters with the same
# addresses, and nothing is left of one that ends, however it ends.
make_switch() {
    mkfifo "$local/run/switched" || exit 1
    unshare --net /bin/sh -c 'ip link add bridge type bridge && ip link set bridge up && echo made >"$1" && exec sleep infinity' \
        sh "$local/run/switched" &
    switch=$!
    read -r _ <"$local/run/switched" || fail 'there is no bridge: iproute2 and the rights of root are needed'
    while :; do
        # Opened for writing also, so that it does not end when no node has it open.
        while read -r interface; do
            ip link set "$interface" netns $switch && nsenter -t $switch --net ip link set "$interface" master bridge up
        done <>"$directory/switch"
    done &
}

# Connects the node with the switch, as often as the switch has gone.
link() {
    id=$(cat "$directory/id") || exit 1
    interface=v${id}n$number
    while kill -0 $inside 2>/dev/null; do
        if ! $enter ip link show eth0 >/dev/null 2>&1; then
            ip link del "$interface" 2>/dev/null
            ip link add "$interface" type veth peer name eth0 netns $inside || sleep 1
            echo "$interface" >"$directory/switch"
            $enter ip addr add "$address/16" dev eth0
            $enter ip link set eth0 up
            echo linked >"$local/run/linked"
        fi
        # In the background, so that nothing waits for it once it is not read any more; bounded, for what may have
        # happened before it listens.
        { $enter timeout 60 ip -oneline monitor link & } |
            while read -r line; do
                case $line in *Deleted*eth0*) break ;; esac
            done
    done
}

outside() {
    mkdir -p "$local/tmp" || exit 1
    # The task before this one may still be ending; all of its processes keep the lock, too.
    exec 8>>"$local/lock"
    flock 8 || fail 'flock of util-linux is needed to have one node of a name at a time'
    rm -rf "$local/run"
    mkdir "$local/run" || exit 1
    [ -p "$directory/switch" ] || mkfifo "$directory/switch" 2>/dev/null
    [ -p "$directory/power" ] || mkfifo "$directory/power" 2>/dev/null
    mkfifo "$local/run/made" "$local/run/linked" || exit 1
    unshare --net --uts --ipc --mount /bin/sh "$0" "$directory" "$name" inside &
    inside=$!
    enter="nsenter -t $inside --net --"
    read -r _ <"$local/run/made" || fail "$name got no namespaces of its own"
    [ "$name" != head ] || make_switch
    link 9<>"$local/run/linked" &
    if [ "$name" = head ]; then
        /bin/sh "$directory/report.sh" "$directory" $inside &
    fi
    trap 'kill -TERM $inside 2>/dev/null' TERM
    while kill -0 $inside 2>/dev/null; do
        wait $inside
        status=$?
    done
    exit $status
}

# --- in the node's own -----------------------------------------------------------------------------------------------------

surround() {
    hostname "$name"
    ip link set lo up
    chmod 1777 "$local/tmp"
    # The cluster's first: the host may have a user of the same name.
    cat "$directory/passwd" /etc/passwd >"$local/run/passwd"
    cat "$directory/group" /etc/group >"$local/run/group"
    printf 'hosts: files\npasswd: files\ngroup: files\nshadow: files\n' >"$local/run/nsswitch.conf"
    mount --make-rprivate / || exit 1
    for file in passwd group nsswitch.conf; do
        mount --bind "$local/run/$file" /etc/$file || exit 1
    done
    mount --bind "$directory/hosts" /etc/hosts || exit 1
    mount --bind "$directory/slurm" /etc/slurm || exit 1
    mount -t tmpfs -o mode=755 run /run || exit 1
    mkdir -p /run/cluster /run/munge /run/slurm /run/lock
    mount --bind "$directory" /run/cluster || exit 1
    mount --bind /run/cluster/home /home || exit 1
    mount -t tmpfs -o mode=1777 shm /dev/shm || exit 1
    # The last one: the directory may lie below it.
    mount --bind "/run/cluster/local/$name/tmp" /tmp || exit 1
    munged --force --key-file=/run/cluster/munge.key --log-file=/run/munge/munged.log --seed-file=/run/munge/seed \
        --pid-file=/run/munge/munged.pid || fail "munged does not start: $(tail -n 3 /run/munge/munged.log)"
}

# Runs a daemon, and again when it was killed: jobs outlive it.
keep() {
    ended=0
    daemon=0
    trap 'ended=1; kill -TERM $daemon 2>/dev/null' TERM
    while [ $ended = 0 ]; do
        "$@" &
        daemon=$!
        while kill -0 $daemon 2>/dev/null; do
            wait $daemon
            status=$?
        done
        # One that was told to end, or cannot run, ends the node; it says itself why.
        [ $status -gt 128 ] || exit $status
        [ $# -lt 3 ] || set -- "$1" "$2"
    done
}

inside() {
    cd /
    echo made >"$local/run/made"
    read -r _ <"$local/run/linked" || exit 1
    surround
    if [ "$name" = head ]; then
        keep slurmctld -D
    else
        # It has booted: what it ran before is gone. Only the first time, for jobs outlive slurmd.
        keep slurmd -D -b
    fi
    exit 0
}

if [ "${3:-}" = inside ]; then inside; else outside; fi
