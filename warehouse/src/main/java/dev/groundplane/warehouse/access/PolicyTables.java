package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.engine.SystemDatabase;
import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.PolicyCommand.Conjunction;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.PolicyCommand.Parameter;
import dev.groundplane.warehouse.sql.PolicyCommand.Permission;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Policies as each database keeps them in its hidden schema, written in the session's transaction; what is read is of all
 * databases, because a query may be. For one thread.
 */
final class PolicyTables {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Shown>> PARAMETERS = new TypeReference<>() {};
    private static final String ALL = SystemDatabase.NAME + "." + HiddenSchema.NAME + ".";
    private static final String COLUMNS = "p.database_name, p.policy_kind, p.name, p.alias, p.parameters, p.parts";

    /** A parameter as system views show it, and the engine's type. */
    private record Shown(String colname, String type, String engine) {}

    private final EngineSession engine;

    PolicyTables(EngineSession engine) {
        this.engine = engine;
    }

    private static String table(String database, String name) {
        return Names.quote(database) + "." + HiddenSchema.NAME + "." + name;
    }

    private void run(String sql, Object... values) throws SQLException {
        try (var statement = engine.prepare(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** Whether any policy may hold for anybody. */
    boolean areThere() throws SQLException {
        return !engine.rows(
                        "SELECT 1 FROM %1$spolicy_relation WHERE is_on UNION ALL SELECT 1 FROM %1$spolicy_attachment LIMIT 1"
                                .formatted(ALL))
                .isEmpty();
    }

    /** All policies of a database. */
    List<Policy> policies(String database) throws SQLException {
        var policies = new ArrayList<Policy>();
        for (var row : engine.rows(
                "SELECT " + COLUMNS + " FROM " + ALL + "policy p WHERE p.database_name = ? ORDER BY p.name",
                database)) {
            policies.add(policy(row, 0));
        }
        return policies;
    }

    /** All attachments, of the highest priority first. */
    List<Policy.Attachment> attachments() throws SQLException {
        var attachments = new ArrayList<Policy.Attachment>();
        for (var row : engine.rows("""
                SELECT a.schema_name, a.object_name, a.grantee_kind, a.grantee, a.priority, a.outputs, a.inputs, %2$s
                FROM %1$spolicy_attachment a JOIN %1$spolicy p ON p.database_name = a.database_name
                    AND p.policy_kind = a.policy_kind AND p.name = a.policy
                ORDER BY a.priority DESC, a.policy""".formatted(ALL, COLUMNS))) {
            attachments.add(new Policy.Attachment(
                    policy(row, 7),
                    Target.relation(text(row.get(7)), text(row.get(0)), text(row.get(1))),
                    Grantee.Kind.valueOf(text(row.get(2)).toUpperCase(Locale.ROOT)),
                    Integer.parseInt(text(row.get(3))),
                    Integer.parseInt(text(row.get(4))),
                    read(text(row.get(5)), TEXTS),
                    read(text(row.get(6)), TEXTS)));
        }
        return attachments;
    }

    /** The relations about which something was said. */
    List<Policy.Rows> rows() throws SQLException {
        var relations = new ArrayList<Policy.Rows>();
        for (var row : engine.rows(
                "SELECT database_name, schema_name, object_name, is_on, conjunction FROM " + ALL + "policy_relation")) {
            relations.add(new Policy.Rows(
                    Target.relation(text(row.get(0)), text(row.get(1)), text(row.get(2))),
                    "true".equals(row.get(3)),
                    text(row.get(4)).equals("and")));
        }
        return relations;
    }

    /** What somebody with these roles may do about policies of a database. */
    Set<Permission> permissions(String database, Set<Integer> roles) throws SQLException {
        var permissions = EnumSet.noneOf(Permission.class);
        for (var row : engine.rows("SELECT permission, role FROM " + table(database, "policy_permission"))) {
            if (roles.contains(Integer.valueOf(text(row.get(1))))) {
                permissions.add(Permission.valueOf(text(row.get(0)).toUpperCase(Locale.ROOT)));
            }
        }
        return permissions;
    }

    private static Policy policy(List<@Nullable String> row, int at) {
        return new Policy(
                text(row.get(at)),
                Kind.valueOf(text(row.get(at + 1)).toUpperCase(Locale.ROOT)),
                text(row.get(at + 2)),
                text(row.get(at + 3)),
                read(text(row.get(at + 4)), PARAMETERS).stream()
                        .map(one -> new Parameter(one.colname(), one.type(), one.engine()))
                        .toList(),
                read(text(row.get(at + 5)), TEXTS));
    }

    private static String text(@Nullable String value) {
        return Objects.requireNonNull(value);
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the hidden schema has a policy that cannot be read: " + json, e);
        }
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a policy is texts", e);
        }
    }

    /** @param text as written */
    void add(Policy policy, String text, int by) throws SQLException {
        run(
                "INSERT INTO " + table(policy.database(), "policy") + " VALUES (?, ?, ?, ?, ?, ?, ?, now()::TIMESTAMP)",
                policy.kind().word(),
                policy.name(),
                policy.alias(),
                write(policy.parameters().stream()
                        .map(one -> new Shown(one.name(), one.type(), one.engineType()))
                        .toList()),
                text,
                write(policy.parts()),
                by);
    }

    /** Forgets a policy; not where it is attached. */
    void remove(Policy policy) throws SQLException {
        run(
                "DELETE FROM " + table(policy.database(), "policy") + " WHERE policy_kind = ? AND name = ?",
                policy.kind().word(),
                policy.name());
    }

    void attach(Policy.Attachment attachment, int by) throws SQLException {
        var relation = attachment.relation();
        run(
                "INSERT INTO " + table(relation.database(), "policy_attachment")
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                attachment.policy().kind().word(),
                attachment.policy().name(),
                relation.word(),
                relation.schema(),
                relation.name(),
                attachment.granteeKind().word(),
                attachment.grantee(),
                by,
                attachment.priority(),
                write(attachment.outputs()),
                write(attachment.inputs()));
    }

    void detach(Policy.Attachment attachment) throws SQLException {
        var relation = attachment.relation();
        run(
                "DELETE FROM " + table(relation.database(), "policy_attachment")
                        + " WHERE policy_kind = ? AND policy = ? AND schema_name = ? AND object_name = ?"
                        + " AND grantee_kind = ? AND grantee = ? AND outputs = ?",
                attachment.policy().kind().word(),
                attachment.policy().name(),
                relation.schema(),
                relation.name(),
                attachment.granteeKind().word(),
                attachment.grantee(),
                write(attachment.outputs()));
    }

    /** Says whether policies of rows hold for a relation. */
    void put(Target relation, boolean on, Conjunction conjunction) throws SQLException {
        var table = table(relation.database(), "policy_relation");
        run("DELETE FROM " + table + " WHERE schema_name = ? AND object_name = ?", relation.schema(), relation.name());
        run(
                "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?)",
                relation.word(),
                relation.schema(),
                relation.name(),
                on,
                conjunction.name().toLowerCase(Locale.ROOT));
    }

    /** Permits something to a role, or does not any more. */
    void permit(String database, boolean grants, Permission permission, int role) throws SQLException {
        var table = table(database, "policy_permission");
        run("DELETE FROM " + table + " WHERE permission = ? AND role = ?", permission.word(), role);
        if (grants) {
            run("INSERT INTO " + table + " VALUES (?, ?)", permission.word(), role);
        }
    }
}
