package dev.groundplane.agent.secrets;

import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.secrets.SecretSource.SourceFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Asks for what one container needs until it is there: again, with growing pauses, while the control plane is away or
 * refuses for the moment, for as long as the container's startTimeout allows, or five minutes when it has none.
 */
public final class Retrieval {
    /** What is not to be had when a secret or a registry's password is not. */
    public static final String SECRETS = "unable to pull secrets or registry auth: ";

    private static final String FAILURE = "ResourceInitializationError: ";
    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final SecretStores stores;
    private final TaskSpec task;
    private final Duration limit;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    /** For one container; asks nothing yet. */
    public Retrieval(SecretStores stores, TaskSpec task, ContainerSpec container) {
        this.stores = stores;
        this.task = task;
        this.limit = container.startLimit().orElse(DEFAULT_LIMIT);
    }

    /**
     * One thing to ask for.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Question<T> {
        /** Asks once. */
        T ask(SecretSource source, AwsCredentials credentials) throws SourceFailure;
    }

    /**
     * Blocks until there is an answer.
     *
     * @param what names what is fetched and from where, for the user
     * @throws StartFailure when it is refused, the time is over, or nobody wants it any more
     */
    public <T> T get(String what, Question<T> question) throws StartFailure, InterruptedException {
        if (task.executionRoleArn() == null) {
            throw failure(what, "the task has no execution role; name one in its definition's executionRoleArn");
        }
        var deadline = System.nanoTime() + limit.toNanos();
        var pause = FIRST_PAUSE;
        while (true) {
            var failure = "no credentials of the execution role %s have come".formatted(task.executionRoleArn());
            var credentials = stores.role().of(task);
            if (credentials.isPresent()) {
                try {
                    return question.ask(stores.source(), credentials.get());
                } catch (SourceFailure e) {
                    failure = String.valueOf(e.getMessage());
                    if (!e.isPassing()) {
                        throw failure(what, failure);
                    }
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw failure(what, "%s; tried for %d s".formatted(failure, limit.toSeconds()));
            }
            var jitter = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
            if (cancelled.await((long) (pause.toNanos() * jitter), TimeUnit.NANOSECONDS)) {
                throw failure(what, "%s; the task is stopped".formatted(failure));
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Gives up soon: nobody wants the container any more. Any thread. */
    public void cancel() {
        cancelled.countDown();
    }

    /** Where something is that names no region. */
    public String region(@Nullable String named) {
        return stores.region(named);
    }

    /** What makes the start fail, in ECS's words. */
    public static StartFailure failure(String what, String why) {
        return new StartFailure(FAILURE + what + ": " + why);
    }
}
