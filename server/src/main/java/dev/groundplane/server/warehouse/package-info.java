/**
 * Where clients of the warehouse connect: workgroups' ports, and the workers behind them, which are ECS tasks and run only while
 * there is something to do.
 */
@NullMarked
package dev.groundplane.server.warehouse;

import org.jspecify.annotations.NullMarked;
