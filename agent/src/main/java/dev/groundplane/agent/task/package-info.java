/**
 * The life of a task: what starts when, what stops when, and what is reported. One thread per task decides; each container
 * has a thread that does the blocking work and tells the task's thread what came of it.
 *
 * <pre>
 *                     +------------ started again: policy, or service while the control plane is away -----------+
 *                     v                                                                                          |
 * container:  PENDING --> STARTING --> RUNNING --> ENDING --> ENDED --> FINISHED          ENDING --> WAITING ----+
 *                |            |                      ^          ^          ^                |
 *                |            +-- start failed ------+          |          |                +-- the task stops --> ENDED
 *                +-- the task stops before its turn ------------|----------+
 * </pre>
 *
 * RUNNING is reported when every container has been started, STOPPED when every one is FINISHED, that is, when its hooks
 * are done too (the last log line is delivered). No wall clock decides anything here: how long a container ran is measured
 * by the host's uptime. Concerns beside the order of things are {@linkplain dev.groundplane.agent.task.ContainerHook
 * hooks}, each in a file of its own; whether a container is started again is for {@link
 * dev.groundplane.agent.task.Restart} to say.
 */
@NullMarked
package dev.groundplane.agent.task;

import org.jspecify.annotations.NullMarked;
