#!/bin/sh
# Ends when the nodes of a job are there. Slurm starts a batch job when this ends; else it would look only every half minute.
# It ends well in any case: a job whose nodes do not come is requeued when ResumeTimeout is over.
looks=0
while [ $looks -lt 18000 ]; do
    sinfo -hN -n "$SLURM_JOB_NODELIST" -o %t | grep -q '[#~%]' || exit 0
    squeue -h -o '%A %T' | grep -q "^$SLURM_JOB_ID CONFIGURING" || exit 0
    sleep 0.1
    looks=$((looks + 1))
done
