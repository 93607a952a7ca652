package dev.groundplane.warehouse.replication;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The order entry of a wholesaler: tables and transactions after those of TPC-C, with fewer rows. For tests. */
final class OrderEntry {
    private static final int DISTRICTS = 4;
    private static final int CUSTOMERS = 30;
    private static final int ITEMS = 100;

    /** What makes the tables and their first rows. */
    static final String[] TABLES = {
        "CREATE TABLE warehouse(w_id int PRIMARY KEY, w_name varchar(10), w_zip char(9), w_tax numeric(4,4), w_ytd numeric(12,2))",
        """
        CREATE TABLE district(d_id int, d_w_id int REFERENCES warehouse, d_name varchar(10), d_tax numeric(4,4), d_ytd numeric(12,2),
            d_next_o_id int, PRIMARY KEY (d_w_id, d_id))""",
        """
        CREATE TABLE customer(c_id int, c_d_id int, c_w_id int, c_last varchar(16), c_middle char(2), c_since timestamp, c_credit char(2),
            c_discount numeric(4,4), c_balance numeric(12,2), c_payment_cnt int, c_data varchar(500),
            PRIMARY KEY (c_w_id, c_d_id, c_id), FOREIGN KEY (c_w_id, c_d_id) REFERENCES district)""",
        """
        CREATE TABLE history(h_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, h_c_id int, h_d_id int, h_w_id int, h_date timestamp,
            h_amount numeric(6,2), h_data varchar(24))""",
        """
        CREATE TABLE orders(o_id int, o_d_id int, o_w_id int, o_c_id int, o_entry_d timestamp, o_carrier_id int, o_ol_cnt int,
            PRIMARY KEY (o_w_id, o_d_id, o_id))""",
        "CREATE TABLE new_order(no_o_id int, no_d_id int, no_w_id int, PRIMARY KEY (no_w_id, no_d_id, no_o_id))",
        "CREATE TABLE item(i_id int PRIMARY KEY, i_name varchar(24), i_price numeric(5,2), i_data varchar(50))",
        """
        CREATE TABLE stock(s_i_id int REFERENCES item, s_w_id int REFERENCES warehouse, s_quantity int, s_dist char(24), s_ytd int,
            s_order_cnt int, PRIMARY KEY (s_w_id, s_i_id))""",
        """
        CREATE TABLE order_line(ol_o_id int, ol_d_id int, ol_w_id int, ol_number int, ol_i_id int, ol_delivery_d timestamp, ol_quantity int,
            ol_amount numeric(6,2), ol_dist_info char(24), PRIMARY KEY (ol_w_id, ol_d_id, ol_o_id, ol_number))""",
        "INSERT INTO warehouse VALUES (1, 'main', '123411111', 0.0725, 0)",
        "INSERT INTO district SELECT d, 1, 'district' || d, 0.05, 0, 1 FROM generate_series(1, %d) d"
                .formatted(DISTRICTS),
        """
        INSERT INTO customer SELECT c, d, 1, 'last' || c, 'OE', '2022-11-26 01:02:03.456', CASE WHEN c %% 10 = 0 THEN 'BC' ELSE 'GC' END,
            c / 1000.0, -10, 0, repeat('x', c) FROM generate_series(1, %d) d, generate_series(1, %d) c""".formatted(DISTRICTS, CUSTOMERS),
        "INSERT INTO item SELECT i, 'item' || i, i + 0.99, 'original' FROM generate_series(1, %d) i".formatted(ITEMS),
        "INSERT INTO stock SELECT i, 1, 50, 'dist' || i, 0, 0 FROM generate_series(1, %d) i".formatted(ITEMS)
    };

    /** The tables' names, with their keys. */
    static final Map<String, String> KEYS = new TreeMap<>(Map.of(
            "warehouse", "w_id",
            "district", "d_w_id, d_id",
            "customer", "c_w_id, c_d_id, c_id",
            "history", "h_id",
            "orders", "o_w_id, o_d_id, o_id",
            "new_order", "no_w_id, no_d_id, no_o_id",
            "item", "i_id",
            "stock", "s_w_id, s_i_id",
            "order_line", "ol_w_id, ol_d_id, ol_o_id, ol_number"));

