package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Arns;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The names under which resources are kept, and their ARNs. */
final class EcsNames {
    static final String DEFAULT_CLUSTER = "default";

    private EcsNames() {}

    /** The id at the end of a task's ARN. */
    static String taskId(String taskArn) {
        return taskArn.substring(taskArn.lastIndexOf('/') + 1);
    }

    /** The part of an ARN after the resource type: {@code default/0af...} of a task, {@code default} of a cluster. */
    static String name(String arn) {
        String resource = Arns.resource(arn);
        return resource.substring(resource.indexOf('/') + 1);
    }

    /** A cluster's name from what a request says: a name, an ARN, or nothing for {@code default}. */
    static String cluster(@Nullable String nameOrArn) {
        if (nameOrArn == null || nameOrArn.isEmpty()) {
            return DEFAULT_CLUSTER;
        }
        return Arns.isArn(nameOrArn) ? name(nameOrArn) : nameOrArn;
    }

    /** The store's name of a task or container instance from an id or an ARN of either format. */
    static String inCluster(String cluster, String idOrArn) {
        return cluster + "/" + Arns.lastPart(idOrArn);
    }

    /** A fresh id of 32 hexadecimal digits, as ECS makes them. */
    static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
