package dev.groundplane.platform.store;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that writes numbers from several threads, prints each once its write has returned, and never ends. */
final class KilledWriter {
    static final Migration NUMBERS = new Migration("killed", 1, "CREATE TABLE number (n INTEGER PRIMARY KEY)");
    private static final int THREADS = 4;
    private static final int PER_ROUND = 10_000_000;

    private KilledWriter() {}

    /** @param arguments the database's file and which round this is, so that numbers differ between rounds */
    public static void main(String[] arguments) {
        Database database = new SqliteDatabase(Path.of(arguments[0]), List.of(NUMBERS));
        AtomicInteger next = new AtomicInteger(Integer.parseInt(arguments[1]) * PER_ROUND);
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> {
                while (true) {
                    int number = next.incrementAndGet();
                    database.write(tx -> {
                        try (PreparedStatement insert =
                                tx.connection().prepareStatement("INSERT INTO number VALUES (?)")) {
                            insert.setInt(1, number);
                            return insert.executeUpdate();
                        }
                    });
                    acknowledge(number);
                }
            });
        }
    }

    private static synchronized void acknowledge(int number) {
        System.out.println(number + ".");
        System.out.flush();
    }
}
