/**
 * Fetching what a container needs to be started and only its execution role may read: secrets, parameters, a registry's
 * password, environment files. Values are kept in memory only; no message, log line or file written here holds one.
 */
@NullMarked
package dev.groundplane.agent.secrets;

import org.jspecify.annotations.NullMarked;
