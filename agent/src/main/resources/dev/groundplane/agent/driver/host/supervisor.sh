#!/bin/sh
# Runs the commands of containers, one after the other, and records how each ended. It outlives the agent and needs
# nothing but a POSIX shell.
#
#   setsid /bin/sh supervisor.sh
#
# Standard input brings a line for each container, a number and its directory; without an agent it is at its end.
# Standard output goes to the agent, if there still is one: the number and "claimed", "started" or "ended".
set -u
umask 077
read -r self _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ ticks _ </proc/self/stat

launch() {
    exec 3>&1 4</proc 5<"$directory/status" 6>>"$directory/status" </dev/null >>"$directory/log" 2>&1
    # Becomes the command, which says "started" itself.
    . "$directory/launch"
}

while read -r number directory; do
    # Two steps: whoever finds the file knows that the container is claimed, even before it says by whom.
    set -C
    { true >"$directory/status"; } 2>/dev/null
    taken=$?
    set +C
    if [ $taken -ne 0 ]; then
        if [ -e "$directory/status" ]; then echo "$number claimed"; else echo "$number ended"; fi
        continue
    fi
    if ! { echo "supervisor $self $ticks" >>"$directory/status"; } 2>/dev/null; then
        rm -f "$directory/status" # a full disk did not take it, so nobody has claimed the container
        echo "$number ended"
        continue
    fi
    # In the foreground: a shell's background jobs ignore SIGINT and SIGQUIT, which the command would inherit.
    (launch)
    status=$?
    while read -r what pid _ isolation; do
        # No namespace takes what such a command left behind in its process group with it.
        [ "$what $isolation" != 'command plain' ] || kill -KILL -- "-$pid" 2>/dev/null
    done <"$directory/status"
    echo "exit $status" >>"$directory/status"
    echo "$number ended"
done
