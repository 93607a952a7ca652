/** Who calls, and in which account and region. */
@NullMarked
package dev.groundplane.platform.identity;

import org.jspecify.annotations.NullMarked;
