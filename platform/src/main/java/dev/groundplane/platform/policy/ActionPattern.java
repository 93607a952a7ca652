package dev.groundplane.platform.policy;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A pattern for actions, for example {@code ecs:Describe*}; case does not matter.
 *
 * @param service the prefix in lower case; {@code *} for every service
 * @param name matches what follows the prefix, in lower case
 */
record ActionPattern(String service, TextPattern name) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9.-]+:[A-Za-z0-9*?_.-]+");

    static ActionPattern of(String text) throws MalformedPolicyException {
        if (text.equals("*") || text.equals("*:*")) {
            return new ActionPattern("*", TextPattern.of("*", true, false));
        }
        if (!FORM.matcher(text).matches()) {
            throw new MalformedPolicyException(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.; found '%s'"
                            .formatted(text));
        }
        int colon = text.indexOf(':');
        return new ActionPattern(
                text.substring(0, colon).toLowerCase(Locale.ROOT),
                TextPattern.of(text.substring(colon + 1).toLowerCase(Locale.ROOT), true, false));
    }

    private static final ConditionValues NONE = key -> null;

    /** @param itsName in lower case */
    boolean matches(String itsService, String itsName) {
        return (service.equals(itsService) || service.equals("*")) && name.matches(itsName, NONE);
    }

    static boolean any(List<ActionPattern> patterns, String service, String name) {
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).matches(service, name)) {
                return true;
            }
        }
        return false;
    }
}
