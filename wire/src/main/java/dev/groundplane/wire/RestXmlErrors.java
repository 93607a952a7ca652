package dev.groundplane.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** Errors of REST-XML as Amazon S3 has them: not wrapped, and with names of its own for what all services refuse. */
final class RestXmlErrors {
    private record Name(String code, int status) {}

    /** By Query's code. Source: Amazon S3 API Reference, "Error responses". */
    private static final Map<String, Name> NAMES = Map.of(
            "InvalidClientTokenId", new Name("InvalidAccessKeyId", 403),
            "MissingAuthenticationToken", new Name("AccessDenied", 403),
            "IncompleteSignature", new Name("AuthorizationHeaderMalformed", 400),
            "ExpiredToken", new Name("ExpiredToken", 400),
            "MalformedInput", new Name("MalformedXML", 400),
            "InternalFailure", new Name("InternalError", 500),
            "ServiceUnavailable", new Name("SlowDown", 503),
            "InvalidAction", new Name("MethodNotAllowed", 405));

    private RestXmlErrors() {}

    static String code(String queryCode) {
        Name name = NAMES.get(queryCode);
        return name == null ? queryCode : name.code();
    }

    static int status(String queryCode, int status) {
        Name name = NAMES.get(queryCode);
        return name == null ? status : name.status();
    }

    /** @param members further members of a modeled exception */
    static WireResponse encode(int status, String code, String message, @Nullable SdkPojo members, String requestId) {
        Map<String, String> headers = headers(requestId);
        Map<String, String> elements = Map.of();
        if (members instanceof ErrorDetails details) {
            headers.putAll(details.headers());
            elements = details.elements();
        }
        if (status == 304) {
            return new WireResponse(status, headers, new byte[0]); // has no body, as RFC 9110 says
        }
        headers.put("Content-Type", "application/xml");
        XmlText xml = new XmlText().open("Error").element("Code", code).element("Message", message);
        if (members != null) {
            new XmlWriter(xml).members(members);
        }
        elements.forEach(xml::element);
        xml.element("RequestId", requestId).close("Error");
        return new WireResponse(status, headers, document(xml));
    }

    static Map<String, String> headers(String requestId) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amz-request-id", requestId);
        headers.put("x-amzn-RequestId", requestId);
        return headers;
    }

    static byte[] document(XmlText xml) {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml).getBytes(StandardCharsets.UTF_8);
    }
}
