/** AWS Security Token Service. */
@NullMarked
package dev.groundplane.services.sts;

import org.jspecify.annotations.NullMarked;
