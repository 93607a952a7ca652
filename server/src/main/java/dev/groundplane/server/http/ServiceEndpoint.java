package dev.groundplane.server.http;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.wire.Codec;
import dev.groundplane.wire.OperationModel;
import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.ServiceModel;
import dev.groundplane.wire.WireRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;

/**
 * A service behind the front door. Its classes are loaded with its first call, because loading a service's model costs up
 * to a second. Thread-safe.
 */
public final class ServiceEndpoint {
    private final Class<? extends SdkClient> client;
    private final Class<? extends SdkClient> implementation;
    private final String actionPrefix;
    private final String hint;
    private final AccessModel access;
    private final Function<Call, SdkClient> factory;
    private final UnaryOperator<WireRequest> located;
    private final Set<String> unsigned;
    private volatile @Nullable Loaded loaded;

    private record Loaded(ServiceModel model, Codec codec, Set<Class<?>> implemented) {}

    /**
     * @param client the SDK's client interface
     * @param implementation the class that {@code factory} makes instances of
     * @param actionPrefix the service's prefix in policies and, with {@code .amazonaws.com}, its event source
     * @param hint what tells an unsigned request's service: the prefix of {@code X-Amz-Target}, or Query's API version
     * @param access what its operations ask to do
     * @param factory makes the service for a call
     */
    public <C extends SdkClient> ServiceEndpoint(
            Class<C> client,
            Class<? extends C> implementation,
            String actionPrefix,
            String hint,
            AccessModel access,
            Function<Call, ? extends C> factory) {
        this(client, implementation, actionPrefix, hint, access, factory::apply, UnaryOperator.identity(), Set.of());
    }

    private ServiceEndpoint(
            Class<? extends SdkClient> client,
            Class<? extends SdkClient> implementation,
            String actionPrefix,
            String hint,
            AccessModel access,
            Function<Call, SdkClient> factory,
            UnaryOperator<WireRequest> located,
            Set<String> unsigned) {
        this.client = client;
        this.implementation = implementation;
        this.actionPrefix = actionPrefix;
        this.hint = hint;
        this.access = access;
        this.factory = factory;
        this.located = located;
        this.unsigned = unsigned;
    }

    /** The same with operations that AWS answers also without a signature; they check who calls in another way. */
    public ServiceEndpoint answeringUnsigned(String... operations) {
        return new ServiceEndpoint(
                client, implementation, actionPrefix, hint, access, factory, located, Set.of(operations));
    }

    /**
     * The same with requests that do not say everything in their path.
     *
     * @param locating brings what a request says elsewhere, as in its host's name, into the path that the model knows
     */
    public ServiceEndpoint locatedBy(UnaryOperator<WireRequest> locating) {
        return new ServiceEndpoint(client, implementation, actionPrefix, hint, access, factory, locating, unsigned);
    }

    String actionPrefix() {
        return actionPrefix;
    }

    String hint() {
        return hint;
    }

    /** Signing name, protocol and operations. */
    public ServiceModel model() {
        return loaded().model();
    }

    Codec codec() {
        return loaded().codec();
    }

    /** The request as the service's model has it. Signatures are of the request as it came. */
    WireRequest located(WireRequest request) {
        return located.apply(request);
    }

    /** Whether a request's body is content that streams to the service; only its head is looked at. */
    boolean streams(WireRequest head) {
        Protocol protocol = model().protocol();
        return (protocol == Protocol.REST_XML || protocol == Protocol.REST_JSON)
                && codec().operation(located(head))
                        .filter(operation -> operation.streaming() == OperationModel.Streaming.REQUEST)
                        .isPresent();
    }

    /** What a decoded request asks to do; the caller needs all of it. */
    List<AccessRequest> asked(Caller caller, Scope scope, OperationModel operation, SdkPojo request) {
        return access.asked(caller, scope, operation.name(), request);
    }

    boolean answersUnsigned(String operation) {
        return unsigned.contains(operation);
    }

    SdkClient service(Call call) {
        return factory.apply(call);
    }

    /** Whether the implementation overrides the operation. */
    public boolean implementsOperation(OperationModel operation) {
        return loaded().implemented().contains(operation.requestClass());
    }

    private Loaded loaded() {
        Loaded known = loaded;
        if (known == null) {
            ServiceModel model = ServiceModel.of(client);
            known = new Loaded(model, model.codec(), implemented());
            loaded = known;
        }
        return known;
    }

    /** By their request; operations that stream have a further parameter. */
    private Set<Class<?>> implemented() {
        return Stream.of(implementation.getMethods())
                .filter(m -> !m.getDeclaringClass().isInterface() && m.getParameterCount() > 0)
                .map(m -> m.getParameterTypes()[0])
                .filter(SdkRequest.class::isAssignableFrom)
                .collect(Collectors.toSet());
    }
}