    private OrderEntry() {}

    /** One transaction, in the mix of the benchmark's: mostly new orders and payments. */
    static void transact(Connection connection, Random random) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            var district = 1 + random.nextInt(DISTRICTS);
            var customer = 1 + random.nextInt(CUSTOMERS);
            var kind = random.nextInt(10);
            if (kind < 5) {
                statement.execute(order(district, customer, random));
            } else if (kind < 9) {
                statement.execute(payment(district, customer, random.nextInt(500_000) / 100.0));
            } else {
                statement.execute(delivery(district, random.nextInt(10)));
            }
            if (random.nextInt(100) == 0) { // an item that there is not
                connection.rollback();
            } else {
                connection.commit();
            }
        }
    }

    private static String order(int district, int customer, Random random) {
        var lines = 5 + random.nextInt(11);
        return """
            WITH number AS (UPDATE district SET d_next_o_id = d_next_o_id + 1 WHERE d_w_id = 1 AND d_id = %1$d RETURNING d_next_o_id - 1 AS o),
                made AS (INSERT INTO orders SELECT o, %1$d, 1, %2$d, clock_timestamp(), NULL, %3$d FROM number),
                waiting AS (INSERT INTO new_order SELECT o, %1$d, 1 FROM number),
                taken AS (UPDATE stock SET s_quantity = CASE WHEN s_quantity > 10 THEN s_quantity - 5 ELSE s_quantity + 86 END,
                    s_ytd = s_ytd + 5, s_order_cnt = s_order_cnt + 1 WHERE s_w_id = 1 AND s_i_id BETWEEN %4$d AND %4$d + %3$d - 1)
            INSERT INTO order_line SELECT o, %1$d, 1, l, %4$d + l - 1, NULL, 5, 5 * i_price, 'info' || l
            FROM number, generate_series(1, %3$d) l JOIN item ON i_id = %4$d + l - 1""".formatted(district, customer, lines, 1 + random.nextInt(ITEMS - 15));
    }

    private static String payment(int district, int customer, double amount) {
        return """
            UPDATE warehouse SET w_ytd = w_ytd + %1$s WHERE w_id = 1;
            UPDATE district SET d_ytd = d_ytd + %1$s WHERE d_w_id = 1 AND d_id = %2$d;
            UPDATE customer SET c_balance = c_balance - %1$s, c_payment_cnt = c_payment_cnt + 1,
                c_data = CASE WHEN c_credit = 'BC' THEN left(c_id || ' paid ' || %1$s || c_data, 500) ELSE c_data END
                WHERE c_w_id = 1 AND c_d_id = %2$d AND c_id = %3$d;
            INSERT INTO history(h_c_id, h_d_id, h_w_id, h_date, h_amount, h_data) VALUES (%3$d, %2$d, 1, clock_timestamp(), %1$s, 'main')""".formatted(amount, district, customer);
    }

    /** Of the oldest order that waits. */
    private static String delivery(int district, int carrier) {
        return """
            WITH oldest AS (DELETE FROM new_order WHERE no_w_id = 1 AND no_d_id = %1$d
                    AND no_o_id = (SELECT min(no_o_id) FROM new_order WHERE no_w_id = 1 AND no_d_id = %1$d) RETURNING no_o_id AS o),
                carried AS (UPDATE orders SET o_carrier_id = %2$d FROM oldest
                    WHERE o_w_id = 1 AND o_d_id = %1$d AND o_id = o RETURNING o_c_id),
                lines AS (UPDATE order_line SET ol_delivery_d = clock_timestamp() FROM oldest
                    WHERE ol_w_id = 1 AND ol_d_id = %1$d AND ol_o_id = o RETURNING ol_amount)
            UPDATE customer SET c_balance = c_balance + (SELECT coalesce(sum(ol_amount), 0) FROM lines)
            FROM carried WHERE c_w_id = 1 AND c_d_id = %1$d AND c_id = o_c_id""".formatted(district, carrier);
    }
}
