package dev.groundplane.services.redshiftdata;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.core.TypeInfo;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to workgroups, as any client has. */
final class WarehouseConnection {
    private static final String APPLICATION = "redshift-data";
    /** Types of Redshift's that PostgreSQL does not have; the driver would ask for them. */
    private static final int SUPER = 4000;

    private static final int VARBYTE = 6551;
    /** More rows are not read at once. */
    private static final String LARGEST_READ = "64M";

    private WarehouseConnection() {}

    /**
     * Connects; waits as long as a sleeping workgroup takes to wake.
     *
     * @throws SQLException with SQLSTATE class 08 or 57 when nobody answers, 28 when the user may not, 3D for the database
     */
    static Connection open(Target target) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {target.host()});
        source.setPortNumbers(new int[] {target.port()});
        source.setDatabaseName(target.database());
        source.setUser(target.user());
        source.setPassword(target.password());
        source.setApplicationName(APPLICATION);
        source.setTcpKeepAlive(true);
        source.setBinaryTransfer(false);
        // Parameters are text to the driver and take the type of their place from the warehouse.
        source.setStringType("unspecified");
        source.setMaxResultBuffer(LARGEST_READ);
        // Within the machine there is nobody to hide from, and SCRAM shows nothing of a password; elsewhere TLS says
        // who answers.
        source.setSslMode(isLoopback(target.host()) ? "disable" : "verify-full");
        source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
        Connection connection = source.getConnection();
        TypeInfo types = connection.unwrap(BaseConnection.class).getTypeInfo();
        types.addCoreType("super", SUPER, Types.VARCHAR, String.class.getName(), SUPER + 1);
        types.addCoreType("varbyte", VARBYTE, Types.BINARY, String.class.getName(), VARBYTE + 1);
        return connection;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // connecting says so
        }
    }

    /** The process id by which the warehouse knows the connection. */
    static long pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    static TransactionState transaction(Connection connection) throws SQLException {
        return connection.unwrap(BaseConnection.class).getTransactionState();
    }
}
