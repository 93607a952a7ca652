package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
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

    /** The same for what is looked up: an ARN of another account or region stays whole, and so names nothing here. */
    static String cluster(Scope scope, @Nullable String nameOrArn) {
        return nameOrArn != null && isElsewhere(scope, nameOrArn) ? nameOrArn : cluster(nameOrArn);
    }

    /** The store's name of a service from its name or ARN; of an ARN from elsewhere, one that is nobody's. */
    static String service(Scope scope, String cluster, String nameOrArn) {
        return isElsewhere(scope, nameOrArn) ? nameOrArn : inCluster(cluster, nameOrArn);
    }

    /** {@code family} or {@code family:revision} from that or an ARN; an ARN from elsewhere stays whole. */
    static String definition(Scope scope, String nameOrArn) {
        return isElsewhere(scope, nameOrArn) ? nameOrArn : Arns.lastPart(nameOrArn);
    }

    private static boolean isElsewhere(Scope scope, String nameOrArn) {
        return Arns.isArn(nameOrArn) && !nameOrArn.startsWith(scope.arn("ecs", ""));
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
