package dev.groundplane.services.parallelcluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a head node tells of all compute nodes: the states that {@code sinfo -N -o '%N %t'} prints, by node. Their last characters tell
 * about power, see sinfo(1): {@code ~} it is off, {@code %} it goes off, {@code !} it is about to go off, {@code #} it comes, {@code *}
 * it does not answer.
 */
record NodeReport(Map<String, String> states) {
    /** Nothing is known yet. */
    static final NodeReport NONE = new NodeReport(Map.of());

    /** How states begin in which no job begins. */
    private static final List<String> UNUSABLE = List.of("down", "unk", "drain", "drng", "fail", "inval");

    NodeReport {
        states = Map.copyOf(states);
    }

    /**
     * Reads lines of a node and its state. A node in several partitions is told of once for each.
     *
     * @throws IllegalArgumentException when a line is another
     */
    static NodeReport parse(String text) {
        Map<String, String> states = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ");
            if (words.length != 2 || words[0].isEmpty()) {
                throw new IllegalArgumentException("'%s' is not a node and its state".formatted(line));
            }
            states.put(words[0], words[1]);
        }
        return new NodeReport(states);
    }

    /** The nodes that Slurm wants to have. */
    Set<String> wanted() {
        return states.entrySet().stream()
                .filter(one -> !one.getValue().endsWith("~") && !one.getValue().endsWith("%"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether jobs can run on a node. */
    boolean isReady(String node) {
        String state = states.getOrDefault(node, "down~");
        char last = state.charAt(state.length() - 1);
        return "~%#*!".indexOf(last) < 0 && UNUSABLE.stream().noneMatch(state::startsWith);
    }
}
