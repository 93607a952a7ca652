/**
 * Amazon ECS: clusters, task definitions, tasks and the container instances they run on, and the channel to the agents.
 *
 * <p>{@link dev.groundplane.services.ecs.EcsService} answers one call: it validates and delegates to the package's nouns.
 * {@link dev.groundplane.services.ecs.Ecs} holds what lives as long as the process. What the agent does on its host is not
 * here; this package only tells it what is wanted and believes what it reports.
 */
@NullMarked
package dev.groundplane.services.ecs;

import org.jspecify.annotations.NullMarked;
