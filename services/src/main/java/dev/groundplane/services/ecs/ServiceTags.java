package dev.groundplane.services.ecs;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;

/** What tags a service gives its tasks. */
final class ServiceTags {
    private ServiceTags() {}

    static List<Tag> ofTasks(Service service) {
        List<Tag> tags = new ArrayList<>();
        if (service.propagateTags() == PropagateTags.SERVICE) {
            tags.addAll(service.tags());
        }
        if (Boolean.TRUE.equals(service.enableECSManagedTags())) {
            tags.add(cluster(EcsNames.name(service.clusterArn())));
            tags.add(tag("aws:ecs:serviceName", service.serviceName()));
        }
        return tags;
    }

    /** Names the cluster of a task. */
    static Tag cluster(String name) {
        return tag("aws:ecs:clusterName", name);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
