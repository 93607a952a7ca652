package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.server.metrics.CallMetrics;
import dev.groundplane.services.ssm.InstanceProtocol;
import dev.groundplane.services.ssm.InstanceProtocol.Identity;
import dev.groundplane.services.ssm.InstanceProtocol.Information;
import dev.groundplane.services.ssm.InstanceProtocol.Registration;
import dev.groundplane.services.ssm.InstanceProtocol.RoleToken;
import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.ProtocolErrors;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import dev.groundplane.wire.sigv4.Signature;
import dev.groundplane.wire.sigv4.SignatureVerifier;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what managed instances ask of Systems Manager and no public model has: registration, which is unsigned and opened
 * by an activation's code; credentials and new keys, which are signed with the instance's RSA key; and what an instance
 * tells of itself. Every request leaves a record. Thread-safe.
 */
public final class ManagedInstanceDoor {
    private static final Logger LOG = LoggerFactory.getLogger(ManagedInstanceDoor.class);
    private static final String TARGET = "AmazonSSM.";
    private static final Set<String> OPERATIONS = Set.of(
            "RegisterManagedInstance",
            "RequestManagedInstanceRoleToken",
            "UpdateManagedInstancePublicKey",
            "UpdateInstanceInformation");
    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstanceProtocol protocol;
    private final FrontDoor door;
    private final Database database;
    private final AuditTrail trail;
    private final SignatureVerifier verifier;
    private final InstantSource clock;
    private final Scope home;
    private final CallMetrics calls;

    /**
     * @param door verifies and authorises what is signed with a role's credentials
     * @param home the account and region under which calls of unknown callers are recorded
     * @param calls counts what was answered
     */
    public ManagedInstanceDoor(
            InstanceProtocol protocol,
            FrontDoor door,
            Database database,
            AuditTrail trail,
            InstantSource clock,
            Scope home,
            CallMetrics calls) {
        this.protocol = protocol;
        this.door = door;
        this.database = database;
        this.trail = trail;
        this.verifier = new SignatureVerifier(clock);
        this.clock = clock;
        this.home = home;
        this.calls = calls;
    }

    /** Whether a request is one of these. */
    boolean handles(WireRequest request) {
        String target = request.header("x-amz-target").orElse("");
        return target.startsWith(TARGET) && OPERATIONS.contains(target.substring(TARGET.length()));
    }

    /** Answers a request that {@link #handles} told to be one of these. */
    WireResponse answer(WireRequest request, String sourceAddress) {
        String requestId = FrontDoor.newRequestId();
        String operation = request.header("x-amz-target").orElse("").substring(TARGET.length());
        AuditEntry entry = new AuditEntry(
                requestId,
                clock.instant(),
                home,
                sourceAddress,
                request.header("user-agent").orElse(""));
        entry.about("ssm", operation);
        LogContext.request(requestId);
        LogContext.call("ssm", operation, "");
        entry.isImplemented();
        try {
            JsonNode members = members(request);
            ObjectNode response = switch (operation) {
                case "RegisterManagedInstance" -> register(members, entry, requestId);
                case "RequestManagedInstanceRoleToken" -> roleToken(request, members, entry, requestId);
                case "UpdateManagedInstancePublicKey" -> updateKey(request, members, entry, requestId);
                default -> updateInformation(request, members, entry, requestId);
            };
            return new WireResponse(
                    200,
                    Map.of("Content-Type", "application/x-amz-json-1.1", "x-amzn-RequestId", requestId),
                    JSON.writeValueAsBytes(response));
        } catch (WireException e) {
            trail.appendLater(entry.failure(e.code(Protocol.JSON), String.valueOf(e.getMessage())));
            return ProtocolErrors.encode(Protocol.JSON, e, requestId);
        } catch (RuntimeException
                | IOException e) { // the outermost loop: nothing leaves without an answer and a record
            LOG.error("request {} ({}) failed", requestId, operation, e);
            WireException failure = FrontDoor.internalFailure(requestId);
            trail.appendLater(entry.failure("InternalFailure", String.valueOf(failure.getMessage())));
            return ProtocolErrors.encode(Protocol.JSON, failure, requestId);
        } finally {
            entry.count(calls);
        }
    }

    private static JsonNode members(WireRequest request) {
        if (request.body().length > MAX_BODY_BYTES) {
            throw WireException.serialization("the body is larger than %d bytes".formatted(MAX_BODY_BYTES));
        }
        try {
            JsonNode members = JSON.readTree(request.body());
            if (members.isObject()) {
                return members;
            }
            throw WireException.serialization("the body must be a JSON object");
        } catch (IOException e) {
            throw WireException.serialization("the body is not JSON");
        }
    }

