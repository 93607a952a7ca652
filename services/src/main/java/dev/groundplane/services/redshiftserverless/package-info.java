/**
 * Amazon Redshift Serverless: namespaces, workgroups, what they use and may use, and who gets temporary passwords for them.
 */
@NullMarked
package dev.groundplane.services.redshiftserverless;

import org.jspecify.annotations.NullMarked;
