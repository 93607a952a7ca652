package dev.groundplane.agent.identity;

/**
 * The right to register, as {@code create-activation} gave it.
 *
 * @param id names it
 * @param code proves it
 */
public record Activation(String id, String code) {
    /** Keeps the code out of log lines. */
    @Override
    public String toString() {
        return "Activation[" + id + "]";
    }
}