    private ObjectNode register(JsonNode members, AuditEntry entry, String requestId) {
        for (String member : List.of("IamRole", "Tags")) {
            if (members.hasNonNull(member)) {
                throw WireException.of(
                        "ValidationException",
                        400,
                        member + " is not implemented by Groundplane; it comes from the activation");
            }
        }
        Registration registration = new Registration(
                text(members, "ActivationId"),
                text(members, "ActivationCode"),
                text(members, "PublicKey"),
                members.path("PublicKeyType").asText("Rsa"),
                text(members, "Fingerprint"));
        asksFor(entry, members, "ActivationId", "Fingerprint");
        Scope scope = protocol.scopeOf(registration.activationId()).orElse(home);
        entry.concerns(scope);
        Caller unknown = new Caller(scope.account(), "unknown", "", "Unknown", "");
        AuditedCall call = new AuditedCall(database, trail, entry, unknown, requestId);
        return JSON.createObjectNode()
                .put("InstanceId", protocol.register(call, registration).instanceId());
    }

    private ObjectNode roleToken(WireRequest request, JsonNode members, AuditEntry entry, String requestId) {
        String fingerprint = text(members, "Fingerprint");
        asksFor(entry, members, "Fingerprint");
        AuditedCall call = signedByInstance(request, entry, requestId);
        RoleToken token = protocol.roleToken(call, call.caller().userId(), fingerprint);
        return JSON.createObjectNode()
                .put("AccessKeyId", token.credentials().accessKeyId())
                .put("SecretAccessKey", token.credentials().secretAccessKey())
                .put("SessionToken", token.credentials().sessionToken())
                .put("TokenExpirationDate", token.credentials().expiration().getEpochSecond())
                .put("UpdateKeyPair", token.updateKeyPair());
    }

    private ObjectNode updateKey(WireRequest request, JsonNode members, AuditEntry entry, String requestId) {
        String key = text(members, "NewPublicKey");
        String type = text(members, "NewPublicKeyType");
        asksFor(entry, members, "NewPublicKey", "NewPublicKeyType");
        AuditedCall call = signedByInstance(request, entry, requestId);
        protocol.updatePublicKey(call, call.caller().userId(), key, type);
        return JSON.createObjectNode();
    }

    private ObjectNode updateInformation(WireRequest request, JsonNode members, AuditEntry entry, String requestId) {
        String id = text(members, "InstanceId");
        asksFor(entry, members, "InstanceId", "AgentVersion", "ComputerName", "IPAddress", "PlatformName");
        Caller caller = door.admit(request, entry, "ssm:UpdateInstanceInformation");
        if (!caller.userName().equals(id) || !protocol.isRegistered(id)) {
            throw WireException.of(
                    "InvalidInstanceId", 400, "%s cannot tell about instance %s".formatted(caller.arn(), id));
        }
        protocol.updateInformation(
                new AuditedCall(database, trail, entry, caller, requestId),
                id,
                new Information(
                        members.path("AgentVersion").asText(""),
                        members.path("ComputerName").asText(""),
                        members.path("IPAddress").asText(""),
                        members.path("PlatformType").asText(""),
                        members.path("PlatformName").asText(""),
                        members.path("PlatformVersion").asText("")));
        return JSON.createObjectNode();
    }

    private AuditedCall signedByInstance(WireRequest request, AuditEntry entry, String requestId) {
        Signature signature = FrontDoor.require(Signature.of(request), entry);
        String id = signature.accessKeyId();
        Identity identity = protocol.identity(id)
                .orElseThrow(() -> WireException.of("InvalidInstanceId", 400, "Not existing InstanceId " + id));
        verifier.verify(request, signature, identity.publicKey());
        Caller caller = new Caller(
                identity.scope().account(),
                identity.scope().arn("ssm", "managed-instance/" + id),
                id,
                "ManagedInstance",
                id);
        entry.calledBy(caller, identity.scope().region());
        return new AuditedCall(database, trail, entry, caller, requestId);
    }

    /** Only what is named is recorded: whoever asks may be anyone. */
    private static void asksFor(AuditEntry entry, JsonNode members, String... names) {
        ObjectNode asked = JSON.createObjectNode();
        for (String name : names) {
            if (members.path(name).isTextual()) {
                asked.put(name, members.path(name).asText());
            }
        }
        try {
            entry.asksFor(JSON.writeValueAsString(asked));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree always has a JSON form", e);
        }
    }

    private static String text(JsonNode members, String name) {
        JsonNode value = members.path(name);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw WireException.of("ValidationException", 400, "The member %s is missing".formatted(name));
        }
        return value.asText();
    }
}
