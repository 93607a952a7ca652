package dev.groundplane.wire;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** The AWS Query protocol: form parameters in (body or query string), XML out. */
final class QueryCodec implements Codec {
    private final ServiceModel service;

    QueryCodec(ServiceModel service) {
        this.service = service;
    }

    @Override
    public Optional<OperationModel> operation(WireRequest request) {
        FormNode action = form(request).child("Action");
        return action == null || action.value() == null
                ? Optional.empty()
                : service.operation(action.value()).filter(o -> o.name().equals(action.value()));
    }

    @Override
    public SdkPojo decode(OperationModel operation, WireRequest request) {
        SdkPojo builder = operation.newRequestBuilder();
        QueryReader.read(form(request), builder);
        return (SdkPojo) Shape.build(builder);
    }

    private static FormNode form(WireRequest request) {
        return FormNode.parse(
                request.body().length == 0 ? request.rawQuery() : new String(request.body(), StandardCharsets.UTF_8));
    }

    @Override
    public WireResponse encode(OperationModel operation, SdkPojo response, String requestId) {
        String name = operation.name();
        String namespace = "https://%s.amazonaws.com/doc/%s/"
                .formatted(service.signingName(), operation.binding().apiVersion());
        XmlText xml = new XmlText().open(name + "Response", "xmlns", namespace);
        if (!Shape.of(response).fields().isEmpty()) {
            xml.open(name + "Result");
            new XmlWriter(xml).members(response);
            xml.close(name + "Result");
        }
        xml.open("ResponseMetadata").element("RequestId", requestId).close("ResponseMetadata");
        return xml(200, xml.close(name + "Response"), requestId);
    }

    @Override
    public WireResponse encodeError(AwsServiceException error, String requestId) {
        ErrorModel.WireError wire = service.errors().describe(error);
        return error(wire.status(), wire.code(), wire.message(), error, requestId);
    }

    static WireResponse error(int status, String code, String message, @Nullable SdkPojo members, String requestId) {
        XmlText xml = new XmlText()
                .open("ErrorResponse")
                .open("Error")
                .element("Type", status < 500 ? "Sender" : "Receiver")
                .element("Code", code)
                .element("Message", message);
        if (members != null) {
            new XmlWriter(xml).members(members);
        }
        xml.close("Error").element("RequestId", requestId).close("ErrorResponse");
        return xml(status, xml, requestId);
    }

    private static WireResponse xml(int status, XmlText xml, String requestId) {
        return new WireResponse(
                status,
                Map.of("Content-Type", "text/xml", "x-amzn-RequestId", requestId),
                xml.toString().getBytes(StandardCharsets.UTF_8));
    }
}
