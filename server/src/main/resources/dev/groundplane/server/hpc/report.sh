#!/bin/sh
# Tells the control plane how Slurm's nodes are, and does what it answers.
#
#   report.sh DIRECTORY PROCESS
#
# DIRECTORY is the cluster's, PROCESS one in the head node's namespaces. The answer has a line for each thing to do:
#   partitions up|inactive     whether jobs may begin
#   down NODE REASON           there cannot be such a node now
set -u
directory=$1
enter="nsenter -t $2 --net --mount --uts --"
states=$directory/local/head/run/states
answer=$directory/local/head/run/answer
partitions=''

# Nodes that are there always come up when the cluster does, and again when they have failed. A node that Slurm has drained, because
# it could not start a job there, is tried again: nobody else would.
mend() {
    while read -r node state; do
        case $state in
            *'~') ! grep -qxF "$node" "$directory/permanent" || $enter scontrol update nodename="$node" state=power_up ;;
            drain) $enter scontrol update nodename="$node" state=resume ;;
        esac
    done <"$states"
}

obey() {
    while read -r what subject reason; do
        case $what in
            partitions)
                if [ "$subject" != "$partitions" ]; then
                    for partition in $($enter sinfo -h -o %R); do
                        $enter scontrol update partitionname="$partition" state="$subject" || return
                    done
                    partitions=$subject
                fi
                ;;
            down)
                $enter scontrol update nodename="$subject" state=down reason="$reason"
                ;;
        esac
    done <"$answer"
}

exec 3<>"$directory/power"
while kill -0 "$2" 2>/dev/null; do
    pause=1
    if $enter sinfo -hN -o '%N %t' >"$states" 2>/dev/null && [ -s "$states" ]; then
        [ "$partitions" = inactive ] || mend
        if curl --silent --show-error --fail --max-time 30 --config "$directory/call" --upload-file "$states" --output "$answer"; then
            obey
            # Nothing tells when a node that comes is there, or whether one that does not answer will.
            grep -q '[#*%!]$\| unk\| drain$\| drng$' "$states" || pause=60
        fi
    else
        pause=0.2
    fi
    timeout $pause dd bs=4096 count=1 <&3 >/dev/null 2>&1
done
