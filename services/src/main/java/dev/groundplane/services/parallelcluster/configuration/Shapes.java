package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Scalar;
import dev.groundplane.services.parallelcluster.configuration.YamlNode.ScalarKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The shapes of values, as ParallelCluster's schema takes them. */
final class Shapes {
    private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9]{1,9}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    private static final int LONGEST_NAME = 25;

    private Shapes() {}

    /** Anything: of keys that choose nothing. */
    static Shape anything() {
        return (value, path, problems) -> {};
    }

    /** Text; what looks like a number or a boolean must stand in quotes. */
    static Shape text() {
        return (value, path, problems) -> {
            if (textOf(value).isEmpty()) {
                wrongType(value, path, problems, "a text");
            } else if (textOf(value).get().isBlank()) {
                problems.error(path, Problems.SCHEMA, "The text is empty; give a value or leave the key out.");
            }
        };
    }

    /** Text, which may be empty. */
    static Shape anyText() {
        return (value, path, problems) -> {
            if (textOf(value).isEmpty()) {
                wrongType(value, path, problems, "a text");
            }
        };
    }

    /** A whole number in bounds, both of them included. */
    static Shape integer(int least, int most) {
        return (value, path, problems) -> {
            Optional<Integer> number = integerOf(value);
            if (number.isEmpty()) {
                wrongType(value, path, problems, "a whole number " + bounds(least, most));
            } else if (number.get() < least || number.get() > most) {
                problems.error(
                        path,
                        Problems.SCHEMA,
                        "%d is out of bounds: a number %s is needed.".formatted(number.get(), bounds(least, most)));
            }
        };
    }

    /** True or false; also what YAML 1.1 and so ParallelCluster takes for these: yes, no, on, off. */
    static Shape flag() {
        return (value, path, problems) -> {
            if (flagOf(value).isEmpty()) {
                wrongType(value, path, problems, "true or false");
            }
        };
    }

    /** One of some texts. */
    static Choice choice(String... values) {
        return new Choice(List.of(values), Map.of(), Map.of());
    }

    /** A list of as many items as the bounds say, both of them included. */
    static ListOf listOf(Shape item, int least, int most) {
        return new ListOf(item, least, most);
    }

    /** A name of a queue or of a compute resource. */
    static Shape name() {
        return (value, path, problems) -> {
            Optional<String> text = textOf(value);
            if (text.isEmpty()) {
                wrongType(value, path, problems, "a text");
            } else if (text.get().equals("default")) {
                problems.error(path, "NameValidator", "The name 'default' is Slurm's own; choose another.");
            } else if (!NAME.matcher(text.get()).matches()) {
                problems.error(
                        path,
                        "NameValidator",
                        "Invalid name %s: it must begin with a small letter and have only small letters, digits and '-'."
                                .formatted(Problems.quote(text.get())));
            } else if (text.get().length() > LONGEST_NAME) {
                problems.error(
                        path,
                        "NameValidator",
                        "Invalid name %s: it has %d characters, at most %d are allowed."
                                .formatted(
                                        Problems.quote(text.get()), text.get().length(), LONGEST_NAME));
            }
        };
    }

    /** An instance type that is known. */
    static Shape instanceType() {
        return (value, path, problems) -> {
            Optional<String> text = textOf(value);
            if (text.isEmpty()) {
                wrongType(value, path, problems, "a text");
            } else if (InstanceTypes.find(text.get()).isEmpty()) {
                problems.error(
                        path,
                        "InstanceTypeValidator",
                        "The instance type %s is not known; known are %s."
                                .formatted(Problems.quote(text.get()), InstanceTypes.known()));
            }
        };
    }

    /** The text of a value; empty if it is something else, for example a number. */
    static Optional<String> textOf(YamlNode value) {
        return value instanceof Scalar(String text, ScalarKind kind) && kind == ScalarKind.TEXT
                ? Optional.of(text)
                : Optional.empty();
    }

    /** A decimal number of nine digits at most, in quotes or not, as ParallelCluster takes them. */
    static Optional<Integer> integerOf(YamlNode value) {
        return value instanceof Scalar(String text, ScalarKind _)
                        && DIGITS.matcher(text).matches()
                ? Optional.of(Integer.valueOf(text))
                : Optional.empty();
    }

    static Optional<Boolean> flagOf(YamlNode value) {
        if (!(value instanceof Scalar(String text, ScalarKind _))) {
            return Optional.empty();
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    static void wrongType(YamlNode value, String path, Problems problems, String wanted) {
        boolean quotable = value instanceof Scalar(String _, ScalarKind kind)
                && kind != ScalarKind.NULL
                && wanted.equals("a text");
        problems.error(
                path,
                Problems.SCHEMA,
                "This is %s; %s is needed%s."
                        .formatted(value.describe(), wanted, quotable ? ", so put it in quotes" : ""));
    }

    private static String bounds(int least, int most) {
        return most == Integer.MAX_VALUE ? "from " + least : "from %d to %d".formatted(least, most);
    }
}
