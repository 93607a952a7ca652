package dev.groundplane.server.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrantsTest {
    @Test
    void rightsToEverything() {
        Grants grants = Grants.of(List.of(
                "GRANT `reader` TO `follower`@`%`",
                "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `follower`@`%` IDENTIFIED BY PASSWORD '*0'",
                "SET DEFAULT ROLE `reader` FOR `follower`@`%`"));
        assertThat(grants.has("REPLICATION SLAVE")).isTrue();
        assertThat(grants.has("BINLOG MONITOR")).isTrue();
        assertThat(grants.has("REPLICATION")).isFalse();
        assertThat(grants.mayRead("shop")).isFalse();
        assertThat(Grants.of(List.of("GRANT SELECT, INSERT ON *.* TO `a`@`b`")).mayRead("shop"))
                .isTrue();
        Grants all = Grants.of(List.of("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"));
        assertThat(all.has("BINLOG MONITOR")).isTrue();
        assertThat(all.mayRead("shop")).isTrue();
    }

    @Test
    void databasesOfAGrantArePatterns() {
        assertThat(Grants.of(List.of("GRANT SELECT ON `my_shop`.* TO `a`@`b`")).mayRead("my-shop"))
                .isTrue();
        Grants escaped = Grants.of(List.of("GRANT SELECT ON `my\\_shop`.* TO `a`@`b`"));
        assertThat(escaped.mayRead("my_shop")).isTrue();
        assertThat(escaped.mayRead("my-shop")).isFalse();
        assertThat(escaped.mayRead("my_shop2")).isFalse();
        assertThat(Grants.of(List.of("GRANT ALL PRIVILEGES ON `shop%`.* TO `a`@`b`"))
                        .mayRead("shop.eu"))
                .isTrue();
        assertThat(Grants.of(List.of("GRANT SELECT ON `odd``(name`.* TO `a`@`b`"))
                        .mayRead("odd`(name"))
                .isTrue();
    }

    @Test
    void whatIsOfSingleTablesOrNamesThatLookLikeRightsDoesNotCount() {
        Grants grants = Grants.of(List.of(
                "GRANT SELECT ON `shop`.`item` TO `a`@`b`",
                "GRANT SELECT (`id`) ON `shop`.`price` TO `a`@`b`",
                "GRANT INSERT ON `shop`.* TO `SELECT ON *.* TO `@`b`",
                "GRANT USAGE ON *.* TO `GRANT SELECT ON *.* TO `@`b`"));
        assertThat(grants.mayRead("shop")).isFalse();
        assertThat(grants.has("SELECT")).isFalse();
    }
}
