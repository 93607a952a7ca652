package dev.groundplane.services.s3.external;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.s3.external.WatchedPrefixes.Prefix;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;

/** What others put is seen, what this process told of itself is not, and nothing is forgotten by a process that ends. */
class PrefixWatchTest {
    private static final Prefix PRICES = new Prefix("market", "prices/");

    @TempDir
    private Path directory;

    private ExternalFixture fixture;
    private PrefixWatch watch;

    @BeforeEach
    void open() {
        fixture = new ExternalFixture(directory);
        fixture.client().createBucket(r -> r.bucket("market"));
        fixture.prefixes.wanted.add(PRICES);
        begin();
    }

    /** As a process that starts. */
    private void begin() {
        watch = new PrefixWatch(
                fixture.here.database,
                fixture.outside,
                new ExternalErrors(ExternalFixture.STORE.endpoint()),
                fixture.prefixes,
                fixture.here.service().register(),
                ExternalFixture.STORE.listEvery());
    }

    @AfterEach
    void close() {
        watch.close();
        fixture.close();
    }

    private String put(String key, String text) {
        return fixture.outside
                .putObject(r -> r.bucket("market").key(key), RequestBody.fromString(text))
                .eTag()
                .replace("\"", "");
    }

    /** How often something was said to have changed by one more look. */
    private int look() {
        int before = fixture.prefixes.changes.size();
        watch.look(PRICES);
        return fixture.prefixes.changes.size() - before;
    }

    @Test
    void whatOthersPutIsSeenOnce() {
        put("prices/before", "0");
        assertThat(look()).isOne(); // nobody knows since when it is there
        assertThat(look()).isZero();
        put("prices/a", "1");
        assertThat(look()).isOne();
        assertThat(look()).isZero();
        put("prices/a", "2");
        assertThat(look()).isOne();
        put("elsewhere/a", "1");
        assertThat(look()).isZero();
        assertThat(fixture.prefixes.changes).containsOnly(PRICES);
    }

    @Test
    void whatThisProcessToldOfIsLeftOut() {
        look();
        String etag = put("prices/own", "1");
        watch.toldOf("prices/own", etag, 1);
        assertThat(look()).isZero();
        put("prices/others", "2");
        assertThat(look()).isOne();
    }

    @Test
    void theNextProcessSeesWhatTheLastOneDidNot() {
        put("prices/a", "1");
        look();
        watch.close();
        begin();
        assertThat(look()).isZero();
        watch.close();
        put("prices/while-away", "1");
        begin();
        assertThat(look()).isOne();
    }

    @Test
    void whatAProcessToldOfDoesNotWakeAnyoneAfterItsEnd() {
        look();
        String etag = put("prices/own", "1");
        watch.toldOf("prices/own", etag, 1);
        look();
        watch.close();
        begin();
        assertThat(look()).isZero();
    }

    @Test
    void anS3ThatIsAwayHasNotChanged() {
        put("prices/a", "1");
        look();
        fixture.fail(SdkClientException.create("away"));
        assertThat(look()).isZero();
        fixture.fail(null);
        assertThat(look()).isZero();
    }

    @Test
    void aPrefixThatNobodyWantsAnyMoreIsForgotten() {
        look();
        fixture.prefixes.wanted.clear();
        assertThat(look()).isZero();
        fixture.prefixes.wanted.add(PRICES);
        assertThat(look()).isOne();
    }
}
