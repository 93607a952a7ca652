package dev.groundplane.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/** Members that travel outside the body: path labels, query parameters, headers, the status code. */
final class RestBinding {
    private RestBinding() {}

    static void readParameters(WireRequest request, Map<String, String> labels, SdkPojo builder) {
        Map<String, List<String>> query = query(request.rawQuery());
        for (SdkField<?> field : Shape.of(builder).fields()) {
            Object value = switch (field.location()) {
                case PATH, GREEDY_PATH -> scalar(field, labels.get(field.locationName()));
                case QUERY_PARAM -> fromQuery(field, query);
                case HEADER -> fromHeaders(field, request.headers());
                case PAYLOAD, STATUS_CODE -> null;
            };
            if (value != null) {
                field.set(builder, value);
            }
        }
    }

    private static @Nullable Object scalar(SdkField<?> field, @Nullable String text) {
        return text == null ? null : Scalars.parse(field, text);
    }

    private static @Nullable Object fromQuery(SdkField<?> field, Map<String, List<String>> query) {
        MarshallingKnownType type = field.marshallingType().getKnownType();
        if (type == MarshallingKnownType.MAP) {
            // A map takes every parameter: its keys are the parameter names.
            boolean multi = field.getRequiredTrait(MapTrait.class)
                            .valueFieldInfo()
                            .marshallingType()
                            .getKnownType()
                    == MarshallingKnownType.LIST;
            return query.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            e -> multi ? e.getValue() : e.getValue().getFirst()));
        }
        List<String> values = query.get(field.locationName());
        if (values == null) {
            return null;
        }
        return type == MarshallingKnownType.LIST ? list(field, values) : scalar(field, values.getFirst());
    }

    private static @Nullable Object fromHeaders(SdkField<?> field, Map<String, List<String>> headers) {
        String name = field.locationName().toLowerCase(Locale.ROOT);
        MarshallingKnownType type = field.marshallingType().getKnownType();
        if (type == MarshallingKnownType.MAP) {
            Map<String, String> map = new LinkedHashMap<>();
            headers.forEach((header, values) -> {
                if (header.startsWith(name)) {
                    map.put(header.substring(name.length()), String.join(",", values));
                }
            });
            return map.isEmpty() ? null : map;
        }
        List<String> values = headers.get(name);
        if (values == null) {
            return null;
        }
        String joined = String.join(",", values);
        return type == MarshallingKnownType.LIST
                ? list(
                        field,
                        Arrays.stream(joined.split(",")).map(String::strip).toList())
                : scalar(field, joined);
    }

    private static List<Object> list(SdkField<?> field, List<String> values) {
        SdkField<?> member = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
        return values.stream().map(v -> Scalars.parse(member, v)).toList();
    }

    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                query.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            }
        }
        return query;
    }

    private static String decode(String text) {
        return RestRoutes.decode(text.replace("+", "%20"));
    }

    /**
     * Writes header members.
     *
     * @return the status code: the member bound to it, or 200
     */
    static int writeHeaders(SdkPojo response, Map<String, String> headers) {
        int status = 200;
        for (SdkField<?> field : Shape.of(response).fields()) {
            Object value = field.location() == MarshallLocation.PAYLOAD ? null : Shape.value(field, response);
            if (value != null && field.location() == MarshallLocation.STATUS_CODE) {
                status = (Integer) value;
            } else if (value != null && field.location() == MarshallLocation.HEADER) {
                writeHeader(field, value, headers);
            }
        }
        return status;
    }

    private static void writeHeader(SdkField<?> field, Object value, Map<String, String> headers) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((k, v) -> headers.put(field.unmarshallLocationName() + k, v.toString()));
            case List<?> list ->
                headers.put(
                        field.unmarshallLocationName(),
                        list.stream().map(Object::toString).collect(Collectors.joining(",")));
            default -> headers.put(field.unmarshallLocationName(), Scalars.text(field, value));
        }
    }
}
