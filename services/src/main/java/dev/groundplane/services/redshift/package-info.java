/**
 * Amazon Redshift's provisioned clusters: each is a warehouse of its own, described in the terms of nodes. Who listens for clients
 * and runs the databases is someone else's; this package tells what is wanted, and hears when that is so.
 */
@NullMarked
package dev.groundplane.services.redshift;

import org.jspecify.annotations.NullMarked;
