package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.StartFailure;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text that a POSIX shell reads back as the same words. */
final class ShellText {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** Variables that some shells refuse to set or give a meaning of their own. */
    private static final Set<String> SHELLS_OWN = Set.of(
            "BASHOPTS",
            "BASH_VERSINFO",
            "EUID",
            "IFS",
            "LINENO",
            "OLDPWD",
            "OPTIND",
            "PPID",
            "PWD",
            "SHELLOPTS",
            "UID");

    private ShellText() {}

    /** One word, quoted. */
    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** Words, each quoted, apart by blanks. */
    static String quote(Collection<String> words) {
        return words.stream().map(ShellText::quote).collect(Collectors.joining(" "));
    }

    /** A word that a text does not hold, to end a here-document of this text with. */
    static String absentFrom(String text) {
        var word = new StringBuilder("END");
        while (text.contains(word)) {
            word.append('_');
        }
        return word.toString();
    }

    /** Whether a shell can export a variable of this name. */
    static boolean isExportable(String name) {
        return VARIABLE.matcher(name).matches() && !SHELLS_OWN.contains(name);
    }

    /**
     * Returns a text that can be part of a command line or an environment.
     *
     * @throws StartFailure when it holds a NUL character, which neither can
     */
    static String requireNoNul(String what, String text) throws StartFailure {
        if (text.indexOf('\0') >= 0) {
            throw new StartFailure(what + " holds a NUL character; leave it out");
        }
        return text;
    }
}
