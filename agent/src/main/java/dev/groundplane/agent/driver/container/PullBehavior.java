package dev.groundplane.agent.driver.container;

import java.util.Locale;

/** When images are pulled, as ECS_IMAGE_PULL_BEHAVIOR of the Amazon ECS container agent. */
public enum PullBehavior {
    /** Pulled for every container; when that fails, what the engine has is used. */
    DEFAULT,
    /** Pulled for every container; when that fails, so does the container. */
    ALWAYS,
    /** Pulled when this agent process has not pulled it yet or the engine no longer has it. */
    ONCE,
    /** Pulled only when the engine does not have it. */
    PREFER_CACHED;

    /** As ECS writes it: {@code prefer-cached}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
