/**
 * Encryption at rest with the installation's own key. What is worth hiding (secret values, session tokens) is sealed here
 * before it reaches the store or leaves the process; who may read it is decided elsewhere.
 */
@NullMarked
package dev.groundplane.platform.secret;

import org.jspecify.annotations.NullMarked;
