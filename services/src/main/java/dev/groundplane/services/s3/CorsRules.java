package dev.groundplane.services.s3;

import dev.groundplane.wire.WireForm;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CORSConfiguration;
import software.amazon.awssdk.services.s3.model.CORSRule;

/** What CORS rules may say and when they apply. Source: Amazon S3 User Guide, "Elements of a CORS configuration". */
final class CorsRules {
    static final WireForm<CORSConfiguration> FORM = WireForm.of(CORSConfiguration.class, CORSConfiguration::builder);
    static final String ANY = "*";
    private static final int MOST = 100;
    private static final int MAX_ID = 255;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "HEAD");

    private CorsRules() {}

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code MalformedXML}, {@code InvalidRequest} */
    static void check(@Nullable CORSConfiguration configuration) {
        List<CORSRule> rules = configuration == null ? List.of() : configuration.corsRules();
        if (rules.isEmpty() || rules.size() > MOST) {
            throw S3Errors.malformedXml("there must be 1 to %d CORS rules, found %d", MOST, rules.size());
        }
        for (CORSRule rule : rules) {
            if (rule.id() != null && rule.id().length() > MAX_ID) {
                throw S3Errors.malformedXml("a rule's ID has at most %d characters, found %s", MAX_ID, rule.id());
            }
            if (rule.allowedOrigins().isEmpty() || rule.allowedMethods().isEmpty()) {
                throw S3Errors.malformedXml("a CORS rule needs an AllowedOrigin and an AllowedMethod");
            }
            for (String method : rule.allowedMethods()) {
                if (!METHODS.contains(method)) {
                    throw S3Errors.invalidRequest(
                            "Found unsupported HTTP method in CORS config. Unsupported method is %s", method);
                }
            }
            rule.allowedOrigins().forEach(origin -> oneWildcard("AllowedOrigin", origin));
            rule.allowedHeaders().forEach(header -> oneWildcard("AllowedHeader", header));
            for (String header : rule.exposeHeaders()) {
                if (header.contains(ANY)) {
                    throw S3Errors.invalidRequest(
                            "ExposeHeader \"%s\" contains wildcard. We currently do not support wildcard for"
                                    + " ExposeHeader.",
                            header);
                }
            }
        }
    }

    private static void oneWildcard(String member, String value) {
        if (value.indexOf(ANY) != value.lastIndexOf(ANY)) {
            throw S3Errors.invalidRequest("%s \"%s\" can not have more than one wildcard.", member, value);
        }
    }

    /**
     * The first rule under which a script may make a request.
     *
     * @param headers what the script would send besides what every script may
     */
    static Optional<CORSRule> find(List<CORSRule> rules, String origin, String method, List<String> headers) {
        return rules.stream()
                .filter(rule -> rule.allowedMethods().contains(method))
                .filter(rule -> origin(rule, origin).isPresent())
                .filter(rule -> headers.stream()
                        .allMatch(header -> rule.allowedHeaders().stream()
                                .anyMatch(allowed ->
                                        matches(allowed.toLowerCase(Locale.ROOT), header.toLowerCase(Locale.ROOT)))))
                .findFirst();
    }

    /** The origin that a rule allows by its form, {@code *} or that of the script. */
    static Optional<String> origin(CORSRule rule, String origin) {
        return rule.allowedOrigins().stream()
                .filter(allowed -> matches(allowed, origin))
                .map(allowed -> allowed.equals(ANY) ? ANY : origin)
                .findFirst();
    }

    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf(ANY);
        return star < 0
                ? pattern.equals(text)
                : text.length() >= pattern.length() - 1
                        && text.startsWith(pattern.substring(0, star))
                        && text.endsWith(pattern.substring(star + 1));
    }
}
