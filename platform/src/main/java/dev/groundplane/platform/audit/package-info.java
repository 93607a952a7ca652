/** The append-only audit trail: every call, chained by hashes so that a changed, missing or moved record shows. */
@NullMarked
package dev.groundplane.platform.audit;

import org.jspecify.annotations.NullMarked;
