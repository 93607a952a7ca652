package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.Activation;
import software.amazon.awssdk.services.ssm.model.CreateActivationRequest;
import software.amazon.awssdk.services.ssm.model.CreateActivationResponse;
import software.amazon.awssdk.services.ssm.model.DeleteActivationRequest;
import software.amazon.awssdk.services.ssm.model.DeleteActivationResponse;
import software.amazon.awssdk.services.ssm.model.DescribeActivationsFilter;
import software.amazon.awssdk.services.ssm.model.DescribeActivationsRequest;
import software.amazon.awssdk.services.ssm.model.DescribeActivationsResponse;

/** Activations: the right to register a number of machines until a date. Of the code only a hash is kept. */
final class Activations {
    /** Who assumes the instances' role. */
    static final String PRINCIPAL = "ssm.amazonaws.com";

    private static final Duration DEFAULT_VALIDITY = Duration.ofHours(24);
    private static final Duration LONGEST_VALIDITY = Duration.ofDays(30);
    private static final int MAX_REGISTRATIONS = 1_000;
    private static final int MAX_NAME = 256;
    private static final int MAX_ROLE = 64;
    private static final int MAX_PAGE = 50;
    private static final int MAX_TAGS = 1_000;
    private static final int CODE_LENGTH = 20;
    /** 20 of them have 119 bits, so that a plain hash does not give them away. */
    private static final String CODE_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final InstanceStore store;
    private final RolePassing roles;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Activations(InstanceStore store, RolePassing roles, InstantSource clock) {
        this.store = store;
        this.roles = roles;
        this.clock = clock;
    }

    CreateActivationResponse create(Call call, CreateActivationRequest request) {
        Members.supported(
                request,
                "Description",
                "DefaultInstanceName",
                "IamRole",
                "RegistrationLimit",
                "ExpirationDate",
                "Tags",
                "Tags.*");
        String role = Members.required("iamRole", request.iamRole(), MAX_ROLE);
        checkRole(call, role);
        if (request.tags().size() > MAX_TAGS) {
            throw SsmErrors.validation("An activation has at most %d tags.", MAX_TAGS);
        }
        String id = UUID.randomUUID().toString();
        String code = newCode();
        Activation activation = Activation.builder()
                .activationId(id)
                .description(Members.optional("description", request.description(), MAX_NAME))
                .defaultInstanceName(Members.optional("defaultInstanceName", request.defaultInstanceName(), MAX_NAME))
                .iamRole(role)
                .registrationLimit(
                        Members.between("registrationLimit", request.registrationLimit(), 1, MAX_REGISTRATIONS, 1))
                .registrationsCount(0)
                .createdDate(clock.instant())
                .expirationDate(expiration(request.expirationDate()))
                .tags(request.tags())
                .build();
        Map<String, String> extra =
                Map.of(InstanceStore.SCOPE, InstanceStore.key(call.scope()), InstanceStore.CODE_HASH, hash(code));
        return call.commit(tx -> {
            store.activations().insert(tx, InstanceStore.GLOBAL, id, activation, extra);
            return CreateActivationResponse.builder()
                    .activationId(id)
                    .activationCode(code)
                    .build();
        });
    }

    void checkRole(Call call, String role) {
        switch (roles.pass(call.caller(), role, PRINCIPAL)) {
            case PASSED -> {}
            case NOT_ALLOWED ->
                throw SsmErrors.accessDenied(
                        "User: %s is not authorized to perform: iam:PassRole on resource: %s",
                        call.caller().arn(), role);
            case NO_SUCH_ROLE -> throw SsmErrors.validation("Not existing role: %s", role);
            case NOT_TRUSTED ->
                throw SsmErrors.validation(
                        "Nonexistent role or missing ssm service principal in trust policy: %s", role);
        }
    }

    private Instant expiration(@Nullable Instant wanted) {
        Instant now = clock.instant();
        Instant end = Objects.requireNonNullElse(wanted, now.plus(DEFAULT_VALIDITY));
        if (!end.isAfter(now) || end.isAfter(now.plus(LONGEST_VALIDITY))) {
            throw SsmErrors.validation(
                    "The expiration date %s must be after now and at most %d days ahead",
                    end, LONGEST_VALIDITY.toDays());
        }
        return end;
    }

