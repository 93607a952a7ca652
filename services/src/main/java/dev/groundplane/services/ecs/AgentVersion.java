package dev.groundplane.services.ecs;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container agent's version, ordered number by number; a missing number is 0.
 *
 * @param numbers {@code 1, 14, 5} of {@code 1.14.5}
 * @param suffix what follows a hyphen, empty for a release; a version with a suffix comes before its release
 */
record AgentVersion(List<Integer> numbers, String suffix) implements Comparable<AgentVersion> {
    private static final Pattern FORM =
            Pattern.compile("v?([0-9]{1,9}(?:\\.[0-9]{1,9}){0,7})(?:-([0-9A-Za-z.-]{1,64}))?");
    private static final Pattern DOT = Pattern.compile("\\.");

    AgentVersion {
        numbers = List.copyOf(numbers);
    }

    /** @return empty when the text is no version */
    static Optional<AgentVersion> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<Integer> numbers = Arrays.stream(DOT.split(matcher.group(1), -1))
                .map(Integer::valueOf)
                .toList();
        String suffix = matcher.group(2);
        return Optional.of(new AgentVersion(numbers, suffix == null ? "" : suffix));
    }

    @Override
    public int compareTo(AgentVersion other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = Integer.compare(number(i), other.number(i));
            if (order != 0) {
                return order;
            }
        }
        if (suffix.isEmpty() || other.suffix.isEmpty()) {
            return Boolean.compare(suffix.isEmpty(), other.suffix.isEmpty());
        }
        return suffix.compareTo(other.suffix);
    }

    private int number(int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }
}
