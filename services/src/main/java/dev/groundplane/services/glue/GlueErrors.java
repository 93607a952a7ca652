package dev.groundplane.services.glue;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.ConflictException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.IntegrationConflictOperationException;
import software.amazon.awssdk.services.glue.model.IntegrationNotFoundException;
import software.amazon.awssdk.services.glue.model.IntegrationQuotaExceededException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;

/** Glue's modeled exceptions. */
final class GlueErrors {
    private GlueErrors() {}

    static InvalidInputException invalid(String message, Object... values) {
        return InvalidInputException.builder()
                .message(message.formatted(values))
                .build();
    }

    static EntityNotFoundException noConnection(String name) {
        return EntityNotFoundException.builder()
                .message("Connection %s not found.".formatted(name))
                .build();
    }

    static AlreadyExistsException connectionExists(String name) {
        return AlreadyExistsException.builder()
                .message("Connection %s already exists.".formatted(name))
                .build();
    }

    static ConflictException connectionInUse(String name, String integration) {
        return ConflictException.builder()
                .message("Connection %s is the source of integration %s; delete that first."
                        .formatted(name, integration))
                .build();
    }

    static IntegrationNotFoundException noIntegration(String identifier) {
        return IntegrationNotFoundException.builder()
                .message("Integration %s not found.".formatted(identifier))
                .build();
    }

    static IntegrationConflictOperationException integrationConflict(String message, Object... values) {
        return IntegrationConflictOperationException.builder()
                .message(message.formatted(values))
                .build();
    }

    static IntegrationQuotaExceededException tooManyIntegrations(String source, int most) {
        return IntegrationQuotaExceededException.builder()
                .message("%s has %d integrations already, which is as many as there may be.".formatted(source, most))
                .build();
    }

    /** Refuses members of a request that are not acted on. */
    static void checkMembers(SdkPojo request, Set<String> supported) {
        FieldPaths.unsupported(request, supported).ifPresent(path -> {
            throw invalid("%s is not implemented by Groundplane; leave it out.", path);
        });
    }
}
