package dev.groundplane.services.glue;

import dev.groundplane.wire.WireForm;
import java.util.Locale;
import software.amazon.awssdk.services.glue.model.CreateIntegrationResponse;
import software.amazon.awssdk.services.glue.model.DeleteIntegrationResponse;
import software.amazon.awssdk.services.glue.model.Integration;
import software.amazon.awssdk.services.glue.model.IntegrationError;
import software.amazon.awssdk.services.glue.model.ModifyIntegrationResponse;
import software.amazon.awssdk.services.glue.model.Tag;

/** Integrations as Glue shows them. Its responses have the members of one. */
final class IntegrationForm {
    private static final WireForm<Integration> ONE = WireForm.of(Integration.class, Integration::builder);

    private IntegrationForm() {}

    /** As it is stored, in RDS's model, whose statuses are written small. */
    static Integration of(software.amazon.awssdk.services.rds.model.Integration stored) {
        return Integration.builder()
                .integrationName(stored.integrationName())
                .integrationArn(stored.integrationArn())
                .sourceArn(stored.sourceArn())
                .targetArn(stored.targetArn())
                .dataFilter(stored.dataFilter())
                .description(stored.description())
                .tags(stored.tags().stream()
                        .map(tag ->
                                Tag.builder().key(tag.key()).value(tag.value()).build())
                        .toList())
                .status(stored.statusAsString().toUpperCase(Locale.ROOT))
                .createTime(stored.createTime())
                .errors(stored.errors().stream()
                        .map(error -> IntegrationError.builder()
                                .errorCode(error.errorCode())
                                .errorMessage(error.errorMessage())
                                .build())
                        .toList())
                .build();
    }

    static CreateIntegrationResponse creation(software.amazon.awssdk.services.rds.model.Integration stored) {
        return WireForm.of(CreateIntegrationResponse.class, CreateIntegrationResponse::builder)
                .decode(ONE.encode(of(stored)));
    }

    static ModifyIntegrationResponse modification(software.amazon.awssdk.services.rds.model.Integration stored) {
        return WireForm.of(ModifyIntegrationResponse.class, ModifyIntegrationResponse::builder)
                .decode(ONE.encode(of(stored)));
    }

    static DeleteIntegrationResponse deletion(software.amazon.awssdk.services.rds.model.Integration stored) {
        return WireForm.of(DeleteIntegrationResponse.class, DeleteIntegrationResponse::builder)
                .decode(ONE.encode(of(stored)));
    }
}
