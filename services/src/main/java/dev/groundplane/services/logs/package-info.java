/**
 * CloudWatch Logs: groups, streams and events, kept in the platform's database.
 *
 * <p>{@link dev.groundplane.services.logs.Logs} is the way in. Groups are typed resources. Streams and events have tables
 * of their own ({@link dev.groundplane.services.logs.LogSchema}): a stream's counters move with every batch, and one
 * narrow row costs less than a resource with its index entries. Deleting a stream or a group is short whatever it holds;
 * the events go afterwards, in {@link dev.groundplane.services.logs.Sweep}.
 *
 * <p>Not here: who may call (the front door decides), and delivery of logs to other services.
 */
@NullMarked
package dev.groundplane.services.logs;

import org.jspecify.annotations.NullMarked;
