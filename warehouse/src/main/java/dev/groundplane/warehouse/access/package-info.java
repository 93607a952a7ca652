/**
 * Who may do what in a namespace's databases: users, groups and roles as the control plane keeps them, owners and privileges as
 * each database keeps them, and the checks of statements against both. Nothing here knows clients or their protocol.
 */
@NullMarked
package dev.groundplane.warehouse.access;

import org.jspecify.annotations.NullMarked;
