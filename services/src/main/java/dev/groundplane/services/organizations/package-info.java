/**
 * AWS Organizations: accounts of the installation in a tree of units, and the service control policies that bind them.
 * Decides nothing itself: it tells {@code platform.policy.Organization} where an account stands.
 */
@NullMarked
package dev.groundplane.services.organizations;

import org.jspecify.annotations.NullMarked;
