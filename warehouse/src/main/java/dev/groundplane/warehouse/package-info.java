/** A warehouse's worker: the process that opens one namespace's databases and serves its sessions. */
@NullMarked
package dev.groundplane.warehouse;

import org.jspecify.annotations.NullMarked;
