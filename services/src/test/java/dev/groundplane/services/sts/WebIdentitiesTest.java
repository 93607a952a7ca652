package dev.groundplane.services.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;
import software.amazon.awssdk.services.sts.model.IdpRejectedClaimException;
import software.amazon.awssdk.services.sts.model.InvalidIdentityTokenException;

/** Tokens of an issuer on a loopback port. */
class WebIdentitiesTest {
    private static final String ACCOUNT = "123456789012";
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private RSAKey rsa;
    private ECKey ec;
    private String issuer;
    private WebIdentities identities;

    /** IAM that knows one provider. */
    private record OneProvider(String arn, String url) implements IamClient {
        @Override
        public GetOpenIdConnectProviderResponse getOpenIDConnectProvider(GetOpenIdConnectProviderRequest request) {
            if (!request.openIDConnectProviderArn().equals(arn)) {
                throw NoSuchEntityException.builder().message("no").build();
            }
            return GetOpenIdConnectProviderResponse.builder()
                    .url(url)
                    .clientIDList("airflow")
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void open() throws IOException, JOSEException {
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        answer("/.well-known/openid-configuration", "{\"jwks_uri\":\"" + issuer + "/keys\"}");
        answer("/keys", new JWKSet(List.of(rsa, ec)).toString(true));
        server.start();
        OneProvider iam = new OneProvider(arn(), issuer);
        identities = new WebIdentities(account -> iam, new IssuerKeys(ConfiguredKeys.none(), () -> NOW), () -> NOW);
    }

    private String arn() {
        return "arn:aws:iam::" + ACCOUNT + ":oidc-provider/" + issuer.substring("http://".length());
    }

    private void answer(String path, String body) {
        server.createContext(path, exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("dag:risk")
                .audience("airflow")
                .expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private String token(JWSAlgorithm algorithm, String key, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT jwt =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private String signed(JWTClaimsSet claims) throws JOSEException {
        return token(JWSAlgorithm.RS256, "rsa", new RSASSASigner(rsa), claims);
    }

    @Test
    void acceptsBothAlgorithmsAndAsksForKeysOnce() throws JOSEException {
        WebIdentities.Identity identity = identities.verified(signed(claims().build()), ACCOUNT);

        assertThat(identity.providerArn()).isEqualTo(arn());
        assertThat(identity.subject()).isEqualTo("dag:risk");
        assertThat(identity.claims())
                .containsEntry("sub", List.of("dag:risk"))
                .containsEntry("aud", List.of("airflow"));
        assertThat(identities
                        .verified(token(JWSAlgorithm.ES256, "ec", new ECDSASigner(ec), claims().build()), ACCOUNT)
                        .audience())
                .isEqualTo("airflow");
        assertThat(asked).hasValue(2);
    }

    @Test
    void takesSessionTagsFromTheToken() throws JOSEException {
        Map<String, Object> tags =
                Map.of("principal_tags", Map.of("team", List.of("risk")), "transitive_tag_keys", List.of("team"));
        WebIdentities.Identity identity = identities.verified(
                signed(claims().claim("https://aws.amazon.com/tags", tags).build()), ACCOUNT);

        assertThat(identity.tags()).containsExactly(Map.entry("team", "risk"));
        assertThat(identity.transitiveTags()).containsExactly("team");
    }

    @Test
    void refusesWhatIsNotTheIssuers() throws JOSEException {
        String forged = token(
                JWSAlgorithm.RS256, "rsa", new RSASSASigner(new RSAKeyGenerator(2048).generate()), claims().build());
        // The public key as a shared secret is the classic mistake.
        String confused = token(
                JWSAlgorithm.HS256,
                "rsa",
                new MACSigner(rsa.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)),
                claims().build());
        String otherKind = token(JWSAlgorithm.ES256, "rsa", new ECDSASigner(ec), claims().build());

        for (String token : List.of(forged, confused, otherKind, "x.y.z", "", "no token at all")) {
            assertThatThrownBy(() -> identities.verified(token, ACCOUNT))
                    .as(token)
                    .isInstanceOf(InvalidIdentityTokenException.class);
        }
        String unsigned = signed(claims().build()).replaceFirst("\\.[^.]*$", ".");
        assertThatThrownBy(() -> identities.verified(unsigned, ACCOUNT))
                .isInstanceOf(InvalidIdentityTokenException.class);
    }

    @Test
    void refusesTokensOfOthersForOthersAndOfAnotherTime() throws JOSEException {
        String expired = signed(claims().expirationTime(Date.from(NOW)).build());
        assertThatThrownBy(() -> identities.verified(expired, ACCOUNT)).isInstanceOf(ExpiredTokenException.class);

        String early =
                signed(claims().notBeforeTime(Date.from(NOW.plusSeconds(600))).build());
        assertThatThrownBy(() -> identities.verified(early, ACCOUNT)).isInstanceOf(InvalidIdentityTokenException.class);

        String forOthers = signed(claims().audience("jenkins").build());
        assertThatThrownBy(() -> identities.verified(forOthers, ACCOUNT)).isInstanceOf(IdpRejectedClaimException.class);

        String ofOthers = signed(claims().issuer("https://issuer.example").build());
        assertThatThrownBy(() -> identities.verified(ofOthers, ACCOUNT))
                .isInstanceOf(InvalidIdentityTokenException.class)
                .hasMessageContaining("https://issuer.example");

        String never = signed(claims().expirationTime(null).build());
        assertThatThrownBy(() -> identities.verified(never, ACCOUNT)).isInstanceOf(InvalidIdentityTokenException.class);
    }

    @Test
    void saysSoWhenTheIssuerDoesNotAnswer() throws JOSEException {
        String token = signed(claims().build());
        server.stop(0);

        assertThatThrownBy(() -> identities.verified(token, ACCOUNT))
                .isInstanceOf(IdpCommunicationErrorException.class)
                .hasMessageContaining(issuer);
    }
}
