package dev.groundplane.agent.journal;

import dev.groundplane.agent.model.TaskSpec;

/** A task as the journal has it. */
public record JournaledTask(TaskSpec spec, TaskState state) {}
