/**
 * What every service stands on: identities, the resource store, the audit trail, events and reconcilers, errors.
 *
 * <p>Knows no AWS service, no protocol and no HTTP. Everything may use it; it uses nothing of Groundplane.
 */
@NullMarked
package dev.groundplane.platform;

import org.jspecify.annotations.NullMarked;
