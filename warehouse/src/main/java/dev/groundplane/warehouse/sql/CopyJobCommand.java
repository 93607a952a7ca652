package dev.groundplane.warehouse.sql;

import java.util.Optional;

/** Statements about copy jobs. Source: Redshift's "COPY JOB". */
public sealed interface CopyJobCommand {
    /**
     * {@code COPY … JOB CREATE}.
     *
     * @param copy what the job does with each file
     * @param text of that, as written
     * @param auto whether it does so by itself
     */
    record Create(CopyCommand copy, String text, String name, boolean auto) implements CopyJobCommand {}

    /** {@code COPY JOB ALTER}. */
    record Alter(String name, boolean auto) implements CopyJobCommand {}

    /** {@code COPY JOB DROP}. */
    record Drop(String name) implements CopyJobCommand {}

    /** {@code COPY JOB RUN}. */
    record Run(String name) implements CopyJobCommand {}

    /**
     * {@code COPY JOB LIST} and {@code COPY JOB SHOW}.
     *
     * @param name empty for all jobs
     */
    record Show(Optional<String> name) implements CopyJobCommand {}

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none, or has what jobs do not take
     */
    static Optional<CopyJobCommand> of(Statement statement) {
        return statement.verb().equals("COPY") ? new CopyJobParser(statement).command() : Optional.empty();
    }
}
