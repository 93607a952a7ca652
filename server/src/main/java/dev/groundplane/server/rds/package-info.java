/**
 * PostgreSQL servers of RDS's clusters as ECS tasks of a reserved cluster: programs, files, processes, and what is done in them as
 * their superuser. Which there are is the service's to say.
 */
@NullMarked
package dev.groundplane.server.rds;

import org.jspecify.annotations.NullMarked;
