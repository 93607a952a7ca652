package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.services.AccessModel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** The part of Amazon S3 that lives as long as the process. Thread-safe. */
public final class S3 implements AutoCloseable {
    /** The tables of buckets and objects. */
    public static final List<Migration> MIGRATIONS = S3Schema.MIGRATIONS;

    private final S3Store store;
    private final AccessDecisions decisions;
    private final Lifecycle lifecycle;

    /**
     * @param database with the tables of {@link #MIGRATIONS}
     * @param directory where contents lie; made if it is not there, and nobody else's than of the processes that share the
     *     database
     * @param encryption seals the files' keys
     * @param decisions whether a caller may delete one of several objects
     * @param clock tells when objects were modified and what has expired
     * @throws dev.groundplane.platform.GroundplaneException when the database is shared, and contents lie in another directory
     */
    public S3(
            Database database, Path directory, Encryption encryption, AccessDecisions decisions, InstantSource clock) {
        this.decisions = decisions;
        long epoch = database.write(
                transaction -> StartTable.begin(transaction, database.replicas().self()));
        ContentFiles files = new ContentFiles(directory, epoch, encryption);
        if (database.shared()) {
            DirectoryMark.check(database, directory);
        }
        store = new S3Store(
                database, files, new ContentStore(files), new Garbage(database, files), new ObjectEvents(), clock);
        lifecycle = new Lifecycle(store);
    }

    /** Whether there are objects in a database with the tables of {@link #MIGRATIONS}. */
    public static boolean hasObjects(Database database) {
        return database.read(VersionTable::any);
    }

    /** Starts to remove what a process that was killed left, and what expires. */
    public void start() {
        store.garbage().start();
        lifecycle.start();
    }

    /** Amazon S3 on behalf of one call. An operation that changes something may be called once. */
    public S3Client client(Call call) {
        return new S3Service(call, store, decisions);
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return access(ObjectsElsewhere.NONE);
    }

    /** The same where the objects are elsewhere. */
    public AccessModel access(ObjectsElsewhere objects) {
        return new S3Access(store, objects);
    }

    /** What is known of buckets whose objects are elsewhere. */
    public BucketRegister register() {
        return new BucketRegister(store, decisions);
    }

    /** What browsers may know of buckets. */
    public CrossOrigin crossOrigin() {
        return new CrossOrigin(store);
    }

    /** Tells what happens to objects. */
    public ObjectEvents events() {
        return store.events();
    }

    /** Whether an account has a bucket of a name in a region. */
    public boolean isBucket(Scope scope, String name) {
        return store.database()
                .read(connection -> BucketTable.find(connection, name))
                .filter(bucket -> bucket.account().equals(scope.account())
                        && bucket.region().equals(scope.region()))
                .isPresent();
    }

    S3Store store() {
        return store;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void close() {
        lifecycle.close();
        store.garbage().close();
    }
}
