/** AWS CloudTrail: looking into the audit trail. Writing it is the front door's work. */
@NullMarked
package dev.groundplane.services.cloudtrail;

import org.jspecify.annotations.NullMarked;
