package dev.groundplane.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form with a file as browsers send it ({@code multipart/form-data}): the fields before the file, and the file, which streams.
 * What follows the file is not read. Source: RFC 7578; Amazon S3 API Reference, "POST Object".
 *
 * @param fields by name in lower case, as names of fields have no case
 * @param fileName as the client names it, without a path; empty when it does not
 * @param file its end is reached only when the form goes on after it
 */
public record FormUpload(Map<String, String> fields, String fileName, InputStream file) {
    private static final String TYPE = "multipart/form-data";
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^\\s;]{1,70}))");
    private static final Pattern PARAMETER = Pattern.compile(";\\s*(name|filename)=(?:\"([^\"]*)\"|([^\\s;]*))");
    private static final int MAX_FIELD_BYTES = 20 * 1024;

    /** Whether a request carries such a form; only its head is looked at. */
    public static boolean in(WireRequest request) {
        return request.method().equals("POST")
                && request.header("content-type")
                        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith(TYPE))
                        .isPresent();
    }

    /**
     * Reads a form up to its file.
     *
     * @param type the request's content type
     * @param in the request's body; read further through {@link #file}
     * @throws WireException {@code MalformedPOSTRequest}; {@code MaxPostPreDataLengthExceededError} for more than 20 KB before
     *     the file; {@code InvalidArgument} when there is no file
     */
    public static FormUpload read(String type, InputStream in) {
        Matcher boundary = BOUNDARY.matcher(type);
        if (!boundary.find()) {
            throw malformed("its Content-Type names no boundary: " + Excerpt.of(type));
        }
        String text = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        try {
            return read(new FormParts(in, text));
        } catch (IOException e) {
            throw malformed("it broke off");
        }
    }

    private static FormUpload read(FormParts parts) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        int left = MAX_FIELD_BYTES;
        while (parts.next()) {
            String head = parts.head();
            String name = parameter(head, "name")
                    .orElseThrow(() -> malformed("a part has no name"))
                    .toLowerCase(Locale.ROOT);
            if (name.equals("file")) {
                return new FormUpload(
                        fields, withoutPath(parameter(head, "filename").orElse("")), parts);
            }
            byte[] value = parts.readNBytes(left + 1);
            left -= value.length + name.length();
            if (left < 0) {
                throw WireException.of(
                        "MaxPostPreDataLengthExceededError",
                        400,
                        "Your POST request fields preceding the upload file were too large: more than %d bytes."
                                .formatted(MAX_FIELD_BYTES));
            }
            fields.put(name, new String(value, StandardCharsets.UTF_8));
        }
        throw WireException.of(
                "InvalidArgument", 400, "POST requires exactly one file upload per request: there is no field 'file'.");
    }

    private static Optional<String> parameter(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
                .flatMap(line -> PARAMETER.matcher(line).results())
                .filter(found -> found.group(1).equals(name))
                .map(found -> found.group(2) == null ? found.group(3) : found.group(2))
                .findFirst();
    }

    private static String withoutPath(String fileName) {
        return fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
    }

    /** The document that says where an object was stored, for who asked for one. */
    public static byte[] receipt(String location, String bucket, String key, String etag) {
        XmlText xml = new XmlText()
                .open("PostResponse")
                .element("Location", location)
                .element("Bucket", bucket)
                .element("Key", key)
                .element("ETag", etag)
                .close("PostResponse");
        return RestXmlErrors.document(xml);
    }

    static WireException malformed(String why) {
        return WireException.of(
                "MalformedPOSTRequest",
                400,
                "The body of your POST request is not well-formed multipart/form-data: " + why);
    }
}
