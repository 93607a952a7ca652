package dev.groundplane.warehouse.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One example of what Redshift's SQL gives.
 *
 * @param subject the function or form of queries that it is one of
 * @param expected rows apart by {@code /}, their values by {@code |}; or {@code error} and an SQLSTATE
 */
record SqlCase(String subject, String statement, String expected) {
    private static final Path DIRECTORY = Path.of("src/test/resources/dev/groundplane/warehouse/sql/cases");

    /**
     * The cases of one file.
     *
     * @param setup statements that run before
     * @param subjects all that there are in Redshift's reference, each with a case or more
     */
    record Group(String title, List<String> setup, List<String> subjects, List<SqlCase> cases) {}

    /** Whether the statement is refused because there is not what it asks for. */
    boolean isRefusal() {
        return expected.equals("error 0A000");
    }

    @Override
    public String toString() {
        return subject + ": " + statement;
    }

    /** All groups, in the order of their files' names. */
    static List<Group> groups() {
        try (var files = Files.list(DIRECTORY)) {
            return files.sorted().map(SqlCase::group).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Group group(Path file) {
        var group = new Group("", new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var title = "";
        for (var line : lines(file)) {
            if (line.startsWith("# ")) {
                title = line.substring(2);
            } else if (line.startsWith("## ")) {
                group.subjects().add(line.substring(3));
            } else if (line.startsWith("setup ")) {
                group.setup().add(line.substring("setup ".length()));
            } else if (!line.isBlank()) {
                var arrow = line.lastIndexOf(" => ");
                if (arrow < 0) {
                    throw new IllegalStateException(file + ": no \" => \" in: " + line);
                }
                group.cases()
                        .add(new SqlCase(
                                group.subjects().getLast(), line.substring(0, arrow), line.substring(arrow + 4)));
            }
        }
        return new Group(title, group.setup(), group.subjects(), group.cases());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
