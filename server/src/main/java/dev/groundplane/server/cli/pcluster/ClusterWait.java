package dev.groundplane.server.cli.pcluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.server.cli.pcluster.ApiClient.Answer;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits until a cluster is there, or gone, and shows on the way what it is. The API has no call that waits, so it is asked again
 * and again. Nothing is lost when it is interrupted: the cluster goes on, and whoever waits again sees the same.
 */
final class ClusterWait {
    private static final int NOT_FOUND = 404;

    private final ApiClient api;
    private final Screen screen;
    private final Duration interval;

    /** @param interval between two questions */
    ClusterWait(ApiClient api, Screen screen, Duration interval) {
        this.api = api;
        this.screen = screen;
        this.interval = interval;
    }

    /** What a description means for whoever waits. */
    private enum Verdict {
        GOES_ON,
        DONE,
        FAILED
    }

    /**
     * Waits for a cluster that is being made, and shows its last description.
     *
     * @return the exit status: 0 when it is there
     */
    int untilCreated(String name) throws InterruptedException {
        Answer last = last(name, ClusterWait::creation);
        if (last.status() == NOT_FOUND) {
            screen.say("cluster %s is gone: it could not be made, or somebody removed it".formatted(name));
            return 1;
        }
        int shown = screen.show(last);
        return last.ok() && creation(status(last)) == Verdict.FAILED ? failed(name, last) : shown;
    }

    private static Verdict creation(String status) {
        return switch (status) {
            case "CREATE_IN_PROGRESS" -> Verdict.GOES_ON;
            case "CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED" -> Verdict.DONE;
            default -> Verdict.FAILED;
        };
    }

    /**
     * Waits for a cluster that is being removed.
     *
     * @return what the API said of it last; empty when it is gone as wanted
     */
    Optional<Answer> untilDeleted(String name) throws InterruptedException {
        Answer last = last(name, ClusterWait::deletion);
        if (last.status() == NOT_FOUND || (last.ok() && deletion(status(last)) == Verdict.DONE)) {
            screen.say("cluster %s is gone".formatted(name));
            return Optional.empty();
        }
        if (last.ok()) {
            failed(name, last);
        }
        return Optional.of(last);
    }

    private static Verdict deletion(String status) {
        return switch (status) {
            case "DELETE_IN_PROGRESS" -> Verdict.GOES_ON;
            case "DELETE_COMPLETE" -> Verdict.DONE;
            default -> Verdict.FAILED; // also when somebody has made it anew
        };
    }

    private interface Judgement {
        Verdict of(String status);
    }

    /** Asks until the answer is one that does not change by waiting. */
    private Answer last(String name, Judgement judgement) throws InterruptedException {
        String before = "";
        while (true) {
            Answer answer = api.describeCluster(name);
            if (!answer.ok()) {
                return answer;
            }
            String now = progress(answer.body());
            if (!now.equals(before)) {
                screen.say("cluster %s: %s".formatted(name, now));
                before = now;
            }
            if (judgement.of(status(answer)) != Verdict.GOES_ON) {
                return answer;
            }
            Thread.sleep(interval);
        }
    }

    private static String status(Answer answer) {
        return answer.body().path("clusterStatus").asText();
    }

    private static String progress(JsonNode cluster) {
        String head = cluster.at("/headNode/state").asText("");
        return cluster.path("clusterStatus").asText() + (head.isEmpty() ? "" : ", head node " + head);
    }

    private int failed(String name, Answer last) {
        screen.say("cluster %s is %s".formatted(name, status(last)));
        for (JsonNode failure : last.body().path("failures")) {
            screen.say("%s: %s"
                    .formatted(
                            failure.path("failureCode").asText(),
                            failure.path("failureReason").asText()));
        }
        return 1;
    }
}
