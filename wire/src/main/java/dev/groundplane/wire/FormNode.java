package dev.groundplane.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Query parameters as a tree: {@code Tags.member.1.Key=x} becomes Tags / member / 1 / Key. */
final class FormNode {
    private static final int MAX_DEPTH = 100;

    private final Map<String, FormNode> children = new LinkedHashMap<>();
    private @Nullable String value;

    /** @throws WireException when a parameter is not valid percent-encoding or nests too deep */
    static FormNode parse(String form) {
        FormNode root = new FormNode();
        for (String pair : form.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                root.at(name).value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            }
        }
        return root;
    }

    private FormNode at(String path) {
        FormNode node = this;
        String[] steps = path.split("\\.", -1);
        if (steps.length > MAX_DEPTH) {
            throw WireException.serialization("parameter " + Excerpt.of(path) + " nests too deep");
        }
        for (String step : steps) {
            node = node.children.computeIfAbsent(step, s -> new FormNode());
        }
        return node;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw WireException.serialization("parameter '" + Excerpt.of(text) + "' is not valid percent-encoding");
        }
    }

    @Nullable
    FormNode child(String name) {
        return children.get(name);
    }

    @Nullable
    String value() {
        return value;
    }

    boolean isEmpty() {
        return children.isEmpty();
    }

    /** The children 1, 2, 3... in numeric order. */
    List<FormNode> numbered() {
        List<Map.Entry<String, FormNode>> entries = new ArrayList<>();
        for (Map.Entry<String, FormNode> entry : children.entrySet()) {
            if (entry.getKey().matches("[0-9]{1,9}")) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparingInt(e -> Integer.parseInt(e.getKey())));
        return entries.stream().map(Map.Entry::getValue).toList();
    }
}
