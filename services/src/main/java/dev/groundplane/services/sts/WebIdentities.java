package dev.groundplane.services.sts;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.IdpRejectedClaimException;
import software.amazon.awssdk.services.sts.model.InvalidIdentityTokenException;

/**
 * Checks tokens of identity providers that an account knows. Signatures RS256 and ES256. Source: OpenID Connect Core 1.0,
 * section 3.1.3.7. Thread-safe.
 */
final class WebIdentities {
    private static final int MOST_CHARACTERS = 20_000;
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Pattern SCHEME = Pattern.compile("^https?://");
    /** Where a token has session tags. Source: IAM User Guide, "Passing session tags using AssumeRoleWithWebIdentity". */
    private static final String TAGS = "https://aws.amazon.com/tags";

    /**
     * Who a token is about.
     *
     * @param issuer the provider's URL without its scheme, as condition keys begin
     * @param claims condition keys' values by their name after the issuer
     */
    record Identity(
            String providerArn,
            String issuer,
            String subject,
            String audience,
            Map<String, List<String>> claims,
            Map<String, String> tags,
            List<String> transitiveTags) {
        String userId() {
            return issuer + ":" + audience + ":" + subject;
        }
    }

    private final Function<String, IamClient> iam;
    private final IssuerKeys keys;
    private final InstantSource clock;

    WebIdentities(Function<String, IamClient> iam, IssuerKeys keys, InstantSource clock) {
        this.iam = iam;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Whom the token is about, when it is of a provider of {@code account} and valid.
     *
     * @throws InvalidIdentityTokenException when it is not
     */
    Identity verified(String token, String account) {
        if (token.length() < 4 || token.length() > MOST_CHARACTERS) {
            throw invalid(
                    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            String issuer = Objects.requireNonNullElse(claims.getIssuer(), "");
            String shortIssuer = SCHEME.matcher(issuer).replaceFirst("").replaceFirst("/$", "");
            String arn = "arn:aws:iam::" + account + ":oidc-provider/" + shortIssuer;
            GetOpenIdConnectProviderResponse provider = provider(account, arn, issuer);
            checkSignature(jwt, SCHEME.matcher(provider.url()).find() ? provider.url() : "https://" + provider.url());
            checkTimes(claims);
            String audience = audience(claims, provider.clientIDList());
            return new Identity(
                    arn,
                    shortIssuer,
                    Objects.requireNonNullElse(claims.getSubject(), ""),
                    audience,
                    keys(claims, audience),
                    tags(claims),
                    transitive(claims));
        } catch (ParseException e) {
            throw invalid(
                    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
        }
    }

    private GetOpenIdConnectProviderResponse provider(String account, String arn, String issuer) {
        try (IamClient client = iam.apply(account)) {
            return client.getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn));
        } catch (NoSuchEntityException e) {
            throw invalid("No OpenIDConnect provider found in your account for " + issuer);
        }
    }

    private void checkSignature(SignedJWT jwt, String url) {
        JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
        if (!algorithm.equals(JWSAlgorithm.RS256) && !algorithm.equals(JWSAlgorithm.ES256)) {
            throw invalid("The signature algorithm %s of the token is not supported; RS256 and ES256 are"
                    .formatted(algorithm));
        }
        JWK key = keys.find(url, jwt.getHeader().getKeyID())
                .orElseThrow(() -> invalid("Couldn't retrieve verification key from your identity provider, please"
                        + " reference AssumeRoleWithWebIdentity documentation for requirements"));
        try {
            JWSVerifier verifier = algorithm.equals(JWSAlgorithm.RS256)
                    ? new RSASSAVerifier(key.toRSAKey())
                    : new ECDSAVerifier(key.toECKey());
            if (!jwt.verify(verifier)) {
                throw invalid("The token's signature is not its issuer's");
            }
        } catch (JOSEException | ClassCastException e) {
            throw invalid("The issuer's key %s does not fit the token's algorithm %s"
                    .formatted(jwt.getHeader().getKeyID(), algorithm));
        }
    }

    private void checkTimes(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Date end = claims.getExpirationTime();
        if (end == null) {
            throw invalid("Missing a required claim: exp");
        }
        if (!end.toInstant().isAfter(now)) {
            throw ExpiredTokenException.builder()
                    .message("Token expired: current date/time %d must be before the expiration date/time %d"
                            .formatted(now.getEpochSecond(), end.toInstant().getEpochSecond()))
                    .build();
        }
        for (Date begin : new Date[] {claims.getNotBeforeTime(), claims.getIssueTime()}) {
            if (begin != null && begin.toInstant().isAfter(now.plus(SKEW))) {
                throw invalid("The token is not valid before " + begin.toInstant());
            }
        }
        if (claims.getSubject() == null) {
            throw invalid("Missing a required claim: sub");
        }
    }

    /** The authorised party when the token has one, else one of its audiences; it must be one of the provider's clients. */
    private static String audience(JWTClaimsSet claims, List<String> clients) throws ParseException {
        String party = claims.getStringClaim("azp");
        List<String> audiences = party == null ? claims.getAudience() : List.of(party);
        return audiences.stream()
                .filter(clients::contains)
                .findFirst()
                .orElseThrow(() -> IdpRejectedClaimException.builder()
                        .message("Incorrect token audience: %s is none of the provider's client ids"
                                .formatted(audiences))
                        .build());
    }

    private static Map<String, List<String>> keys(JWTClaimsSet claims, String audience) throws ParseException {
        Map<String, List<String>> keys = new HashMap<>();
        keys.put("aud", List.of(audience));
        keys.put("sub", List.of(claims.getSubject()));
        if (claims.getStringClaim("azp") != null) {
            keys.put("oaud", claims.getAudience());
        }
        List<String> methods = claims.getStringListClaim("amr");
        if (methods != null) {
            keys.put("amr", methods);
        }
        return keys;
    }

    private static Map<String, String> tags(JWTClaimsSet claims) throws ParseException {
        Map<String, String> tags = new LinkedHashMap<>();
        Map<String, Object> claim = claims.getJSONObjectClaim(TAGS);
        if (claim != null && claim.get("principal_tags") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> {
                if (value instanceof List<?> list && list.size() == 1) {
                    tags.put(String.valueOf(key), String.valueOf(list.getFirst()));
                }
            });
        }
        return tags;
    }

    private static List<String> transitive(JWTClaimsSet claims) throws ParseException {
        Map<String, Object> claim = claims.getJSONObjectClaim(TAGS);
        return claim != null && claim.get("transitive_tag_keys") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static InvalidIdentityTokenException invalid(String message) {
        return InvalidIdentityTokenException.builder().message(message).build();
    }
}
