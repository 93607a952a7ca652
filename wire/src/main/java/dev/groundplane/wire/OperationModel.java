package dev.groundplane.wire;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
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
    private final Streaming streaming;
    private final @Nullable MethodHandle method;

    /** Which side of an operation carries content that streams, besides its members. */
    public enum Streaming {
        NONE,
        REQUEST,
        RESPONSE
    }

    OperationModel(
            ServiceModel service,
            String name,
            Class<?> requestClass,
            OperationInfo binding,
            MethodHandle requestBuilder,
            Streaming streaming,
            @Nullable MethodHandle method) {
        this.service = service;
        this.name = name;
        this.requestClass = requestClass;
        this.binding = binding;
        this.requestBuilder = requestBuilder;
        this.streaming = streaming;
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

    /** Whether and where content streams. */
    public Streaming streaming() {
        return streaming;
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
     * Calls an operation that does not stream.
     *
     * @param client an implementation of the service's client interface
     * @param request an instance of {@link #requestClass()}
     * @throws UnsupportedOperationException when {@code client} does not override the operation or it streams
     */
    public SdkPojo invoke(SdkClient client, Object request) {
        MethodHandle handle = method(Streaming.NONE);
        try {
            return (SdkPojo) handle.invoke(client, request);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("client methods throw unchecked exceptions only", e);
        }
    }

    /**
     * Calls an operation whose request carries content.
     *
     * @param body read once, by the service
     * @throws UnsupportedOperationException when {@code client} does not override the operation or it is not of this kind
     */
    public SdkPojo invoke(SdkClient client, Object request, RequestBody body) {
        return (SdkPojo) call(method(Streaming.REQUEST), client, request, body);
    }

    /**
     * Calls an operation whose response carries content.
     *
     * @return the response and its content, which the caller closes
     * @throws UnsupportedOperationException when {@code client} does not override the operation or it is not of this kind
     */
    public ResponseInputStream<?> open(SdkClient client, Object request) {
        return (ResponseInputStream<?>)
                call(method(Streaming.RESPONSE), client, request, ResponseTransformer.toInputStream());
    }

    private MethodHandle method(Streaming wanted) {
        if (method == null || streaming != wanted) {
            throw new UnsupportedOperationException(name + " has no form that streams " + wanted);
        }
        return method;
    }

    private static Object call(MethodHandle method, Object... arguments) {
        try {
            return method.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("client methods throw unchecked exceptions only", e);
        }
    }
}
