package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.FrontendMessage;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.type.ParameterLiteral;
import dev.groundplane.warehouse.type.SqlType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The messages of PostgreSQL's extended query protocol, with their statements and portals. For one thread. */
final class ExtendedQuery {
    private final StatementRunner runner;
    private final MessageOutput output;
    private final Map<String, PreparedQuery> statements = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    /** By the last message; its plan is of use if the portal's Execute comes next. */
    private @Nullable Described described;

    private record Described(Portal portal, Description description) {}

    ExtendedQuery(StatementRunner runner, MessageOutput output) {
        this.runner = runner;
        this.output = output;
    }

    void parse(FrontendMessage.Parse message) throws IOException {
        if (!message.statement().isEmpty() && statements.containsKey(message.statement())) {
            throw SqlFailure.of(
                    SqlState.DUPLICATE_PREPARED_STATEMENT,
                    "prepared statement \"%s\" already exists".formatted(message.statement()));
        }
        var all = Statement.all(message.sql());
        if (all.size() > 1) {
            throw SqlFailure.of(SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
        }
        var statement = all.stream().findFirst();
        var types = parameterTypes(statement, message.parameterTypes());
        statements.put(message.statement(), new PreparedQuery(statement, types));
        output.parseComplete();
    }

    private List<SqlType> parameterTypes(Optional<Statement> statement, List<Integer> given) {
        var count = Math.max(given.size(), statement.map(Statement::parameters).orElse(0));
        var types = new ArrayList<SqlType>(count);
        for (var i = 0; i < count; i++) {
            types.add(i < given.size() && given.get(i) != 0 ? type(given.get(i)) : SqlType.UNKNOWN);
        }
        return types.contains(SqlType.UNKNOWN) && statement.isPresent()
                ? runner.inferParameters(statement.get(), types)
                : types;
    }

    private static SqlType type(int oid) {
        return SqlType.of(oid)
                .orElseThrow(() -> SqlFailure.of(
                        SqlState.UNDEFINED_OBJECT, "type with OID %d of a parameter does not exist".formatted(oid)));
    }

    void bind(FrontendMessage.Bind message) throws IOException {
        var prepared = statement(message.statement());
        var types = prepared.parameterTypes();
        if (types.size() != message.values().size()) {
            throw SqlFailure.of(
                    SqlState.PROTOCOL_VIOLATION,
                    "bind message supplies %d parameters, but prepared statement \"%s\" requires %d"
                            .formatted(message.values().size(), message.statement(), types.size()));
        }
        var literals = new ArrayList<String>(types.size());
        for (var i = 0; i < types.size(); i++) {
            literals.add(ParameterLiteral.of(
                    types.get(i),
                    Format.at(i, message.parameterFormats()),
                    message.values().get(i)));
        }
        closePortal(message.portal());
        portals.put(message.portal(), new Portal(prepared.statement(), literals, message.resultFormats()));
        output.bindComplete();
    }

    void describe(FrontendMessage.DescribeStatement message) throws IOException {
        var prepared = statement(message.statement());
        output.parameterDescription(
                prepared.parameterTypes().stream().map(SqlType::oid).toList());
        var nulls =
                prepared.parameterTypes().stream().map(ParameterLiteral::ofNull).toList();
        try (var description = describe(prepared.statement(), nulls)) {
            tell(description, List.of());
        }
    }

    void describe(FrontendMessage.DescribePortal message) throws IOException {
        var portal = portal(message.portal());
        forgetDescribed();
        described = new Described(portal, describe(portal.statement(), portal.parameters()));
        tell(described.description(), portal.resultFormats());
    }

    private Description describe(Optional<Statement> statement, List<String> parameters) {
        return statement.map(one -> runner.describe(one, parameters)).orElse(Description.of(List.of()));
    }

    private void tell(Description description, List<Format> formats) throws IOException {
        if (description.columns().isEmpty()) {
            output.noData();
        } else {
            output.rowDescription(description.columns(), formats);
        }
    }

    /** The session does something else than to carry out the portal that it has just described. */
    void forgetDescribed() {
        if (described != null) {
            described.description().close();
            described = null;
        }
    }

    void execute(FrontendMessage.Execute message) throws IOException {
        var portal = portal(message.portal());
        if (portal.statement().isEmpty()) {
            output.emptyQueryResponse();
            return;
        }
        var result = portal.result();
        if (result == null) {
            var plan = described != null && described.portal() == portal
                    ? described.description().plan()
                    : null;
            result = runner.run(portal.statement().get(), portal.parameters(), plan);
            portal.executed(result);
        }
        if (result.writeRows(output, portal.resultFormats(), message.rowLimit())) {
            for (var notice : result.notices()) {
                output.notice(Report.info(notice));
            }
            output.commandComplete(result.tag());
        } else {
            output.portalSuspended();
        }
    }

    void close(FrontendMessage.CloseStatement message) throws IOException {
        statements.remove(message.statement());
        output.closeComplete();
    }

    void close(FrontendMessage.ClosePortal message) throws IOException {
        closePortal(message.portal());
        output.closeComplete();
    }

    /** The prepared statements by their names. */
    Map<String, PreparedQuery> prepared() {
        return statements;
    }

    /** Portals live as long as their transaction. */
    void closePortals() {
        forgetDescribed();
        portals.values().forEach(Portal::close);
        portals.clear();
    }

    /** Forgets the unnamed statement and portal, as a simple query does. */
    void forgetUnnamed() {
        statements.remove("");
        closePortal("");
    }

    private void closePortal(String name) {
        var portal = portals.remove(name);
        if (portal != null) {
            portal.close();
        }
    }

    private PreparedQuery statement(String name) {
        var statement = statements.get(name);
        if (statement == null) {
            throw SqlFailure.of(
                    SqlState.INVALID_STATEMENT_NAME,
                    name.isEmpty()
                            ? "unnamed prepared statement does not exist"
                            : "prepared statement \"%s\" does not exist".formatted(name));
        }
        return statement;
    }

    private Portal portal(String name) {
        var portal = portals.get(name);
        if (portal == null) {
            throw SqlFailure.of(SqlState.INVALID_CURSOR_NAME, "portal \"%s\" does not exist".formatted(name));
        }
        return portal;
    }
}
