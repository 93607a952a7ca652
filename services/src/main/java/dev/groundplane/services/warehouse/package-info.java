/**
 * What every kind of warehouse has, whichever AWS service makes it: databases with a port, an administrator, roles, and users with
 * their passwords. The services that make warehouses use this package, and it knows none of them. Who listens for clients and runs
 * the databases is someone else's; this package tells what is wanted.
 */
@NullMarked
package dev.groundplane.services.warehouse;

import org.jspecify.annotations.NullMarked;
