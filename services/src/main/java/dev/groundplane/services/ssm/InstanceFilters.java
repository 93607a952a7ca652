package dev.groundplane.services.ssm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationRequest;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationFilter;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;

/** What DescribeInstanceInformation selects by: all filters must be passed, any value of each. */
record InstanceFilters(List<Filter> filters) {
    private static final Set<String> KEYS = Set.of(
            "InstanceIds", "AgentVersion", "PingStatus", "PlatformTypes", "ActivationIds", "IamRole", "ResourceType");

    private record Filter(String key, List<String> values) {}

    /** Reads both forms; AWS takes one of them in a request. */
    static InstanceFilters of(DescribeInstanceInformationRequest request) {
        if (!request.instanceInformationFilterList().isEmpty()
                && !request.filters().isEmpty()) {
            throw SsmErrors.invalidFilterValue(
                    "InstanceInformationFilterList and Filters cannot be used in the same request");
        }
        List<Filter> filters = new ArrayList<>();
        for (InstanceInformationFilter filter : request.instanceInformationFilterList()) {
            filters.add(filter(filter.keyAsString(), filter.valueSet()));
        }
        for (InstanceInformationStringFilter filter : request.filters()) {
            filters.add(filter(filter.key(), filter.values()));
        }
        return new InstanceFilters(filters);
    }

    private static Filter filter(String name, List<String> values) {
        String key = Objects.requireNonNullElse(name, "");
        if (!KEYS.contains(key) && !key.startsWith(InstanceStore.TAG) && !key.equals("tag-key")) {
            throw SsmErrors.invalidFilterKey(
                    key, String.join(", ", KEYS.stream().sorted().toList()) + ", tag-key, tag:NAME");
        }
        if (values.isEmpty()) {
            throw SsmErrors.invalidFilterValue("The filter %s has no values".formatted(key));
        }
        return new Filter(key, values);
    }

    boolean pass(InstanceInformation instance, Map<String, String> extra) {
        return filters.stream().allMatch(filter -> passes(filter, instance, extra));
    }

    private static boolean passes(Filter filter, InstanceInformation instance, Map<String, String> extra) {
        List<String> values = filter.values();
        return switch (filter.key()) {
            case "InstanceIds" -> values.contains(instance.instanceId());
            case "AgentVersion" -> values.contains(instance.agentVersion());
            case "PingStatus" -> values.contains(instance.pingStatusAsString());
            case "PlatformTypes" -> values.contains(instance.platformTypeAsString());
            case "ActivationIds" -> values.contains(instance.activationId());
            case "IamRole" -> values.contains(instance.iamRole());
            case "ResourceType" -> values.contains(instance.resourceTypeAsString());
            case "tag-key" -> values.stream().anyMatch(key -> extra.containsKey(InstanceStore.TAG + key));
            default -> extra.containsKey(filter.key()) && values.contains(extra.get(filter.key()));
        };
    }
}
