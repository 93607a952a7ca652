package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.type.SqlType;
import java.util.List;
import java.util.Optional;

/**
 * What a client prepared.
 *
 * @param statement empty for a query without a statement
 * @param parameterTypes one for each parameter
 */
record PreparedQuery(Optional<Statement> statement, List<SqlType> parameterTypes) {}
