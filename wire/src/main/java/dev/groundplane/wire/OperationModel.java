package dev.groundplane.wire;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.protocols.core.OperationInfo;

/**
 * One operation of a service: how it looks on the wire and how it is called on a client.
 *
 * <p>Immutable and thread-safe. Obtained from {@link ServiceModel}.
 */
public final class OperationModel {
    private final ServiceModel service;
    private final String name;
    private final Class<?> requestClass;
    private final OperationInfo binding;
    private final MethodHandle requestBuilder;
    private final @Nullable MethodHandle method;

    OperationModel(
            ServiceModel service,
            String name,
            Class<?> requestClass,
            OperationInfo binding,
            MethodHandle requestBuilder,
            @Nullable MethodHandle method) {
        this.service = service;
        this.name = name;
        this.requestClass = requestClass;
        this.binding = binding;
        this.requestBuilder = requestBuilder;
        this.method = method;
    }

    /** The operation's name in AWS's documentation and in policies, for example {@code RunTask}. */
    public String name() {
        return name;
    }

    /** The service that has this operation. */
    public ServiceModel service() {
        return service;
    }

    /** The SDK's request class. */
    public Class<?> requestClass() {
        return requestClass;
    }

    OperationInfo binding() {
        return binding;
    }

    /** A fresh, empty request builder. */
    SdkPojo newRequestBuilder() {
        try {
            return (SdkPojo) requestBuilder.invoke();
        } catch (Throwable e) {
            throw new LinkageError("cannot build " + requestClass, e);
        }
    }

    /**
     * Calls the operation.
     *
     * @param client an implementation of the service's client interface
     * @param request an instance of {@link #requestClass()}
     * @throws UnsupportedOperationException when {@code client} does not override the operation or it streams
     */
    public SdkPojo invoke(SdkClient client, Object request) {
        if (method == null) {
            throw new UnsupportedOperationException(name + " streams its content");
        }
        try {
            return (SdkPojo) method.invoke(client, request);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("client methods throw unchecked exceptions only", e);
        }
    }
}
