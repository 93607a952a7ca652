package dev.groundplane.agent.task;

import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.Dependency;
import java.util.Collection;
import java.util.Map;

/** Decides by its dependencies whether a container may start. Pure: looks only at how far the other containers are. */
final class Dependencies {
    private final Map<String, ContainerRunner> containers;

    Dependencies(Map<String, ContainerRunner> containers) {
        this.containers = containers;
    }

    /** Whether a container may start. */
    sealed interface Verdict {
        /** It may start now. */
        record Ready() implements Verdict {}

        /** It has to wait for this container. */
        record Waiting(String forContainer) implements Verdict {}

        /** It can never start. */
        record Impossible(String reason) implements Verdict {}
    }

    /** The verdict on a container that has not started: the worst that any of its dependencies gives. */
    Verdict verdict(ContainerSpec container) {
        Verdict verdict = new Verdict.Ready();
        for (var dependency : container.dependsOn()) {
            var single = verdict(container.name(), dependency);
            if (single instanceof Verdict.Impossible) {
                return single;
            }
            if (single instanceof Verdict.Waiting) {
                verdict = single;
            }
        }
        return verdict;
    }

    private Verdict verdict(String container, Dependency dependency) {
        var other = containers.get(dependency.containerName());
        if (other == null) {
            return impossible(container, dependency, "the task has no such container");
        }
        var state = other.state();
        if (state.stopped() && !state.started()) {
            return impossible(container, dependency, "it was not started");
        }
        return switch (dependency.condition()) {
            case START -> state.started() ? new Verdict.Ready() : waiting(dependency);
            case COMPLETE -> state.stopped() ? new Verdict.Ready() : waiting(dependency);
            case SUCCESS -> {
                if (!state.stopped()) {
                    yield waiting(dependency);
                }
                var exitCode = state.exitCode();
                yield exitCode != null && exitCode == 0
                        ? new Verdict.Ready()
                        : impossible(container, dependency, "it ended with exit code " + exitCode);
            }
            case HEALTHY -> {
                if (state.stopped()) {
                    yield impossible(container, dependency, "it ended with exit code " + state.exitCode());
                }
                yield switch (other.health()) {
                    case HEALTHY -> new Verdict.Ready();
                    case UNHEALTHY -> impossible(container, dependency, "its health check fails");
                    case UNKNOWN -> waiting(dependency);
                };
            }
        };
    }

    private static Verdict waiting(Dependency dependency) {
        return new Verdict.Waiting(dependency.containerName());
    }

    private static Verdict impossible(String container, Dependency dependency, String why) {
        return new Verdict.Impossible("container %s depends on %s (%s): %s"
                .formatted(container, dependency.containerName(), dependency.condition(), why));
    }

    /** Whether no container that depends on this one runs any more, so that it may be stopped. */
    boolean mayStop(String container) {
        return dependents(container).stream()
                .allMatch(dependent -> dependent.state().stopped());
    }

    /** The containers that depend directly on this one. */
    Collection<ContainerRunner> dependents(String container) {
        return containers.values().stream()
                .filter(candidate -> candidate.spec().dependsOn().stream()
                        .anyMatch(dependency -> dependency.containerName().equals(container)))
                .toList();
    }
}
