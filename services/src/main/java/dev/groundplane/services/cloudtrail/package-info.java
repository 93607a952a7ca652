/**
 * AWS CloudTrail: looking into the audit trail, and trails that deliver it to S3 with digests that prove it. Writing the audit
 * trail is the front door's work; what keeps it is {@code platform.audit}.
 */
@NullMarked
package dev.groundplane.services.cloudtrail;

import org.jspecify.annotations.NullMarked;
