package dev.groundplane.server.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.s3.S3Client;

/** Some seconds of trades in PostgreSQL and of quotes in S3, while the warehouse is asked what it knows of them. */
final class TradingDay implements Step {
    private static final Duration LENGTH = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BETWEEN_TRANSACTIONS_MILLIS = 5;
    private static final int TRADES_PER_TRANSACTION = 4;
    private static final int TRANSACTIONS_PER_QUOTE = 50;
    private static final List<String> DESKS = List.of("derivatives", "equities", "pensions");
    private static final String ORDER = "INSERT INTO trade (desk, index_name, quantity, price) VALUES (?, ?, ?, ?)";
    private static final String NEWEST =
            "SELECT coalesce((SELECT max(id) FROM %s.public.trade), 0), (SELECT max(number) FROM %s)"
                    .formatted(TradingDatabase.DATABASE, QuoteFeed.TABLE);
    private static final String UNDEFINED_TABLE = "42P01";

    private final MarketData market;
    private final TradingDatabase trading;
    private final QuoteFeed feed;
    private final BankWarehouse warehouse;
    private final Arrivals trades = new Arrivals();
    private final Arrivals quotes = new Arrivals();
    private String summary = "";

    TradingDay(MarketData market, TradingDatabase trading, QuoteFeed feed, BankWarehouse warehouse) {
        this.market = market;
        this.trading = trading;
        this.feed = feed;
        this.warehouse = warehouse;
    }

    @Override
    public String title() {
        return "trade in PostgreSQL and drop quotes into S3 for %d s, and read both in the warehouse meanwhile"
                .formatted(LENGTH.toSeconds());
    }

    @Override
    public void run() throws IOException, InterruptedException, SQLException {
        try (ExecutorService desks = Executors.newSingleThreadExecutor();
                Connection source = trading.connect();
                S3Client s3 = feed.client();
                Connection target = warehouse.connect()) {
            try (Statement statement = source.createStatement()) {
                statement.execute("TRUNCATE trade");
            }
            Map<String, Double> prices = new TreeMap<>(market.lastCloses());
            Future<Long> day = desks.submit(() -> trade(source, s3, prices));
            try {
                watch(target, day);
                summary = String.format(
                        Locale.ROOT,
                        "%,d trades were in the warehouse %s after their commit in PostgreSQL,\n                "
                                + "files of quotes %s after S3 had them",
                        day.get(),
                        trades.summary(),
                        quotes.summary());
            } finally {
                day.cancel(true);
            }
            trading.share();
        } catch (ExecutionException e) {
            throw new SQLException("the desks cannot trade: " + e.getMessage(), e);
        }
    }

    /** Trades until the day is over, at prices that wander; the number of trades. */
    private long trade(Connection source, S3Client s3, Map<String, Double> prices)
            throws SQLException, InterruptedException {
        List<String> indices = List.copyOf(prices.keySet());
        Random random = new Random(20221128);
        long transactions = 0;
        source.setAutoCommit(false);
        try (PreparedStatement order = source.prepareStatement(ORDER, Statement.RETURN_GENERATED_KEYS)) {
            for (Instant end = Instant.now().plus(LENGTH); Instant.now().isBefore(end); transactions++) {
                if (transactions % TRANSACTIONS_PER_QUOTE == 0) {
                    long number = System.currentTimeMillis();
                    feed.drop(s3, number, prices);
                    quotes.sent(number);
                }
                for (int i = 0; i < TRADES_PER_TRANSACTION; i++) {
                    String index = indices.get(random.nextInt(indices.size()));
                    double price = prices.merge(index, 1 + 0.0001 * random.nextGaussian(), (old, by) -> old * by);
                    order.setString(1, DESKS.get(random.nextInt(DESKS.size())));
                    order.setString(2, index);
                    order.setInt(3, random.nextInt(-4, 6));
                    order.setDouble(4, price);
                    order.addBatch();
                }
                order.executeBatch();
                long last = lastKey(order);
                source.commit();
                trades.sent(last);
                TimeUnit.MILLISECONDS.sleep(BETWEEN_TRANSACTIONS_MILLIS);
            }
        }
        return transactions * TRADES_PER_TRANSACTION;
    }

    private static long lastKey(Statement statement) throws SQLException {
        long last = 0;
        try (ResultSet keys = statement.getGeneratedKeys()) {
            while (keys.next()) {
                last = keys.getLong("id");
            }
        }
        return last;
    }

    /** Asks the warehouse again and again until it has all that there was. */
    private void watch(Connection target, Future<?> day) throws SQLException {
        Instant end = Instant.now().plus(LENGTH).plus(PATIENCE);
        try (PreparedStatement newest = target.prepareStatement(NEWEST)) {
            while (!day.isDone() || !trades.areComplete() || !quotes.areComplete()) {
                try (ResultSet row = newest.executeQuery()) {
                    row.next();
                    trades.seen(row.getLong(1));
                    quotes.seen(row.getLong(2));
                } catch (SQLException e) {
                    if (!UNDEFINED_TABLE.equals(e.getSQLState())) { // the first copy is on its way
                        throw e;
                    }
                }
                if (Instant.now().isAfter(end)) {
                    throw new SQLException(
                            "the warehouse has not followed within %d s; see svv_integration and sys_copy_job_info"
                                    .formatted(PATIENCE.toSeconds()));
                }
            }
        }
    }

    /** How many trades there were and how soon the warehouse had them. */
    String summary() {
        return summary;
    }
}
