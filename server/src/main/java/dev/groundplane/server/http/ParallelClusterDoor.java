package dev.groundplane.server.http;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.store.Database;
import dev.groundplane.server.metrics.CallMetrics;
import dev.groundplane.services.parallelcluster.ParallelClusterApi;
import dev.groundplane.services.parallelcluster.ParallelClusterException;
import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import dev.groundplane.wire.sigv4.Signature;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers ParallelCluster 3's REST API, which no SDK has a client for. It is one of API Gateway's with IAM's authorisation: a
 * request is signed for {@code execute-api}, and its caller needs {@code execute-api:Invoke} on the API's method and path. Every
 * request leaves a record. Source: AWS ParallelCluster, {@code api/spec/openapi/ParallelCluster.openapi.yaml} and
 * {@code cli/src/pcluster/api}; API Gateway Developer Guide, "Control access for invoking an API". Thread-safe.
 */
public final class ParallelClusterDoor {
    private static final Logger LOG = LoggerFactory.getLogger(ParallelClusterDoor.class);
    private static final String SIGNING_NAME = "execute-api";
    private static final String SERVICE = "parallelcluster";
    /** The API's id and stage in ARNs; AWS makes up an id for each that is deployed. */
    private static final String API = "parallelcluster/prod/";

    private static final String JSON = "application/json";
    private static final int MAX_BODY_BYTES = 1024 * 1024;
    private static final int MAX_NAME = 100;
    private static final Pattern REGION_NAME = Pattern.compile("[a-z]{2}(?:-[a-z]{1,20}){1,3}-[0-9]{1,2}");

    private final Function<Call, ParallelClusterApi> clusters;
    private final FrontDoor door;
    private final Database database;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final Scope home;
    private final CallMetrics calls;

    /**
     * @param clusters the API on behalf of a call
     * @param door verifies and authorises
     * @param home the account and region under which calls of unknown callers are recorded
     * @param calls counts what was answered
     */
    public ParallelClusterDoor(
            Function<Call, ParallelClusterApi> clusters,
            FrontDoor door,
            Database database,
            AuditTrail trail,
            InstantSource clock,
            Scope home,
            CallMetrics calls) {
        this.clusters = clusters;
        this.door = door;
        this.database = database;
        this.trail = trail;
        this.clock = clock;
        this.home = home;
        this.calls = calls;
    }

    /**
     * Whether a request is for the API. Only the signature tells: a bucket may be named {@code v3}. What is unsigned is none of
     * its requests.
     */
    boolean handles(WireRequest request) {
        try {
            return Signature.of(request)
                    .filter(claim -> claim.service().equals(SIGNING_NAME))
                    .isPresent();
        } catch (WireException e) {
            return false; // a signature that cannot be read is refused by the front door
        }
    }

    /**
     * Answers a request that {@link #handles} told to be for the API.
     *
     * @param sourceAddress the peer's address, for the audit record
     * @param scheme {@code http} or {@code https}, as the request came
     */
    WireResponse answer(WireRequest request, String sourceAddress, String scheme) {
        String requestId = FrontDoor.newRequestId();
        String userAgent = request.header("user-agent").orElse("");
        AuditEntry entry = new AuditEntry(requestId, clock.instant(), home, sourceAddress, userAgent);
        LogContext.request(requestId);
        try {
            return answer(request, entry, requestId, sourceAddress, scheme);
        } catch (ParallelClusterException e) {
            return refusal(entry, requestId, e.status(), code(e.status()), Refusal.of(e));
        } catch (WireException e) {
            // Of AWS's two statuses for it, the Query protocol's is API Gateway's: 403 for what nobody may.
            return refusal(
                    entry, requestId, e.status(Protocol.QUERY), e.code(Protocol.REST_JSON), Refusal.of(e.getMessage()));
        } catch (RuntimeException e) { // the outermost loop: nothing leaves without an answer and a record
            return failure(entry, requestId, e);
        } finally {
            entry.count(calls);
        }
    }

    private WireResponse answer(
            WireRequest request, AuditEntry entry, String requestId, String sourceAddress, String scheme) {
        List<String> segments =
                ParallelClusterOperation.segments(request.rawPath()).orElse(List.of());
        List<ParallelClusterOperation> there = ParallelClusterOperation.at(segments);
        Optional<ParallelClusterOperation> meant = there.stream()
                .filter(each -> each.method().equals(request.method()))
                .findFirst();
        String name = meant.map(ParallelClusterOperation::wireName).orElse(request.method());
        entry.about(SERVICE, name.substring(0, Math.min(name.length(), MAX_NAME)));
        if (meant.filter(ParallelClusterOperation::implemented).isPresent()) {
            entry.isImplemented();
        }
        Map<String, List<String>> query = ParallelClusterRequest.query(request);
        Caller caller = admit(request, segments, query, entry, sourceAddress, scheme);
        LogContext.call(SERVICE, entry.operation(), caller.arn());
        if (there.isEmpty()) {
            throw WireException.of(
                    "NotFoundException", 404, "ParallelCluster's API has no path %s".formatted(request.rawPath()));
        }
        if (meant.isEmpty()) {
            return notAllowed(request, there, entry, requestId);
        }
        ParallelClusterOperation operation = meant.get();
        if (!operation.implemented()) {
            throw ParallelClusterCalls.notImplemented(operation);
        }
        if (request.body().length > MAX_BODY_BYTES) {
            throw WireException.of(
                    "RequestEntityTooLargeException",
                    413,
                    "the body is larger than %d bytes".formatted(MAX_BODY_BYTES));
        }
        ParallelClusterRequest asked = ParallelClusterRequest.of(operation, segments, query, request.body());
        entry.asksFor(asked.json());
        AuditedCall call = new AuditedCall(database, trail, entry, caller, requestId);
        Object answer = ParallelClusterCalls.make(operation, asked, clusters.apply(call));
        call.recordIfUncommitted();
        return new WireResponse(
                operation.successStatus(),
                Map.of("Content-Type", JSON, "x-amzn-RequestId", requestId),
                ParallelClusterCalls.encode(answer));
    }

