/**
 * The driver for the image {@code host}: a container is a process on the host itself, under a supervisor script that
 * outlives the agent, in namespaces and cgroups where the agent may make them.
 *
 * <p>Everything the driver knows lies in the container's directory, so a new driver object knows as much as the old one
 * did. No logs are read here and nothing is reported.
 */
@NullMarked
package dev.groundplane.agent.driver.host;

import org.jspecify.annotations.NullMarked;
