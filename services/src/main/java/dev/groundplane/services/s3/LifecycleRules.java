package dev.groundplane.services.s3;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;

/** What lifecycle rules may say and when they apply. Source: Amazon S3 User Guide, "Lifecycle configuration elements". */
final class LifecycleRules {
    private static final int MOST = 1_000;

    private LifecycleRules() {}

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code MalformedXML}, {@code InvalidArgument} */
    static void check(List<LifecycleRule> rules) {
        if (rules.isEmpty() || rules.size() > MOST) {
            throw S3Errors.malformedXml("there must be 1 to %d rules, found %d", MOST, rules.size());
        }
        Set<String> ids = new HashSet<>();
        for (LifecycleRule rule : rules) {
            if (rule.id() != null && !ids.add(rule.id())) {
                throw S3Errors.invalidArgument(
                        "Rule ID must be unique. Found same ID for more than one rule: %s", rule.id());
            }
            if (!Set.of("Enabled", "Disabled").contains(String.valueOf(rule.statusAsString()))) {
                throw S3Errors.malformedXml("a rule's status must be Enabled or Disabled");
            }
            if (rule.expiration() == null
                    && rule.noncurrentVersionExpiration() == null
                    && rule.abortIncompleteMultipartUpload() == null) {
                throw S3Errors.invalidRequest("At least one action needs to be specified in a rule");
            }
            if (rule.expiration() != null) {
                check(rule.expiration());
            }
            if (rule.noncurrentVersionExpiration() != null) {
                NoncurrentVersionExpiration expiration = rule.noncurrentVersionExpiration();
                positive("NoncurrentDays", expiration.noncurrentDays());
                if (expiration.newerNoncurrentVersions() != null) {
                    positive("NewerNoncurrentVersions", expiration.newerNoncurrentVersions());
                }
            }
            if (rule.abortIncompleteMultipartUpload() != null) {
                positive(
                        "DaysAfterInitiation",
                        rule.abortIncompleteMultipartUpload().daysAfterInitiation());
            }
        }
    }

    private static void check(LifecycleExpiration expiration) {
        int said = (expiration.days() == null ? 0 : 1)
                + (expiration.date() == null ? 0 : 1)
                + (expiration.expiredObjectDeleteMarker() == null ? 0 : 1);
        if (said != 1) {
            throw S3Errors.malformedXml("Expiration must have one of Days, Date and ExpiredObjectDeleteMarker");
        }
        if (expiration.days() != null) {
            positive("Days", expiration.days());
        }
        if (expiration.date() != null
                && !expiration.date().truncatedTo(ChronoUnit.DAYS).equals(expiration.date())) {
            throw S3Errors.invalidArgument("'Date' must be at midnight GMT, found %s", expiration.date());
        }
    }

    private static void positive(String name, @Nullable Integer value) {
        if (value == null || value < 1) {
            throw S3Errors.invalidArgument("'%s' must be a positive integer, found %s", name, value);
        }
    }

    static boolean enabled(LifecycleRule rule) {
        return "Enabled".equals(rule.statusAsString());
    }

    /** The prefix that every key begins with to which the rule applies. */
    @SuppressWarnings("deprecation") // older configurations have the prefix beside the filter
    static String prefix(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        String prefix = filter == null
                ? rule.prefix()
                : filter.and() == null ? filter.prefix() : filter.and().prefix();
        return prefix == null ? "" : prefix;
    }

    /** Whether the rule applies to a version, whose key begins with its prefix. */
    static boolean selects(LifecycleRule rule, ObjectVersion version) {
        LifecycleRuleFilter filter = rule.filter();
        if (filter == null) {
            return true;
        }
        LifecycleRuleAndOperator and = filter.and();
        if (and != null) {
            return and.tags().stream().allMatch(tag -> has(version.tags(), tag.key(), tag.value()))
                    && sized(version, and.objectSizeGreaterThan(), and.objectSizeLessThan());
        }
        return (filter.tag() == null
                        || has(version.tags(), filter.tag().key(), filter.tag().value()))
                && sized(version, filter.objectSizeGreaterThan(), filter.objectSizeLessThan());
    }

    private static boolean has(Map<String, String> tags, String key, String value) {
        return value.equals(tags.get(key));
    }

    private static boolean sized(ObjectVersion version, @Nullable Long above, @Nullable Long below) {
        return (above == null || version.size() > above) && (below == null || version.size() < below);
    }

    /** AWS counts days from the midnight that follows. */
    static boolean due(Instant since, int days, Instant now) {
        Instant at = since.atOffset(ZoneOffset.UTC)
                .plusDays(days)
                .truncatedTo(ChronoUnit.DAYS)
                .plusDays(since.truncatedTo(ChronoUnit.DAYS).equals(since) ? 0 : 1)
                .toInstant();
        return !now.isBefore(at);
    }

    /** Whether a present version has expired. */
    static boolean expired(@Nullable LifecycleExpiration expiration, ObjectVersion version, Instant now) {
        if (expiration == null) {
            return false;
        }
        return expiration.days() != null
                ? due(version.modified(), expiration.days(), now)
                : expiration.date() != null && !now.isBefore(expiration.date());
    }
}
