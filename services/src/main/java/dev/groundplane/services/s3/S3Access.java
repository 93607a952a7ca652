package dev.groundplane.services.s3;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;

/** What S3's operations ask to do. Source: AWS Service Authorization Reference, "Amazon S3". */
final class S3Access implements AccessModel {
    private final S3Store store;

    S3Access(S3Store store) {
        this.store = store;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        return List.of(AccessRequest.onEverything("s3:" + operation));
    }
}
