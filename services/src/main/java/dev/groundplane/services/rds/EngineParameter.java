package dev.groundplane.services.rds;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.rds.model.Parameter;

/**
 * A parameter of PostgreSQL.
 *
 * @param type as {@code pg_settings.vartype}
 * @param unit of numbers; empty for none
 * @param isStatic whether it is read at the server's start only
 * @param least of numbers; empty when there is no bound
 * @param most of numbers; empty when there is no bound
 * @param choices what it may be; empty for anything of its type
 * @param standard what it is when nobody has set it
 * @param modifiable whether it can be set in a parameter group
 */
record EngineParameter(
        String name,
        String type,
        String unit,
        boolean isStatic,
        String least,
        String most,
        List<String> choices,
        String standard,
        boolean modifiable) {
    private static final List<String> BOOLEANS = List.of("0", "1", "on", "off", "true", "false");
    private static final int LONGEST = 8_000;

    /** Refuses a value that the server would refuse. */
    void check(String value) {
        if (!modifiable) {
            throw RdsErrors.invalid("The parameter %s cannot be modified.", name);
        }
        if (!isRight(value)) {
            throw RdsErrors.invalid(
                    "Invalid parameter value: %s for %s; allowed: %s%s.",
                    value, name, allowed(), unit.isEmpty() ? "" : " (in " + unit + ")");
        }
    }

    private boolean isRight(String value) {
        if (!choices.isEmpty()) {
            return choices.contains(value.toLowerCase(Locale.ROOT));
        }
        return switch (type) {
            case "bool" -> BOOLEANS.contains(value.toLowerCase(Locale.ROOT));
            case "integer" -> value.matches("-?\\d{1,18}") && isWithin(value);
            case "real" -> value.matches("-?\\d{1,18}(\\.\\d{1,18})?") && isWithin(value);
            default -> value.length() <= LONGEST && value.chars().noneMatch(Character::isISOControl);
        };
    }

    private boolean isWithin(String value) {
        BigDecimal number = new BigDecimal(value);
        return (least.isEmpty() || number.compareTo(new BigDecimal(least)) >= 0)
                && (most.isEmpty() || number.compareTo(new BigDecimal(most)) <= 0);
    }

    private String allowed() {
        if (!choices.isEmpty()) {
            return String.join(",", choices);
        }
        return switch (type) {
            case "bool" -> String.join(",", BOOLEANS);
            case "integer", "real" -> least + "-" + most;
            default -> "text without control characters";
        };
    }

    /**
     * As RDS shows it.
     *
     * @param value what it is
     * @param source {@code user}, {@code system} or {@code engine-default}
     */
    Parameter shown(String value, String source) {
        return Parameter.builder()
                .parameterName(name)
                .parameterValue(value)
                .source(source)
                .applyType(isStatic ? "static" : "dynamic")
                .applyMethod(isStatic ? "pending-reboot" : "immediate")
                .dataType(
                        switch (type) {
                            case "bool" -> "boolean";
                            case "integer" -> "integer";
                            case "real" -> "float";
                            default -> "string";
                        })
                .allowedValues(type.equals("string") ? null : allowed())
                .isModifiable(modifiable)
                .supportedEngineModes("provisioned")
                .build();
    }
}
