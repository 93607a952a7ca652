/**
 * Brings what containers write to CloudWatch Logs: follows each container's log file, cuts it into events and batches,
 * and delivers every byte once. The file is the buffer; its byte offsets, checked by the control plane, are the only
 * bookkeeping. Knows nothing of tasks or drivers.
 */
@NullMarked
package dev.groundplane.agent.logs;

import org.jspecify.annotations.NullMarked;
