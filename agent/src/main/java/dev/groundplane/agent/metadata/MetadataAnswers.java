package dev.groundplane.agent.metadata;

import dev.groundplane.agent.task.TaskView;
import dev.groundplane.agent.task.TaskView.ContainerView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Answers {@code /v4/ID} and what lies below it. Source: Amazon ECS agent, tmds/handlers/v4/handlers.go. Thread safe. */
final class MetadataAnswers {
    private final EndpointIds ids;
    private final TaskViews tasks;
    private final ContainerStats stats;

    MetadataAnswers(EndpointIds ids, TaskViews tasks, ContainerStats stats) {
        this.ids = ids;
        this.tasks = tasks;
        this.stats = stats;
    }

    private record Found(TaskView task, ContainerView container) {}

    /**
     * Answers a request.
     *
     * @param id a container's id
     * @param rest what follows it in the path, without slashes around it; empty for the container itself
     */
    Answer answer(String id, String rest) {
        var found = find(id);
        return switch (rest) {
            case "" ->
                found.map(at -> ok(TaskDocuments.container(at.task(), at.container())))
                        .orElseGet(() -> unknown("V4 container metadata handler: ", "container ID", "docker ID", id));
            case "task" ->
                found.map(at -> ok(TaskDocuments.task(at.task())))
                        .orElseGet(() -> unknown("V4 task metadata handler: ", "task arn", "task Arn", id));
            case "stats" ->
                found.map(at -> ok(stats.of(at.task().spec(), at.container())))
                        .orElseGet(() -> unknown("V4 container stats handler: ", "container ID", "docker ID", id));
            case "task/stats" ->
                found.map(at -> ok(stats(at.task())))
                        .orElseGet(() -> unknown("V4 task stats handler: ", "task arn", "task Arn", id));
            default -> new Answer(Answer.NOT_FOUND, "404 page not found");
        };
    }

    private Map<String, Object> stats(TaskView task) {
        var all = new LinkedHashMap<String, Object>();
        for (var container : task.containers()) {
            if (container.handle() != null) {
                all.put(TaskDocuments.dockerId(container), stats.of(task.spec(), container));
            }
        }
        return all;
    }

    private Optional<Found> find(String id) {
        return tasks.find(EndpointIds.taskId(id))
                .flatMap(task -> task.containers().stream()
                        .filter(container -> EndpointIds.same(
                                id,
                                ids.container(
                                        task.spec().arn(), container.spec().name())))
                        .findFirst()
                        .map(container -> new Found(task, container)));
    }

    private static Answer ok(Object body) {
        return new Answer(Answer.OK, body);
    }

    /** The ECS agent answers with a JSON text here. */
    private static Answer unknown(String handler, String what, String from, String id) {
        return new Answer(
                Answer.NOT_FOUND,
                handler
                        + "unable to get %s from request: unable to get %s from v3 endpoint ID: %s"
                                .formatted(what, from, id));
    }
}
