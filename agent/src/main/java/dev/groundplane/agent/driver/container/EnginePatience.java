package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks an engine again and again until it answers, for what must be known or done in the end. */
final class EnginePatience {
    private static final Logger log = LoggerFactory.getLogger(EnginePatience.class);

    private final String about;
    private final Backoff backoff = new Backoff(new Reachability());

    /** @param about the container that is asked about */
    EnginePatience(String about) {
        this.about = about;
    }

    /** A question to an engine. */
    interface Question<T> {
        T ask() throws IOException;
    }

    /** Blocks until the engine answers other than by a failure. */
    <T> T insist(Question<T> question) throws InterruptedException {
        while (true) {
            try {
                return question.ask();
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                log.info("asking the engine again about {}: {}", about, e.toString());
            }
            backoff.pause();
        }
    }
}
