package dev.groundplane.services.integration;

import dev.groundplane.services.DatabaseEndpoint;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of databases that integrations follow. */
public enum SourceEngine {
    /** Also Aurora's. */
    POSTGRESQL("postgresql"),
    MARIADB("mariadb"),
    MYSQL("mysql");

    private final String title;

    SourceEngine(String title) {
        this.title = title;
    }

    /** What JDBC's URLs, Glue and the workers call it. */
    public String title() {
        return title;
    }

    /** The one of a {@link #title}; empty where there is none. */
    public static Optional<SourceEngine> titled(String title) {
        return Arrays.stream(values()).filter(one -> one.title.equals(title)).findFirst();
    }

    /** Whose a database is. */
    public static SourceEngine of(DatabaseEndpoint database) {
        return titled(database.engine()).orElse(POSTGRESQL);
    }

    /** Whether a database has schemas, so that a table's name has three parts; else it has two, and the database is the schema. */
    public boolean hasSchemas() {
        return this == POSTGRESQL;
    }

    /** Whether followers are replicas, each of a number that no other has. */
    public boolean numbersReplicas() {
        return this != POSTGRESQL;
    }

    /** Whether a source keeps something for a follower, its log above all, until it is told to forget it. */
    public boolean remembersFollowers() {
        return this == POSTGRESQL;
    }
}
