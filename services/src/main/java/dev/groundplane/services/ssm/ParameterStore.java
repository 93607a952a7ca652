package dev.groundplane.services.ssm;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;

/** Parameters by name, with their tags as extras, and versions by {@code name:number} with sealed values. Thread-safe. */
final class ParameterStore {
    private static final String VALUE = "value";
    private static final String VERSION_TYPE = "ssm:parameter-version";

    private final Resources<ParameterMetadata> parameters;
    private final Resources<ParameterHistory> versions;
    private final Encryption encryption;

    ParameterStore(Database database, Events events, Encryption encryption) {
        this.encryption = encryption;
        WireForm<ParameterMetadata> parameter = WireForm.of(ParameterMetadata.class, ParameterMetadata::builder);
        WireForm<ParameterHistory> version = WireForm.of(ParameterHistory.class, ParameterHistory::builder);
        parameters = new Resources<>(
                database, events, ResourceType.of("ssm:parameter", parameter::encode, parameter::decode));
        versions = new Resources<>(database, events, ResourceType.of(VERSION_TYPE, version::encode, version::decode));
    }

    Resources<ParameterMetadata> parameters() {
        return parameters;
    }

    Resources<ParameterHistory> versions() {
        return versions;
    }

    /** A parameter by the name that a caller gave. To AWS {@code /name} and {@code name} are one: they have one ARN. */
    Optional<Stored<ParameterMetadata>> find(Scope scope, String name) {
        Optional<Stored<ParameterMetadata>> found = parameters.find(scope, name);
        return found.isPresent() ? found : parameters.find(scope, otherForm(name));
    }

    /** A parameter by the name that a caller gave, as the open transaction sees it. */
    Optional<Stored<ParameterMetadata>> find(Transaction tx, Scope scope, String name) throws SQLException {
        Optional<Stored<ParameterMetadata>> found = parameters.find(tx, scope, name);
        return found.isPresent() ? found : parameters.find(tx, scope, otherForm(name));
    }

    private static String otherForm(String name) {
        return name.startsWith("/") ? name.substring(1) : "/" + name;
    }

    /** Under what name a version is kept; in order of versions. */
    static String key(String name, long version) {
        return "%s:%010d".formatted(name, version);
    }

    List<Stored<ParameterHistory>> versions(Scope scope, String name) {
        return versions.list(scope, name + ":", "", Resources.ALL).items();
    }

    List<Stored<ParameterHistory>> versions(Transaction tx, Scope scope, String name) throws SQLException {
        return versions.list(tx, scope, name + ":", "", Resources.ALL).items();
    }

    /** Stores a version and its value. */
    void add(Transaction tx, Scope scope, ParameterHistory version, String value) throws SQLException {
        String key = key(version.name(), version.version());
        String sealed = encryption.seal(VERSION_TYPE, sealedFor(scope, key), value);
        versions.insert(tx, scope, key, version, Map.of(VALUE, sealed));
    }

    /** A version's value in clear. */
    String open(Stored<ParameterHistory> version) {
        try {
            return encryption.open(VERSION_TYPE, sealedFor(version.scope(), version.name()), ciphertext(version));
        } catch (SealedException e) {
            throw new GroundplaneException(
                    ErrorKind.INTERNAL_ERROR,
                    "cannot decrypt version %s: %s".formatted(version.name(), e.getMessage()),
                    e);
        }
    }

    /** What AWS returns for a SecureString without decryption: its ciphertext in base64. */
    static String ciphertext(Stored<ParameterHistory> version) {
        return version.extra().getOrDefault(VALUE, "");
    }

    private static String sealedFor(Scope scope, String key) {
        return scope.account() + "/" + scope.region() + "/" + key;
    }

    /** Removes a parameter with all its versions. */
    void remove(Transaction tx, Stored<ParameterMetadata> parameter) throws SQLException {
        for (Stored<ParameterHistory> version : versions(tx, parameter.scope(), parameter.name())) {
            versions.delete(tx, version);
        }
        parameters.delete(tx, parameter);
    }
}
