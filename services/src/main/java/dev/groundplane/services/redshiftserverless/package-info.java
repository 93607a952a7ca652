/**
 * Amazon Redshift Serverless: namespaces, workgroups and the temporary passwords of database users. Who listens for clients and
 * runs the databases is someone else's; this package tells what is wanted.
 */
@NullMarked
package dev.groundplane.services.redshiftserverless;

import org.jspecify.annotations.NullMarked;
