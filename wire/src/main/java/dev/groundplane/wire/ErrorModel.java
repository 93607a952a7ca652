package dev.groundplane.wire;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.protocols.core.ExceptionMetadata;

/**
 * The wire codes and HTTP statuses of a service's modeled exceptions. The exception classes do not carry them; the SDK's
 * own client knows them, to build exceptions from codes, and this reads them back from there. Thread-safe.
 */
final class ErrorModel {
    /** What goes on the wire for an exception. */
    record WireError(String code, int status, String message) {}

    private static final int DEFAULT_STATUS = 400;
    private static final Pattern ACRONYM = Pattern.compile("(?:Api|Arn|Aws|Iam|Eds|Slr|Az|Kms|Sns)(?=[A-Z])");

    private final ServiceModel service;
    private @Nullable Map<String, ExceptionMetadata> byClassName;

    ErrorModel(ServiceModel service) {
        this.service = service;
    }

    /** Explicit details in the exception win; else the model's code and status for its class. */
    WireError describe(AwsServiceException error) {
        AwsErrorDetails details = error.awsErrorDetails();
        if (details != null && details.errorCode() != null) {
            int status = error.statusCode() == 0 ? DEFAULT_STATUS : error.statusCode();
            return new WireError(details.errorCode(), status, Objects.requireNonNullElse(details.errorMessage(), ""));
        }
        String className = error.getClass().getSimpleName();
        ExceptionMetadata metadata = metadata().get(className);
        String code = metadata == null ? className : metadata.errorCode();
        Integer status = metadata == null ? null : metadata.httpStatusCode();
        return new WireError(
                code, status == null ? DEFAULT_STATUS : status, Objects.requireNonNullElse(error.getMessage(), code));
    }

    private synchronized Map<String, ExceptionMetadata> metadata() {
        if (byClassName == null) {
            byClassName = new HashMap<>();
            for (ExceptionMetadata one : read()) {
                String builder = one.exceptionBuilderSupplier()
                        .get()
                        .getClass()
                        .getEnclosingClass()
                        .getSimpleName();
                byClassName.putIfAbsent(builder, one);
            }
        }
        return byClassName;
    }

    private List<ExceptionMetadata> read() {
        try {
            Class<?> client = ServiceModel.defaultClient(service.client());
            return service.protocol().isJson() ? fromLookups(client) : fromProtocolFactory();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("error metadata is not where SDK version this was written for has it", e);
        }
    }

    /** JSON clients have one lookup function from code to metadata per operation: ask each with every likely code. */
    private List<ExceptionMetadata> fromLookups(Class<?> client) throws ReflectiveOperationException {
        List<Method> lookups = Arrays.stream(client.getDeclaredMethods())
                .filter(m -> Modifier.isStatic(m.getModifiers())
                        && m.getReturnType() == Optional.class
                        && m.getParameterCount() == 1
                        && m.getParameterTypes()[0] == String.class)
                .toList();
        List<String> codes = exceptionNames().flatMap(ErrorModel::likelyCodes).toList();
        List<ExceptionMetadata> found = new ArrayList<>();
        for (Method lookup : lookups) {
            lookup.setAccessible(true);
            for (String code : codes) {
                ((Optional<?>) lookup.invoke(null, code)).ifPresent(m -> found.add((ExceptionMetadata) m));
            }
        }
        return found;
    }

    private Stream<String> exceptionNames() {
        return Arrays.stream(service.client().getMethods())
                .flatMap(m -> Arrays.stream(m.getExceptionTypes()))
                .map(Class::getSimpleName)
                .distinct();
    }

    private static Stream<String> likelyCodes(String className) {
        String stem = className.replaceFirst("Exception$", "");
        // Class names write acronyms as words; some codes do not.
        String acronyms = ACRONYM.matcher(className).replaceAll(m -> m.group().toUpperCase(Locale.ROOT));
        return Stream.of(className, acronyms, stem, stem + "Fault").distinct();
    }

    /** Query and REST-XML clients keep the list in their protocol factory, which only an instance has. */
    @SuppressWarnings("unchecked")
    private List<ExceptionMetadata> fromProtocolFactory() throws ReflectiveOperationException {
        Object instance = InertClient.of(service.client());
        Field factoryField = instance.getClass().getDeclaredField("protocolFactory");
        factoryField.setAccessible(true);
        Object factory = factoryField.get(instance);
        for (Class<?> c = factory.getClass(); c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (field.getName().equals("modeledExceptions")) {
                    field.setAccessible(true);
                    return (List<ExceptionMetadata>) field.get(factory);
                }
            }
        }
        throw new InvocationTargetException(null, "no modeledExceptions in " + factory.getClass());
    }
}
