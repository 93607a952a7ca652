package dev.groundplane.warehouse.copyjob;

import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.storage.S3Location;
import java.util.List;

/**
 * A copy job as its database keeps it.
 *
 * @param id never another job's of the namespace
 * @param owner the id of the user as whom it loads
 * @param role as the statement names it
 * @param table its schema and name
 * @param source a prefix of keys, {@code s3://bucket/prefix}
 * @param text of the COPY that it carries out
 * @param auto whether it loads by itself
 */
record CopyJob(
        long id,
        String database,
        String name,
        int owner,
        String role,
        List<String> table,
        String source,
        String text,
        boolean auto) {
    /** What it carries out. */
    CopyCommand command() {
        return CopyCommand.of(Statement.all(text).getFirst()).orElseThrow().into(table);
    }

    Key key() {
        return new Key(database, id);
    }

    S3Location location() {
        return S3Location.of(source);
    }

    /** What a job is known by in the process and to the control plane. */
    record Key(String database, long id) {}
}
