/** Identities and what they may do. For now: the root of each account, service-made credentials, and default deny. */
@NullMarked
package dev.groundplane.services.iam;

import org.jspecify.annotations.NullMarked;
