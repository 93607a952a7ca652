package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What Redshift has and the engine does not: functions and system views, in a database {@code sys} that lies in memory. Each
 * engine copies it from a file that the build makes ({@link SystemDatabaseBuild}), which takes a tenth of the time that its
 * hundreds of definitions do.
 */
public final class SystemDatabase {
    /** Its name. */
    public static final String NAME = "sys";

    /**
     * The schemas in which names without one are looked for, after the session's own. The engine takes their names before a dot
     * for theirs, too, so no other schema can be called so.
     */
    public static final List<String> SCHEMAS = List.of("functions", "catalog");

    static final String SEARCH_PATH =
            SCHEMAS.stream().map(schema -> NAME + "." + schema).collect(Collectors.joining(","));

    /** The file that the build makes, a resource beside this class. */
    static final String FILE = "system.db";

    private SystemDatabase() {}

    /** @param directory for a copy of the file while it is read */
    static void make(Connection connection, Path directory) throws IOException, SQLException {
        var file = directory.resolve(FILE);
        try (var content = SystemDatabase.class.getResourceAsStream(FILE)) {
            if (content == null) {
                throw new FileNotFoundException(
                        FILE + " is missing beside " + SystemDatabase.class + ": build with Maven");
            }
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        try (var statement = connection.createStatement()) {
            statement.execute("ATTACH %s AS built (READ_ONLY)".formatted(Names.literal(file.toString())));
            statement.execute("ATTACH ':memory:' AS sys");
            statement.execute("COPY FROM DATABASE built TO sys");
            statement.execute("DETACH built");
        }
        Files.delete(file);
    }
}
