import java.sql.DriverManager;
import java.sql.SQLException;

/** Fetches rows of lineitem from each of several servers in turns; prints the server's number and rows per second. */
final class JdbcFetch {
    private static final int WARM_UPS = 1;
    private static final int BATCH = 10_000;

    /** @param words how many rows, how many rounds, and JDBC URLs */
    public static void main(String[] words) throws SQLException {
        var rows = Integer.parseInt(words[0]);
        var rounds = Integer.parseInt(words[1]);
        for (var round = -WARM_UPS; round < rounds; round++) {
            for (var server = 2; server < words.length; server++) {
                var rate = rate(words[server], rows);
                if (round >= 0) {
                    System.out.printf("%d\t%.1f%n", server - 2, rate);
                }
            }
        }
    }

    private static double rate(String url, int rows) throws SQLException {
        try (var connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.setFetchSize(BATCH);
                var begun = System.nanoTime();
                var fetched = 0;
                try (var result = statement.executeQuery("SELECT * FROM lineitem LIMIT " + rows)) {
                    var columns = result.getMetaData().getColumnCount();
                    while (result.next()) {
                        for (var column = 1; column <= columns; column++) {
                            if (result.getObject(column) == null) {
                                throw new IllegalStateException("column " + column + " of row " + fetched + " is null");
                            }
                        }
                        fetched++;
                    }
                }
                return fetched / ((System.nanoTime() - begun) / 1e9);
            }
        }
    }
}
