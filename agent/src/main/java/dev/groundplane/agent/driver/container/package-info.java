/**
 * The driver for container images: a container of an engine on the same host that answers the Docker Engine API, Docker
 * or Podman, over its Unix socket. Also finds the engine, or starts Podman's service where only the program is there.
 *
 * <p>The engine keeps the containers and what they wrote; the container's directory keeps whether its start was asked for
 * and its output. The engine is given neither restart policies nor health checks nor log shipping: those are the agent's.
 */
@NullMarked
package dev.groundplane.agent.driver.container;

import org.jspecify.annotations.NullMarked;
