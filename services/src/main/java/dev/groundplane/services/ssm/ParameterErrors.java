package dev.groundplane.services.ssm;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ssm.model.InvalidNextTokenException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;
import software.amazon.awssdk.services.ssm.model.ValidationException;

/** The modeled exceptions of Parameter Store exceptions, in AWS's wording, and the checks that lead to them. */
final class ParameterErrors {
    private ParameterErrors() {}

    static ValidationException invalid(String message, Object... values) {
        return ValidationException.builder().message(message.formatted(values)).build();
    }

    static ParameterNotFoundException notFound(String name) {
        return ParameterNotFoundException.builder()
                .message("Parameter %s not found.".formatted(name))
                .build();
    }

    /** @param versionOrLabel what was asked for */
    static ParameterVersionNotFoundException versionNotFound(String versionOrLabel, String name) {
        return ParameterVersionNotFoundException.builder()
                .message("Systems Manager could not find version %s of %s. Verify the version and try again."
                        .formatted(versionOrLabel, name))
                .build();
    }

    /** Refuses by name every member that is set but not in {@code supported}. */
    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw invalid("%s is not implemented by Groundplane; leave it out.", path);
        });
    }

    static int pageSize(@Nullable Integer maxResults, int most) {
        if (maxResults == null) {
            return most;
        }
        if (maxResults < 1 || maxResults > most) {
            throw invalid(
                    "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must"
                            + " have value between 1 and %d",
                    maxResults, most);
        }
        return maxResults;
    }

    static InvalidNextTokenException invalidToken() {
        return InvalidNextTokenException.builder()
                .message("The specified token isn't valid.")
                .build();
    }
}
