package dev.groundplane.services.s3.external;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.s3.S3Fixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 whose objects are kept by another one, which is this project's own on a database of its own. */
final class ExternalFixture implements AutoCloseable {
    static final Scope HOME = S3Fixture.SCOPE;
    static final ExternalStore STORE = new ExternalStore(
            URI.create("http://other.example"),
            "us-east-1",
            Path.of("none"),
            false,
            Optional.empty(),
            Duration.ofHours(1));

    final S3Fixture here;
    final S3Fixture there;
    /** The other S3, past this one. */
    final S3Client outside;

    final Prefixes prefixes = new Prefixes();
    final ExternalS3 s3;
    private volatile @Nullable RuntimeException failure;

    /** Prefixes that a test wants to be watched, and what it is told. */
    static final class Prefixes implements WatchedPrefixes {
        final Set<Prefix> wanted = ConcurrentHashMap.newKeySet();
        final List<Prefix> changes = new CopyOnWriteArrayList<>();

        @Override
        public Set<Prefix> all() {
            return wanted;
        }

        @Override
        public void changed(Transaction transaction, Prefix prefix, long number) {
            changes.add(prefix);
        }
    }

    ExternalFixture(Path directory) {
        here = new S3Fixture(made(directory.resolve("here")), ExternalS3.MIGRATIONS);
        there = new S3Fixture(made(directory.resolve("there")), List.of());
        outside = (S3Client) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, arguments) -> {
                    if (failure != null) {
                        throw failure;
                    }
                    try {
                        return method.invoke(there.client(), arguments); // a client serves one call
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        s3 = new ExternalS3(
                here.service(),
                here.database,
                STORE,
                outside,
                directory.resolve("spool"),
                HOME,
                prefixes,
                InstantSource.system());
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on every request to the other S3 ends so; null for none. */
    void fail(@Nullable RuntimeException with) {
        failure = with;
    }

    /** The S3 under test, for one call of the installation's account. */
    S3Client client() {
        return client(HOME.account());
    }

    S3Client client(String account) {
        return s3.client(call(account));
    }

    StoredCall call(String account) {
        return new StoredCall(here.database, Caller.root(account, ""), new Scope(account, "us-east-1"));
    }

    @Override
    public void close() {
        failure = null;
        s3.close();
        here.close();
        there.close();
    }
}
