package dev.groundplane.server.http;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.store.Database;
import dev.groundplane.server.metrics.CallMetrics;
import dev.groundplane.services.iam.Authorizer;
import dev.groundplane.services.iam.Principal;
import dev.groundplane.wire.Codec;
import dev.groundplane.wire.OpenEnded;
import dev.groundplane.wire.OperationModel;
import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.ProtocolErrors;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireForm;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import dev.groundplane.wire.sigv4.Signature;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** Answers AWS API requests. Every request leaves a record, also one that is refused. Thread-safe. */
public final class FrontDoor {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,300}");
    private static final Pattern ACTION = Pattern.compile("(?:^|&)Action=([A-Za-z0-9]{1,100})");

    private final ServiceCatalog catalog;
    private final Database database;
    private final AuditTrail trail;
    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final InstantSource clock;
    private final Scope home;
    private final CallMetrics calls;

    /**
     * @param home the account and region under which calls of unknown callers are recorded
     * @param calls counts what was answered
     */
    public FrontDoor(
            ServiceCatalog catalog,
            Database database,
            AuditTrail trail,
            Authenticator authenticator,
            Authorizer authorizer,
            InstantSource clock,
            Scope home,
            CallMetrics calls) {
        this.catalog = catalog;
        this.database = database;
        this.trail = trail;
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.clock = clock;
        this.home = home;
        this.calls = calls;
    }

    /** An authenticated and authorised request that is not an operation: an agent's WebSocket. */
    record Admission(Scope scope, Caller caller) {}

    /**
     * Answers one request.
     *
     * @param sourceAddress the peer's address, for the audit record
     * @param scheme {@code http} or {@code https}, as the request came
     */
    WireResponse answer(WireRequest request, String sourceAddress, String scheme) {
        String requestId = newRequestId();
        AuditEntry entry = entry(requestId, request, sourceAddress);
        WireResponse response = answer(request, entry, requestId, sourceAddress, scheme);
        entry.count(calls);
        return response;
    }

    private WireResponse answer(
            WireRequest request, AuditEntry entry, String requestId, String sourceAddress, String scheme) {
        Optional<ServiceEndpoint> endpoint = Optional.empty();
        try {
            Optional<Signature> claim = Signature.of(request);
            endpoint = claim.isPresent() ? catalog.find(claim.get()) : catalog.guess(request);
            describe(entry, endpoint, request);
            if (claim.isEmpty()
                    && endpoint.filter(e -> e.answersUnsigned(entry.operation()))
                            .isPresent()) {
                Caller unknown = new Caller(home.account(), "unknown", "", "Unknown", "")
                        .calling(circumstances(request, sourceAddress, scheme, home.region()));
                return call(endpoint.get(), request, entry, unknown, requestId, scheme);
            }
            Signature signature = require(claim, entry);
            ServiceEndpoint claimed = endpoint.orElse(null);
            WireRequest signed = signature.ofVersion2() && claimed != null ? claimed.located(request) : request;
            Principal principal = authenticator.authenticate(signed, signature, entry);
            Caller caller =
                    principal.caller().calling(circumstances(request, sourceAddress, scheme, signature.region()));
            ServiceEndpoint service =
                    endpoint.orElseThrow(() -> WireException.notImplemented("service", signature.service()));
            WireRequest checked = authenticator.checked(request, signature, principal);
            return call(service, service.located(checked), entry, caller, requestId, scheme);
        } catch (WireException e) {
            Protocol protocol = endpoint.map(s -> s.model().protocol()).orElseGet(() -> ProtocolErrors.guess(request));
            return refusal(protocol, entry, requestId, e);
        } catch (RuntimeException e) { // the outermost loop: nothing leaves without an answer and a record
            return failure(ProtocolErrors.guess(request), entry, requestId, e);
        }
    }

    /** How a request is answered that is not an operation's by itself. */
    interface Answering {
        /** @throws WireException or what the service throws, to refuse */
        WireResponse answer(AuditEntry entry, String requestId);
    }

    /**
     * Answers a request of a service in another way than {@link #answer(WireRequest, String, String)}, but with the same
     * records, errors and ids.
     *
     * @param operation what the record calls it
     * @param answering leaves the record of success
     */
    WireResponse answer(
            ServiceEndpoint service, String operation, WireRequest request, String sourceAddress, Answering answering) {
        String requestId = newRequestId();
        AuditEntry entry = entry(requestId, request, sourceAddress);
        entry.about(service.actionPrefix(), operation);
        entry.isImplemented();
        try {
            return answering.answer(entry, requestId);
        } catch (AwsServiceException e) {
            return refusal(service.codec(), entry, requestId, e);
        } catch (WireException e) {
            return refusal(service.model().protocol(), entry, requestId, e);
        } catch (RuntimeException e) { // the outermost loop, as above
            return failure(service.model().protocol(), entry, requestId, e);
        } finally {
            entry.count(calls);
        }
    }

    private WireResponse refusal(Protocol protocol, AuditEntry entry, String requestId, WireException e) {
        trail.appendLater(entry.failure(e.code(protocol), String.valueOf(e.getMessage())));
        return ProtocolErrors.encode(protocol, e, requestId);
    }

    private WireResponse refusal(Codec codec, AuditEntry entry, String requestId, AwsServiceException e) {
        WireResponse response = codec.encodeError(e, requestId);
        trail.appendLater(entry.failure(errorCode(response, e), errorMessage(e)));
        return response;
    }

    /** Whether the body of a request is content that streams to a service; only its head is looked at. */
    boolean streams(WireRequest head) {
        try {
            return Signature.of(head)
                    .flatMap(catalog::find)
                    .filter(service -> service.streams(head))
                    .isPresent();
        } catch (WireException e) {
            return false; // it is refused with its body
        }
    }

    static WireException internalFailure(String requestId) {
        return WireException.of("InternalFailure", 500, "internal error; the log has it under request " + requestId);
    }

    /**
     * Calls the operation that a request means, for a caller who is authenticated, and records it.
     *
     * @throws WireException when the request cannot be read or is not allowed, which the caller of this records
     */
    WireResponse call(
            ServiceEndpoint service,
            WireRequest request,
            AuditEntry entry,
            Caller caller,
            String requestId,
            String scheme) {
        Codec codec = service.codec();
        try {
            OperationModel operation = codec.operation(request)
                    .orElseThrow(() -> WireException.unknownOperation(
                            "%s has no operation %s.".formatted(service.actionPrefix(), entry.operation())));
            entry.about(service.actionPrefix(), operation.name());
            LogContext.call(service.actionPrefix(), operation.name(), caller.arn());
            if (service.implementsOperation(operation)) {
                entry.isImplemented();
            }
            SdkPojo decoded = codec.decode(operation, request);
            entry.asksFor(WireForm.parameters(decoded));
            for (AccessRequest asked : service.asked(caller, entry.scope(), operation, decoded)) {
                authorize(caller, asked);
            }
            if (!service.implementsOperation(operation)) {
                throw WireException.notImplemented(service.actionPrefix(), operation.name());
            }
            AuditedCall call = new AuditedCall(database, trail, entry, caller, requestId, reached(request, scheme));
            WireResponse answer = Invocation.of(operation, service.service(call), decoded, request)
                    .encoded(codec, requestId);
            call.recordIfUncommitted();
            countContent(service, operation, request, answer);
            return answer;
        } catch (AwsServiceException e) {
            return refusal(codec, entry, requestId, e);
        } catch (WireException e) {
            throw e;
        } catch (RuntimeException e) {
            return failure(service.model().protocol(), entry, requestId, e);
        }
    }

    private void countContent(
            ServiceEndpoint service, OperationModel operation, WireRequest request, WireResponse answer) {
        switch (operation.streaming()) {
            case NONE -> {}
            case REQUEST -> {
                if (!(request.content() instanceof OpenEnded)) { // a form says how long all of it is, not its file
                    calls.received(service.actionPrefix(), Invocation.length(request));
                }
            }
            case RESPONSE ->
                calls.sent(
                        service.actionPrefix(), Long.parseLong(answer.headers().getOrDefault("Content-Length", "0")));
        }
    }

    /** The signature covers the Host header, so it is what the caller really meant. */
    private static Optional<String> reached(WireRequest request, String scheme) {
        return request.header("host")
                .filter(host -> HOST.matcher(host).matches())
                .map(host -> scheme + "://" + host);
    }

    /** What is our fault or our resources' is logged, with the id that the caller sees. */
    private WireResponse failure(Protocol protocol, AuditEntry entry, String requestId, RuntimeException cause) {
        ErrorKind kind = cause instanceof GroundplaneException known ? known.kind() : ErrorKind.INTERNAL_ERROR;
        if (kind != ErrorKind.UNSUITABLE_VALUE) {
            LOG.error("request {} ({}) failed", requestId, entry.operation(), cause);
        }
        String message = String.valueOf(cause.getMessage());
        WireException error = switch (kind) {
            case UNSUITABLE_VALUE -> WireException.of("ValidationException", 400, "ValidationError", 400, message);
            case INSUFFICIENT_RESOURCES -> WireException.of("ServiceUnavailable", 503, message);
            case USER_ERROR, EXTERNAL, INTERNAL_ERROR -> internalFailure(requestId);
        };
        trail.appendLater(entry.failure(error.code(protocol), String.valueOf(error.getMessage())));
        return ProtocolErrors.encode(protocol, error, requestId);
    }

    private static String errorCode(WireResponse response, AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String header = response.headers().get("x-amzn-ErrorType");
        return header != null
                ? header
                : details != null && details.errorCode() != null
                        ? details.errorCode()
                        : e.getClass().getSimpleName();
    }

    /** Without what the SDK adds to it for its own users. */
    private static String errorMessage(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details != null && details.errorMessage() != null
                ? details.errorMessage()
                : String.valueOf(e.getMessage());
    }

    /**
     * Authenticates and authorises a request that is no operation, for example an agent's WebSocket, and records it.
     *
     * @param action what it asks to do, for example {@code ecs:Poll}
     * @throws WireException when it may not
     */
    Admission admit(WireRequest request, String sourceAddress, String action) {
        AuditEntry entry = entry(newRequestId(), request, sourceAddress);
        int colon = action.indexOf(':');
        entry.about(action.substring(0, colon), action.substring(colon + 1));
        entry.isImplemented();
        try {
            Caller caller = admit(request, entry, action);
            trail.appendLater(entry.success(null));
            return new Admission(entry.scope(), caller);
        } catch (WireException e) {
            trail.appendLater(entry.failure(e.code(Protocol.JSON), String.valueOf(e.getMessage())));
            throw e;
        } finally {
            entry.count(calls);
        }
    }

    /** Authenticates and authorises a request that another records. */
    Caller admit(WireRequest request, AuditEntry entry, String action) {
        Signature signature = require(Signature.of(request), entry);
        Caller caller = authenticator
                .authenticate(request, signature, entry)
                .caller()
                .calling(Map.of("aws:requestedregion", List.of(signature.region())));
        authorize(caller, AccessRequest.onEverything(action));
        return caller;
    }

    /**
     * Tells whose request it is that another authorises and records.
     *
     * @throws WireException when the signature is not the caller's
     */
    Caller authenticate(WireRequest request, Signature signature, AuditEntry entry) {
        return authenticator.authenticate(request, signature, entry).caller();
    }

    /** What policies can ask about the HTTP request. */
    static Map<String, List<String>> circumstances(
            WireRequest request, String sourceAddress, String scheme, String region) {
        return Map.of(
                "aws:sourceip", List.of(sourceAddress),
                "aws:securetransport", List.of(Boolean.toString(scheme.equals("https"))),
                "aws:requestedregion", List.of(region),
                "aws:useragent", List.of(request.header("user-agent").orElse("")));
    }

    private AuditEntry entry(String requestId, WireRequest request, String sourceAddress) {
        String userAgent = request.header("user-agent").orElse("");
        LogContext.request(requestId);
        return new AuditEntry(requestId, clock.instant(), home, sourceAddress, userAgent);
    }

    static Signature require(Optional<Signature> claim, AuditEntry entry) {
        Signature signature = claim.orElseThrow(() -> WireException.of(
                "MissingAuthenticationTokenException",
                400,
                "MissingAuthenticationToken",
                403,
                "Missing Authentication Token"));
        entry.claimedBy(signature.accessKeyId());
        return signature;
    }

    /** Ids need to differ, not to be secret, and a secure source would cost a system call each. */
    static String newRequestId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** @throws WireException when the caller may not */
    void authorize(Caller caller, AccessRequest asked) {
        Decision decision = authorizer.decide(caller, asked);
        if (!decision.isAllowed()) {
            throw WireException.of(
                    "AccessDeniedException", 400, "AccessDenied", 403, Authorizer.refusal(caller, asked, decision));
        }
    }

    /** Names the operation in the record as well as the undecoded request tells it. */
    private static void describe(AuditEntry entry, Optional<ServiceEndpoint> endpoint, WireRequest request) {
        String target = request.header("x-amz-target").orElse("");
        String operation = target.substring(target.lastIndexOf('.') + 1);
        Optional<String> routed = endpoint.filter(e -> e.model().protocol() == Protocol.REST_XML)
                .flatMap(e -> e.codec().operation(e.located(request)))
                .map(OperationModel::name);
        if (routed.isPresent()) {
            operation = routed.get();
        } else if (operation.isEmpty()) {
            String form = request.rawQuery() + "&" + new String(request.body(), StandardCharsets.UTF_8);
            Matcher action = ACTION.matcher(form);
            operation = action.find() ? action.group(1) : request.method();
        }
        entry.about(
                endpoint.map(ServiceEndpoint::actionPrefix).orElse("unknown"),
                operation.substring(0, Math.min(operation.length(), 100)));
    }
}
