package dev.groundplane.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.groundplane.agent.identity.Activation;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where an activation comes from. Everyone on a host can see command lines, so there are other ways. */
final class ActivationOptions {
    private static final String ID_VARIABLE = "GROUNDPLANE_ACTIVATION_ID";
    private static final String CODE_VARIABLE = "GROUNDPLANE_ACTIVATION_CODE";

    @Option(
            names = "--activation-id",
            paramLabel = "ID",
            description = "The activation to register this host with; needed once. Also from " + ID_VARIABLE + ".")
    private @Nullable String id;

    @Option(
            names = "--activation-code",
            paramLabel = "CODE",
            description = "Its code. Also from " + CODE_VARIABLE + ".")
    private @Nullable String code;

    @Option(
            names = "--activation-file",
            paramLabel = "FILE",
            description = "Both, in the form that 'aws ssm create-activation' prints.")
    private @Nullable Path file;

    /** The activation that was given, if any. */
    Optional<Activation> activation(CommandSpec spec) {
        var options = of(spec, id, code, "--activation-id", "--activation-code");
        if (options.isPresent()) {
            return options;
        }
        if (file != null) {
            return Optional.of(read(spec, file));
        }
        return of(spec, System.getenv(ID_VARIABLE), System.getenv(CODE_VARIABLE), ID_VARIABLE, CODE_VARIABLE);
    }

    private static Optional<Activation> of(
            CommandSpec spec, @Nullable String id, @Nullable String code, String idName, String codeName) {
        if (id == null && code == null) {
            return Optional.empty();
        }
        if (id == null || code == null) {
            throw new ParameterException(
                    spec.commandLine(), "%s and %s belong together: one is missing".formatted(idName, codeName));
        }
        return Optional.of(new Activation(id, code));
    }

    private static Activation read(CommandSpec spec, Path file) {
        try {
            var answer = Json.MAPPER.readTree(Files.readAllBytes(file));
            var activation = new Activation(
                    answer.path("ActivationId").asText(),
                    answer.path("ActivationCode").asText());
            if (!activation.id().isEmpty() && !activation.code().isEmpty()) {
                return activation;
            }
        } catch (JsonProcessingException e) {
            // Said below, like a file that is JSON but something else.
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot read --activation-file: " + e);
        }
        throw new ParameterException(
                spec.commandLine(), "%s must have the members ActivationId and ActivationCode".formatted(file));
    }
}
