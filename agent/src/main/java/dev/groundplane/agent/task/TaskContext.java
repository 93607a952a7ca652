package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.retry.Reachability;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * What every task of an agent works with.
 *
 * @param journal where progress is written
 * @param drivers what runs containers
 * @param hooks the concerns of containers
 * @param reports where reports go
 * @param health where changes of health go
 * @param reachability tells whether the control plane is away
 * @param uptime measures how long containers ran
 * @param clock gives reports their times; decides nothing
 * @param timers runs what has to happen later
 * @param onRetired is told the ARN of a task that is over
 */
record TaskContext(
        TaskJournal journal,
        Drivers drivers,
        ContainerHook.Factory hooks,
        ReportSink reports,
        HealthSink health,
        Reachability reachability,
        Uptime uptime,
        InstantSource clock,
        Timers timers,
        Consumer<String> onRetired) {}
