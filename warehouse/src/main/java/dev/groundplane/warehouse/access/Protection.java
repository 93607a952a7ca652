package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.PolicyCommand.Permission;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a user is shown of tables with policies, as queries of the engine. Made for one statement. */
final class Protection {
    /** The column with the number that the engine gives each row. */
    static final String ROW = "groundplane row";
    /** Another name for the table where its policies have none. */
    static final String TABLE = "groundplane_table";

    private final EngineSession engine;
    private final PolicyTables tables;
    private final Principals principals;
    private final int user;
    private final List<Policy.Attachment> attachments;
    private final Map<Target, Policy.Rows> rows = new HashMap<>();
    private final Set<Kind> used = EnumSet.noneOf(Kind.class);

    /** @param user who is no superuser */
    Protection(EngineSession engine, PolicyTables tables, Principals principals, int user) throws SQLException {
        this.engine = engine;
        this.tables = tables;
        this.principals = principals;
        this.user = user;
        this.attachments = tables.attachments();
        tables.rows().forEach(one -> rows.put(one.relation(), one));
    }

    /** Of which kinds policies were asked for until now. */
    Set<Kind> used() {
        return used;
    }

    /** Whether a user may do something about the policies of a database. */
    boolean permits(String database, Permission permission) throws SQLException {
        return tables.permissions(database, principals.rolesOf(user)).contains(permission);
    }

    /**
     * The query that stands for a table; empty when the user is shown the table itself.
     *
     * @param withRow whether it has the column {@link #ROW}, too
     */
    Optional<String> query(Target table, Map<String, String> columns, boolean withRow) throws SQLException {
        var kinds = kinds(table);
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        used.addAll(kinds);
        var here = attachments.stream()
                .filter(one -> one.relation().equals(table) && one.reaches(user, principals))
                .toList();
        var conditions = here.stream()
                .filter(one -> one.policy().kind() == Kind.RLS)
                .map(Policy.Attachment::policy)
                .distinct()
                .toList();
        var alias = Names.quote(
                conditions.isEmpty() || conditions.getFirst().alias().isEmpty()
                        ? TABLE
                        : conditions.getFirst().alias());
        var masks = masks(here, columns, alias);
        // Each value depends on chance as far as the engine knows, so that it evaluates nothing of a user's before the
        // policies.
        var shown = columns.keySet().stream()
                .map(column -> "CASE WHEN random() >= 0 THEN %s END AS %s"
                        .formatted(masks.getOrDefault(column, alias + "." + Names.quote(column)), Names.quote(column)))
                .collect(Collectors.joining(", "));
        var row = withRow ? ", rowid AS " + Names.quote(ROW) : "";
        return Optional.of("SELECT %s%s FROM (SELECT *%s FROM %s AS %s WHERE %s) AS %s"
                .formatted(
                        shown,
                        withRow ? ", " + alias + "." + Names.quote(ROW) : "",
                        row,
                        whole(table),
                        alias,
                        kinds.contains(Kind.RLS) ? condition(table, conditions) : "true",
                        alias));
    }

    /** Which kinds of policies hold for a table and the user. */
    Set<Kind> kinds(Target table) throws SQLException {
        var kinds = EnumSet.noneOf(Kind.class);
        var said = rows.get(table);
        if (said != null && said.on() && !permits(table.database(), Permission.IGNORE_RLS)) {
            kinds.add(Kind.RLS);
        }
        if (attachments.stream()
                .anyMatch(one -> one.policy().kind() == Kind.MASKING
                        && one.relation().equals(table)
                        && one.reaches(user, principals))) {
            kinds.add(Kind.MASKING);
        }
        return kinds;
    }

    /** Whoever no policy is for is shown no rows. */
    private String condition(Target table, List<Policy> policies) {
        if (policies.isEmpty()) {
            return "false";
        }
        var said = rows.get(table);
        return policies.stream()
                .map(one -> "(" + one.parts().getFirst() + ")")
                .collect(Collectors.joining(said == null || said.all() ? " AND " : " OR ", "(", ")"));
    }

    /** What each masked column is shown as; of several the one of the highest priority. */
    private Map<String, String> masks(List<Policy.Attachment> here, Map<String, String> columns, String alias)
            throws SQLException {
        var masks = new LinkedHashMap<String, String>();
        for (var attachment : here) {
            for (var i = 0; i < attachment.outputs().size(); i++) {
                var column = attachment.outputs().get(i);
                if (!masks.containsKey(column)) {
                    masks.put(column, "CAST((%s) AS %s)".formatted(mask(attachment, i, alias), columns.get(column)));
                }
            }
        }
        return masks;
    }

    /** An expression of a policy with columns of the table in the place of its parameters. */
    private String mask(Policy.Attachment attachment, int part, String alias) throws SQLException {
        var policy = attachment.policy();
        var inputs = attachment.inputs().isEmpty() ? attachment.outputs() : attachment.inputs();
        var places = new HashMap<String, String>();
        for (var i = 0; i < policy.parameters().size(); i++) {
            places.put(Names.folded(policy.parameters().get(i).name()), inputs.get(i));
        }
        var query = SqlTree.query(engine, "SELECT " + policy.parts().get(part));
        replace(query, places, alias.substring(1, alias.length() - 1).replace("\"\"", "\""));
        return expression(engine, query);
    }

    private static void replace(JsonNode node, Map<String, String> places, String alias) {
        if (node instanceof ObjectNode object && object.path("class").asText().equals("COLUMN_REF")) {
            var names = object.path("column_names");
            var column = places.get(Names.folded(names.path(names.size() - 1).asText()));
            if (names.size() != 1 || column == null) {
                throw SqlFailure.of(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"%s\" does not exist".formatted(names.path(0).asText()));
            }
            object.putArray("column_names").add(alias).add(column);
            return;
        }
        node.forEach(child -> replace(child, places, alias));
    }

    /** The text of the one expression that a query without tables gives. */
    static String expression(EngineSession engine, JsonNode query) throws SQLException {
        return SqlTree.text(engine, query).substring("SELECT ".length());
    }

    /** A table's whole name in the engine's SQL. */
    static String whole(Target table) {
        return List.of(table.database(), table.schema(), table.name()).stream()
                .map(Names::quote)
                .collect(Collectors.joining("."));
    }
}
