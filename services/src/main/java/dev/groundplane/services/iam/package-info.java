/**
 * Identities and what they may do: the access keys of account roots, roles with their policies, and the decision on every
 * call. The language of policies is {@code platform.policy}; credentials of sessions are {@code platform.identity}'s.
 */
@NullMarked
package dev.groundplane.services.iam;

import org.jspecify.annotations.NullMarked;
