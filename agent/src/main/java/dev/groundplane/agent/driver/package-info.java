/**
 * The contract between the task runner and what runs containers: {@link dev.groundplane.agent.driver.TaskDriver} and
 * the values it speaks in. A driver knows one container at a time; order, dependencies, logs and reports are not its
 * business. The implementations live in packages below.
 */
@NullMarked
package dev.groundplane.agent.driver;

import org.jspecify.annotations.NullMarked;
