package dev.groundplane.services.parallelcluster.configuration;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a YAML document. Aliases are what they stand for. */
sealed interface YamlNode {
    /** This and all values in it, counted as often as they are seen. */
    int size();

    /** What it is, for messages: {@code a list}, {@code the text 'x'}. */
    String describe();

    /** What is written without a quote is what YAML 1.2's core schema says; what is quoted is text. */
    enum ScalarKind {
        TEXT("text"),
        INTEGER("number"),
        FRACTION("number"),
        BOOLEAN("boolean"),
        NULL("null");

        private final String word;

        ScalarKind(String word) {
            this.word = word;
        }
    }

    /**
     * A single value.
     *
     * @param text as it is written, without quotes
     */
    record Scalar(String text, ScalarKind kind) implements YamlNode {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String describe() {
            return kind == ScalarKind.NULL ? "nothing (null)" : "the " + kind.word + " " + Problems.quote(text);
        }
    }

    /** A list. */
    record Sequence(List<YamlNode> items, int size) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** Values by their keys, in the document's order. */
    record Mapping(Map<String, YamlNode> entries, int size) implements YamlNode {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String describe() {
            return "a mapping of keys";
        }

        Optional<YamlNode> find(String key) {
            return Optional.ofNullable(entries.get(key));
        }

        /** The text of a key; empty if it is not there or is no text. */
        Optional<String> text(String key) {
            return find(key)
                    .filter(value -> value instanceof Scalar scalar && scalar.kind() == ScalarKind.TEXT)
                    .map(value -> ((Scalar) value).text());
        }

        /** The whole number of a key; empty if it is not there or is none. */
        Optional<Integer> integer(String key) {
            return find(key).flatMap(Shapes::integerOf);
        }

        /** Whether a key is there and true. */
        boolean isTrue(String key) {
            return find(key).flatMap(Shapes::flagOf).orElse(false);
        }

        /** The mapping of a key; an empty one if it is not there or is none. */
        Mapping mapping(String key) {
            return find(key).orElse(null) instanceof Mapping mapping ? mapping : new Mapping(Map.of(), 1);
        }

        /** The items of a key's list; none if it is not there or is no list. */
        List<YamlNode> list(String key) {
            return find(key).orElse(null) instanceof Sequence sequence ? sequence.items() : List.of();
        }

        /** The mappings of a key's list; what is no mapping is an empty one, so that indexes stay what they are. */
        List<Mapping> mappings(String key) {
            return list(key).stream()
                    .map(item -> item instanceof Mapping mapping ? mapping : new Mapping(Map.of(), 1))
                    .toList();
        }
    }
}
