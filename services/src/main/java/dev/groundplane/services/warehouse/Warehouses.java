package dev.groundplane.services.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.Call;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The warehouses of all services that make some, for whoever listens for their clients and runs them. Thread-safe. */
public final class Warehouses {
    private final Map<Warehouse.Kind, WarehouseFace> faces;
    private final DatabasePrincipals principals;
    private final TemporaryPasswords passwords;
    private final DatabasePorts ports;

    /** @param faces one for each kind */
    public Warehouses(List<WarehouseFace> faces, WarehouseFoundation foundation) {
        this.faces = faces.stream().collect(Collectors.toUnmodifiableMap(WarehouseFace::kind, Function.identity()));
        this.principals = foundation.principals();
        this.passwords = foundation.passwords();
        this.ports = foundation.ports();
    }

    /** All that are wanted, of every account. */
    public List<Warehouse> all() {
        return faces.values().stream()
                .flatMap(face -> face.warehouses().stream())
                .toList();
    }

    /** Has something done, on another thread, whenever they have changed. */
    public void onChange(Runnable action) {
        faces.values().forEach(face -> face.onChange(action));
    }

    /** See {@link WarehouseFace#served}. */
    public void served(Collection<Warehouse> warehouses) {
        ports.served(warehouses);
        faces.forEach((kind, face) -> face.served(warehouses.stream()
                .filter(warehouse -> warehouse.kind() == kind)
                .toList()));
    }

    /** See {@link WarehouseFace#isAvailable}; false when it is of no kind that there is. */
    public boolean isAvailable(Warehouse warehouse) {
        return Optional.ofNullable(faces.get(warehouse.kind()))
                .filter(face -> face.isAvailable(warehouse))
                .isPresent();
    }

    private Optional<Administration> administration(Warehouse warehouse) {
        return Optional.ofNullable(faces.get(warehouse.kind())).flatMap(face -> face.administration(warehouse));
    }

    /**
     * What somebody is who has shown a password.
     *
     * @param user of the database
     * @param database the only one that it may connect to; empty for all
     */
    public record Login(String user, Optional<String> database) {}

    /** The verifiers of the passwords by which somebody logs in now: a user's own one, or temporary ones. */
    public List<ScramVerifier> verifiers(Warehouse warehouse, String login) {
        return Stream.concat(
                        own(warehouse, login), passwords.of(warehouse.scope(), warehouse.namespaceId(), login).stream())
                .toList();
    }

    private Stream<ScramVerifier> own(Warehouse warehouse, String login) {
        Optional<Administration> administrator =
                administration(warehouse).filter(found -> found.user().equals(login));
        return administrator.isPresent()
                ? administrator.flatMap(Administration::verifier).stream()
                : principals.verifiers(warehouse.scope(), warehouse.namespaceId(), login).stream();
    }

    /**
     * Who somebody is who has shown a password.
     *
     * @param shown one of {@link #verifiers} when the password was asked for
     * @return empty when the password has ended since then
     */
    public Optional<Login> login(Warehouse warehouse, String login, ScramVerifier shown) {
        if (own(warehouse, login).anyMatch(shown::isSamePassword)) {
            return Optional.of(new Login(login, Optional.empty()));
        }
        return passwords
                .login(warehouse.scope(), warehouse.namespaceId(), login, shown)
                .map(temporary -> new Login(temporary.user(), temporary.database()));
    }

    /**
     * All users, groups and roles of a warehouse's databases, without their passwords.
     *
     * @return an object with the lists {@code users}, {@code groups} and {@code roles}
     */
    public JsonNode principals(Warehouse warehouse) {
        return principals.read(warehouse.scope(), warehouse.namespaceId(), administrator(warehouse));
    }

    /**
     * Makes changes that the warehouse wants, all or none.
     *
     * @param call records them
     * @param changes see {@link DatabasePrincipals#change}
     * @return as {@link #principals}, afterwards
     */
    public JsonNode changePrincipals(Call call, Warehouse warehouse, JsonNode changes) {
        return principals.change(call, warehouse.namespaceId(), administrator(warehouse), changes);
    }

    private String administrator(Warehouse warehouse) {
        return administration(warehouse)
                .map(Administration::user)
                .orElseThrow(() -> new NoSuchPrincipalException(warehouse.title()));
    }

    /** The roles that a warehouse's statements may act as now. */
    public NamespaceRoles roles(Warehouse warehouse) {
        return administration(warehouse)
                .map(Administration::roles)
                .orElseGet(() -> new NamespaceRoles(List.of(), Optional.empty()));
    }
}
