package dev.groundplane.agent.link;

import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import dev.groundplane.agent.task.ReportSink;
import dev.groundplane.agent.task.TaskReport;
import dev.groundplane.agent.task.TaskReport.ContainerReport;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;

/** Reports by SubmitTaskStateChange, again and again until it is accepted or the control plane calls it invalid. */
public final class StateReporter implements ReportSink {
    private static final Logger log = LoggerFactory.getLogger(StateReporter.class);
    /** As the ECS agent does. */
    private static final int PARALLEL_CALLS = 10;
    /** What the API allows for a reason. */
    private static final int LONGEST_REASON = 1024;

    private final EcsClient ecs;
    private final String cluster;
    private final Reachability reachability;
    private final Semaphore calls = new Semaphore(PARALLEL_CALLS);

    /** A reporter for the tasks of one cluster. */
    public StateReporter(EcsClient ecs, String cluster, Reachability reachability) {
        this.ecs = ecs;
        this.cluster = cluster;
        this.reachability = reachability;
    }

    @Override
    public void deliver(TaskReport report) throws InterruptedException {
        var request = request(report);
        var backoff = new Backoff(reachability);
        while (!submit(request)) {
            backoff.pause();
        }
    }

    /** One attempt; false means that another one may help. */
    private boolean submit(SubmitTaskStateChangeRequest request) throws InterruptedException {
        calls.acquire();
        try {
            ecs.submitTaskStateChange(request);
            return true;
        } catch (InvalidParameterException | ClientException e) {
            log.error("the control plane does not want the report {}: {}", request, e.getMessage());
            return true;
        } catch (SdkException e) {
            log.debug("the report {} has to wait: {}", request, e.getMessage());
            return false;
        } catch (RuntimeException e) { // the outermost loop of a report, without which its task would never end
            log.error("the report {} failed and is tried again", request, e);
            return false;
        } finally {
            calls.release();
        }
    }

    private SubmitTaskStateChangeRequest request(TaskReport report) {
        var stoppedAt = report.stoppedAtMillis();
        return SubmitTaskStateChangeRequest.builder()
                .cluster(cluster)
                .task(report.taskArn())
                .status(report.status().name())
                .reason(shortened(report.reason()))
                .executionStoppedAt(stoppedAt == null ? null : Instant.ofEpochMilli(stoppedAt))
                .containers(report.containers().stream()
                        .map(StateReporter::container)
                        .toList())
                .build();
    }

    private static ContainerStateChange container(ContainerReport container) {
        return ContainerStateChange.builder()
                .containerName(container.name())
                .status(container.status().name())
                .runtimeId(container.runtimeId())
                .exitCode(container.exitCode())
                .reason(shortened(container.reason()))
                .imageDigest(container.imageDigest())
                .networkBindings(container.bindings().stream()
                        .map(binding -> NetworkBinding.builder()
                                .bindIP(binding.bindIp())
                                .containerPort(binding.containerPort())
                                .hostPort(binding.hostPort())
                                .protocol(binding.protocol())
                                .build())
                        .toList())
                .build();
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
    }
}
