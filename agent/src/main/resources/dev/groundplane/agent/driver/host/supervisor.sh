#!/bin/sh
# Runs the command of one container and records how it ended. It outlives the agent and needs nothing but a POSIX shell.
#
#   supervisor.sh supervise CONTAINER-DIRECTORY namespaces|plain
#
# Standard output goes to the agent, if there still is one: "claimed", "started" or "failed".
set -u
umask 077
stage=$1
directory=$2

# The process ids in these files are the host's: descriptor 4 is the host's /proc, also inside the namespaces.
launch() {
    read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ ticks _ </proc/self/fd/4/self/stat
    echo "$pid $ticks" >"$directory/pid"
    become=
    . "$directory/setup" || { echo failed >&3; exit 125; }
    # The agent makes this file before it looks for a process to signal, so one of the two sees the other.
    [ ! -e "$directory/stop" ] || exit 143
    # The rest runs with the command's own rights; it says "started" or "failed" itself.
    exec setsid $become /bin/sh -s <"$directory/command" 4>&-
}

if [ "$stage" = launch ]; then
    # In the foreground: a shell's background jobs ignore SIGINT and SIGQUIT, which the command would inherit.
    (launch)
    status=$?
    exit "$status"
fi

set -C
read -r self _ </proc/self/stat
{ echo "$self" >"$directory/claim"; } 2>/dev/null || { echo claimed; exit 0; }
set +C
exec 3>&1 4</proc >>"$directory/log" 2>&1
if [ "$3" = namespaces ]; then
    unshare --pid --fork --mount --mount-proc --kill-child=KILL /bin/sh "$0" launch "$directory"
    status=$?
else
    (launch)
    status=$?
    # No namespace takes what the command left behind in its process group with it.
    read -r pid _ <"$directory/pid" && kill -KILL -- "-$pid" 2>/dev/null
fi
echo "$status" >"$directory/exit.tmp"
mv "$directory/exit.tmp" "$directory/exit"
