package dev.groundplane.platform.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Where a hash chain ends and goes on.
 *
 * @param newest the position of the newest record of all chains, which have one order of positions; 0 for none
 * @param position the position of the chain's newest record; 0 for none
 * @param hash that record's hash
 */
record ChainTip(long newest, long position, byte[] hash) {
    private static final String OF_SOLE = "SELECT seq, seq, hash FROM audit ORDER BY seq DESC LIMIT 1";

    /** The condition beside {@code chain = ?} says to the planner that the index, which leaves out '', has them all. */
    private static final String OF_ONE = "SELECT (SELECT MAX(seq) FROM audit), seq, hash FROM audit"
            + " WHERE chain = ? AND chain <> '' ORDER BY seq DESC LIMIT 1";

    private static final String NEWEST = "SELECT MAX(seq) FROM audit";

    static ChainTip of(Connection connection, String chain) throws SQLException {
        boolean sole = chain.equals(AuditTrail.SOLE_CHAIN);
        try (PreparedStatement select = connection.prepareStatement(sole ? OF_SOLE : OF_ONE)) {
            if (!sole) {
                select.setString(1, chain);
            }
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return new ChainTip(row.getLong(1), row.getLong(2), row.getBytes(3));
                }
            }
        }
        return new ChainTip(sole ? 0 : newest(connection), 0, HashChain.start());
    }

    private static long newest(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEWEST);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
