/**
 * What sessions and statements did, for system views: kept for a week in the file that also has what COPY did, whatever becomes of
 * transactions and workers. Nothing here knows what statements mean.
 */
@NullMarked
package dev.groundplane.warehouse.history;

import org.jspecify.annotations.NullMarked;