    private String newCode() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < CODE_LENGTH; i++) {
            code.append(CODE_ALPHABET.charAt(random.nextInt(CODE_ALPHABET.length())));
        }
        return code.toString();
    }

    private static String hash(String code) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** The activation of that id, when the code is its. */
    Optional<Stored<Activation>> open(Transaction tx, String id, String code) throws SQLException {
        return store.activations()
                .find(tx, InstanceStore.GLOBAL, id)
                .filter(activation -> MessageDigest.isEqual(
                        hash(code).getBytes(StandardCharsets.US_ASCII),
                        activation
                                .extra()
                                .getOrDefault(InstanceStore.CODE_HASH, "")
                                .getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * Takes one registration off what the activation is good for.
     *
     * @throws dev.groundplane.wire.WireException when it has ended or is used up
     */
    void use(Transaction tx, Stored<Activation> stored) throws SQLException {
        Activation activation = stored.value();
        if (isExpired(activation)) {
            throw SsmErrors.protocol(
                    "ActivationExpired",
                    "The activation %s expired at %s",
                    activation.activationId(),
                    activation.expirationDate());
        }
        if (activation.registrationsCount() >= activation.registrationLimit()) {
            throw SsmErrors.protocol(
                    "RegistrationLimitExceeded",
                    "The activation %s is good for %d registrations, which are used up",
                    activation.activationId(),
                    activation.registrationLimit());
        }
        store.activations()
                .update(
                        tx,
                        stored.with(activation.toBuilder()
                                .registrationsCount(activation.registrationsCount() + 1)
                                .build()));
    }

    private boolean isExpired(Activation activation) {
        return !activation.expirationDate().isAfter(clock.instant());
    }

    DescribeActivationsResponse describe(Scope scope, DescribeActivationsRequest request) {
        int limit = Members.between("maxResults", request.maxResults(), 1, MAX_PAGE, MAX_PAGE);
        List<Activation> found = new ArrayList<>();
        Optional<String> next = Optional.of(Members.after(request.nextToken()));
        while (next.isPresent() && found.size() < limit) {
            Page<Activation> page = store.activations()
                    .listByIndex(
                            InstanceStore.GLOBAL,
                            InstanceStore.SCOPE,
                            InstanceStore.key(scope),
                            next.get(),
                            limit - found.size());
            page.items().stream()
                    .map(Stored::value)
                    .filter(activation -> request.filters().stream().allMatch(filter -> passes(filter, activation)))
                    .forEach(activation -> found.add(activation.toBuilder()
                            .expired(isExpired(activation))
                            .build()));
            next = page.next();
        }
        return DescribeActivationsResponse.builder()
                .activationList(found)
                .nextToken(Members.token(next))
                .build();
    }

    private static boolean passes(DescribeActivationsFilter filter, Activation activation) {
        return switch (Objects.requireNonNullElse(filter.filterKeyAsString(), "")) {
            case "ActivationIds" -> filter.filterValues().contains(activation.activationId());
            case "DefaultInstanceName" -> filter.filterValues().contains(activation.defaultInstanceName());
            case "IamRole" -> filter.filterValues().contains(activation.iamRole());
            default ->
                throw SsmErrors.validation(
                        "The filter key '%s' is not valid; valid are ActivationIds, DefaultInstanceName and IamRole",
                        filter.filterKeyAsString());
        };
    }

    DeleteActivationResponse delete(Call call, DeleteActivationRequest request) {
        String id = Objects.requireNonNullElse(request.activationId(), "");
        if (!id.matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")) {
            throw SsmErrors.invalidActivationId(id);
        }
        return call.commit(tx -> {
            Stored<Activation> activation = store.activations()
                    .find(tx, InstanceStore.GLOBAL, id)
                    .filter(found -> InstanceStore.scope(found.extra()).equals(call.scope()))
                    .orElseThrow(() -> SsmErrors.noSuchActivation(id));
            store.activations().delete(tx, activation);
            return DeleteActivationResponse.builder().build();
        });
    }
}
