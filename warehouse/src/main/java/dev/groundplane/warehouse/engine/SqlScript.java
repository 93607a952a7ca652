package dev.groundplane.warehouse.engine;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/** Files of SQL statements beside this class. */
final class SqlScript {
    private static final Pattern END_OF_STATEMENT = Pattern.compile(";\\s*(\n|$)");

    private SqlScript() {}

    /** Executes all statements of a file. */
    static void run(Statement statement, String name) throws IOException, SQLException {
        for (var sql : END_OF_STATEMENT.split(text(name))) {
            statement.execute(sql);
        }
    }

    private static String text(String name) throws IOException {
        try (var stream = SqlScript.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new FileNotFoundException(name + " is missing beside " + SqlScript.class);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
