package dev.groundplane.server.cli.pcluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.groundplane.server.cli.pcluster.ApiClient.Answer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a command shows what it has to say: the API's answer on standard output, for scripts, and lines for people on standard
 * error. AWS's command writes its JSON indented in the same way.
 */
final class Screen {
    private static final List<String> PROBLEMS = List.of("validationMessages", "configurationValidationErrors");
    private static final ObjectWriter JSON = new ObjectMapper()
            .writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE)
                    .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE));

    /** Spaces between two columns. */
    private static final int GAP = 2;

    private final PrintWriter out;
    private final PrintWriter err;

    Screen(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Shows an answer: all of it, and for people why it refuses and what it says about a configuration.
     *
     * @return the exit status
     */
    int show(Answer answer) {
        explain(answer);
        print(answer.body());
        return answer.ok() ? 0 : 1;
    }

    /** Says why an answer refuses, and what it says about a configuration, to people only. */
    void explain(Answer answer) {
        PROBLEMS.forEach(member -> answer.body().path(member).forEach(this::problem));
        if (!answer.ok()) {
            say(answer.body().path("message").asText("status " + answer.status()));
        }
    }

    private void problem(JsonNode problem) {
        String where = problem.path("id").asText("");
        err.printf(
                "%s %s%s (%s)%n",
                problem.path("level").asText(),
                where.isEmpty() ? "" : where + ": ",
                problem.path("message").asText(),
                problem.path("type").asText());
        err.flush();
    }

    /** A line for people. */
    void say(String line) {
        err.printf("groundplane: %s%n", line);
        err.flush();
    }

    /** JSON for scripts. */
    void print(JsonNode json) {
        try {
            out.println(JSON.writeValueAsString(json));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree always has a JSON form", e);
        }
    }

    /**
     * Shows an answer's objects as a table for people, else why it refuses.
     *
     * @param member of the answer that has them
     * @param columns members of the objects
     * @return the exit status
     */
    int showTable(Answer answer, String member, List<String> columns) {
        if (!answer.ok()) {
            return show(answer);
        }
        table(answer.body().path(member), columns);
        String nextToken = answer.body().path("nextToken").asText("");
        if (!nextToken.isEmpty()) {
            say("there are more: --next-token " + nextToken);
        }
        return 0;
    }

    private void table(JsonNode objects, List<String> columns) {
        List<List<String>> rows = new ArrayList<>(List.of(columns));
        objects.forEach(object -> rows.add(
                columns.stream().map(column -> object.path(column).asText("-")).toList()));
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(each -> each.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(i)).repeat(' ', width - row.get(i).length() + GAP);
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }
}
