package dev.groundplane.services.warehouse;

import java.util.List;
import java.util.Optional;

/**
 * The IAM roles that a namespace's statements may act as.
 *
 * @param all by ARN
 * @param standard one of them, which statements mean by {@code IAM_ROLE default}
 */
public record NamespaceRoles(List<String> all, Optional<String> standard) {
    public NamespaceRoles {
        all = List.copyOf(all);
    }
}
