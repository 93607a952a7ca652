/** AWS Security Token Service: who a caller is, and temporary credentials of roles. Keeps nothing. */
@NullMarked
package dev.groundplane.services.sts;

import org.jspecify.annotations.NullMarked;
