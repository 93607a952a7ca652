/**
 * The layout of the agent's data directory and the way files in it are written. Knows names, permissions and
 * durability; what the files mean is their owners' business.
 */
@NullMarked
package dev.groundplane.agent.files;

import org.jspecify.annotations.NullMarked;
