package dev.groundplane.agent.link;

import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** Registers this agent as a container instance and remembers as which one. For one thread. */
public final class Registration {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    private final EcsClient ecs;
    private final String cluster;
    private final InstanceDescription description;
    private final Path file;

    /**
     * A registration that goes on as the instance in the file, if there is one.
     *
     * @param cluster the cluster to be in
     * @param file where the instance is remembered
     */
    public Registration(EcsClient ecs, String cluster, InstanceDescription description, Path file) {
        this.ecs = ecs;
        this.cluster = cluster;
        this.description = description;
        this.file = file;
    }

    /**
     * Registers, as the remembered instance if the control plane still knows it, else as a new one.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException when the control plane is away or refuses
     * @throws RegistrationRefused when it refuses a new instance for good
     * @throws IOException when the instance cannot be remembered
     */
    public Instance register() throws IOException, RegistrationRefused {
        var known = remembered();
        if (known.isPresent()) {
            try {
                return remember(register(known));
            } catch (InvalidParameterException | ClientException e) {
                log.warn(
                        "the control plane no longer knows {} ({}); registering as a new container instance",
                        known.get().arn(),
                        e.getMessage());
            }
        }
        try {
            return remember(register(Optional.empty()));
        } catch (InvalidParameterException | ClientException e) {
            throw new RegistrationRefused(
                    "the control plane does not take this host into the cluster %s: %s"
                            .formatted(cluster, e.awsErrorDetails().errorMessage()),
                    e);
        }
    }

    private Instance register(Optional<Instance> known) {
        var request = RegisterContainerInstanceRequest.builder()
                .cluster(cluster)
                .totalResources(description.resources())
                .attributes(description.toAttributes())
                .versionInfo(VersionInfo.builder()
                        .agentVersion(description.agentVersion())
                        .build())
                .containerInstanceArn(known.map(Instance::arn).orElse(null))
                .build();
        var registered = ecs.registerContainerInstance(request).containerInstance();
        return new Instance(cluster, registered.containerInstanceArn());
    }

    /** An instance of another cluster is not this one. */
    private Optional<Instance> remembered() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(Json.MAPPER.readValue(Files.readAllBytes(file), Instance.class))
                .filter(instance -> instance.cluster().equals(cluster));
    }

    private Instance remember(Instance instance) throws IOException {
        DurableFiles.replace(file, Json.MAPPER.writeValueAsBytes(instance), Durability.POWER_FAILURE);
        return instance;
    }
}
