package dev.groundplane.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.internal.AwsProtocolMetadata;
import software.amazon.awssdk.awscore.internal.AwsServiceProtocol;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.protocols.core.OperationInfo;

/**
 * What the SDK knows about one service, read from its client interface: protocol, signing name, operations, errors.
 *
 * <p>Operations are looked up one at a time by name, because reflecting over a whole client loads every model class of the
 * service and costs up to a second. Thread-safe.
 */
public final class ServiceModel {
    private final Class<? extends SdkClient> client;
    private final String signingName;
    private final Protocol protocol;
    private final Map<String, Optional<OperationModel>> operations = new ConcurrentHashMap<>();
    private final ErrorModel errors;

    private ServiceModel(Class<? extends SdkClient> client, String signingName, Protocol protocol) {
        this.client = client;
        this.signingName = signingName;
        this.protocol = protocol;
        this.errors = new ErrorModel(this);
    }

    /**
     * Reads the model of a service.
     *
     * @param client the SDK's synchronous client interface, for example {@code EcsClient.class}
     */
    public static ServiceModel of(Class<? extends SdkClient> client) {
        try {
            String signingName = (String) client.getField("SERVICE_NAME").get(null);
            Field metadata = defaultClient(client).getDeclaredField("protocolMetadata");
            metadata.setAccessible(true);
            AwsProtocolMetadata protocol = (AwsProtocolMetadata) metadata.get(null);
            return new ServiceModel(
                    client, signingName, Protocol.of(AwsServiceProtocol.fromValue(protocol.serviceProtocol())));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(client + " is not a client of the SDK version this was written for", e);
        }
    }

    /** The name in credential scopes, for example {@code ecs}. */
    public String signingName() {
        return signingName;
    }

    /** The protocol that the service speaks. */
    public Protocol protocol() {
        return protocol;
    }

    /** The SDK's client interface. */
    public Class<? extends SdkClient> client() {
        return client;
    }

    /** The codec for this service's protocol. */
    public Codec codec() {
        return Codec.of(this);
    }

    ErrorModel errors() {
        return errors;
    }

    /** The operation of that exact name, or empty when the service has none. */
    public Optional<OperationModel> operation(String name) {
        Optional<OperationModel> known = operations.get(name);
        if (known != null) {
            return known;
        }
        Optional<OperationModel> found = load(name).or(() -> loadByClassName(name));
        // Names that do not exist are not remembered: callers could fill the memory with them.
        found.ifPresent(operation -> operations.put(name, found));
        return found;
    }

    /** Every operation that the client interface declares, in alphabetical order. Loads all model classes: slow. */
    public List<OperationModel> allOperations() {
        return requestClassNames().map(this::load).flatMap(Optional::stream).toList();
    }

    private Stream<String> requestClassNames() {
        String prefix = client.getPackageName() + ".model.";
        return Arrays.stream(client.getMethods())
                .filter(m -> m.getParameterCount() > 0)
                .map(m -> m.getParameterTypes()[0].getName())
                .filter(n -> n.startsWith(prefix) && n.endsWith("Request"))
                .map(n -> n.substring(prefix.length(), n.length() - "Request".length()))
                .distinct()
                .sorted();
    }

    /** Some class names differ from the operation's in case (AssumeRoleWithSAML): compare all of them. */
    private Optional<OperationModel> loadByClassName(String name) {
        return requestClassNames()
                .filter(n -> n.equalsIgnoreCase(name) && !n.equals(name))
                .findFirst()
                .flatMap(this::load);
    }

    private Optional<OperationModel> load(String classPrefix) {
        if (!classPrefix.matches("[A-Za-z0-9]{1,100}")) {
            return Optional.empty();
        }
        try {
            String model = client.getPackageName() + ".model." + classPrefix;
            Class<?> request = Class.forName(model + "Request", true, client.getClassLoader());
            Class<?> builder = Class.forName(model + "Request$Builder", true, client.getClassLoader());
            Class<?> response = Class.forName(model + "Response", true, client.getClassLoader());
            OperationInfo binding = binding(classPrefix);
            String name = name(classPrefix, binding);
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Method found = method(lookup, name, response, request);
            return Optional.of(new OperationModel(
                    this,
                    name,
                    request,
                    binding,
                    lookup.findStatic(request, "builder", MethodType.methodType(builder)),
                    found.streaming(),
                    found.handle()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(classPrefix + " is not as in the SDK version this was written for", e);
        }
    }

    private record Method(
            OperationModel.Streaming streaming, @Nullable MethodHandle handle) {}

    /** Operations that stream have a further parameter; those that are streams of events have no method here. */
    private Method method(MethodHandles.Lookup lookup, String name, Class<?> response, Class<?> request)
            throws IllegalAccessException {
        String methodName = Character.toLowerCase(name.charAt(0)) + name.substring(1);
        // What streams its response also has a form with one parameter, which makes a stream of it.
        MethodType opens = MethodType.methodType(Object.class, request, ResponseTransformer.class);
        MethodHandle found = find(lookup, methodName, opens);
        if (found != null) {
            return new Method(OperationModel.Streaming.RESPONSE, found);
        }
        found = find(lookup, methodName, MethodType.methodType(response, request, RequestBody.class));
        if (found != null) {
            return new Method(OperationModel.Streaming.REQUEST, found);
        }
        return new Method(
                OperationModel.Streaming.NONE, find(lookup, methodName, MethodType.methodType(response, request)));
    }

    private @Nullable MethodHandle find(MethodHandles.Lookup lookup, String name, MethodType type)
            throws IllegalAccessException {
        try {
            return lookup.findVirtual(client, name, type);
        } catch (NoSuchMethodException e) {
            return null; // it has another form
        }
    }

    private OperationInfo binding(String classPrefix) throws ReflectiveOperationException {
        Class<?> marshaller = Class.forName(
                client.getPackageName() + ".transform." + classPrefix + "RequestMarshaller",
                true,
                client.getClassLoader());
        Field field = marshaller.getDeclaredField("SDK_OPERATION_BINDING");
        field.setAccessible(true);
        return (OperationInfo) field.get(null);
    }

    /** JSON identifiers are {@code Prefix.Name}, Query's are the name, REST has none. */
    private static String name(String classPrefix, OperationInfo binding) {
        String identifier = binding.operationIdentifier();
        return identifier == null ? classPrefix : identifier.substring(identifier.lastIndexOf('.') + 1);
    }

    static Class<?> defaultClient(Class<? extends SdkClient> client) throws ClassNotFoundException {
        return Class.forName(
                client.getPackageName() + ".Default" + client.getSimpleName(), true, client.getClassLoader());
    }
}