    /**
     * Finds out who calls, and whether they may, in the region that the call is about. The resource has the path as it was
     * understood: however a path is encoded, the same policies match.
     */
    private Caller admit(
            WireRequest request,
            List<String> segments,
            Map<String, List<String>> query,
            AuditEntry entry,
            String sourceAddress,
            String scheme) {
        Signature signature = FrontDoor.require(Signature.of(request), entry);
        Caller known = door.authenticate(request, signature, entry);
        String region = ParallelClusterRequest.single(query, ParallelClusterRequest.REGION)
                .orElse(signature.region());
        if (!REGION_NAME.matcher(region).matches()) {
            throw ParallelClusterException.badRequest("invalid or unsupported region '%s'".formatted(region));
        }
        Scope scope = new Scope(known.account(), region);
        entry.concerns(scope);
        Caller caller = known.calling(FrontDoor.circumstances(request, sourceAddress, scheme, region));
        String path = request.method() + "/" + String.join("/", segments);
        door.authorize(caller, AccessRequest.on(SIGNING_NAME + ":Invoke", scope.arn(SIGNING_NAME, API + path)));
        return caller;
    }

    private WireResponse notAllowed(
            WireRequest request, List<ParallelClusterOperation> there, AuditEntry entry, String requestId) {
        String methods =
                there.stream().map(ParallelClusterOperation::method).sorted().collect(Collectors.joining(", "));
        Refusal refusal = Refusal.of(
                "%s does not have the method %s, but %s".formatted(request.rawPath(), request.method(), methods));
        WireResponse response = refusal(entry, requestId, 405, "MethodNotAllowed", refusal);
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.put("Allow", methods);
        return new WireResponse(response.status(), headers, response.body());
    }

    private WireResponse refusal(AuditEntry entry, String requestId, int status, String code, Refusal refusal) {
        trail.appendLater(entry.failure(code, refusal.message()));
        return new WireResponse(
                status,
                Map.of("Content-Type", JSON, "x-amzn-RequestId", requestId, "x-amzn-ErrorType", code),
                ParallelClusterCalls.encode(refusal));
    }

    /** What is our fault or our resources' is logged, with the id that the caller sees. */
    private WireResponse failure(AuditEntry entry, String requestId, RuntimeException cause) {
        ErrorKind kind = cause instanceof GroundplaneException known ? known.kind() : ErrorKind.INTERNAL_ERROR;
        if (kind != ErrorKind.UNSUITABLE_VALUE) {
            LOG.error("request {} ({}) failed", requestId, entry.operation(), cause);
        }
        String message = String.valueOf(cause.getMessage());
        return switch (kind) {
            case UNSUITABLE_VALUE -> refusal(entry, requestId, 400, code(400), Refusal.of("Bad Request: " + message));
            case INSUFFICIENT_RESOURCES -> refusal(entry, requestId, 503, "ServiceUnavailable", Refusal.of(message));
            case USER_ERROR, EXTERNAL, INTERNAL_ERROR ->
                refusal(
                        entry,
                        requestId,
                        500,
                        code(500),
                        Refusal.of(FrontDoor.internalFailure(requestId).getMessage()));
        };
    }

    /** The API's own name for an error with this status; only records show it. */
    private static String code(int status) {
        return switch (status) {
            case 400 -> "BadRequestException";
            case 404 -> "NotFoundException";
            case 409 -> "ConflictException";
            case 412 -> "DryrunOperationException";
            default -> "InternalServiceException";
        };
    }

    /** The body of an answer that is none of success; null for what it does not have. */
    private record Refusal(
            String message,
            @Nullable List<ConfigValidationMessage> configurationValidationErrors,
            @Nullable List<ConfigValidationMessage> validationMessages) {
        static Refusal of(@Nullable String message) {
            return new Refusal(String.valueOf(message), null, null);
        }

        static Refusal of(ParallelClusterException e) {
            List<ConfigValidationMessage> found = e.validationErrors().isEmpty() ? null : e.validationErrors();
            String message = String.valueOf(e.getMessage());
            return e.status() == 412 ? new Refusal(message, null, found) : new Refusal(message, found, null);
        }
    }
}
