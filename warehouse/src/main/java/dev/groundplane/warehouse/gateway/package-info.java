/** What the warehouse asks of the control plane. Nothing here knows SQL or a session. */
@NullMarked
package dev.groundplane.warehouse.gateway;

import org.jspecify.annotations.NullMarked;
