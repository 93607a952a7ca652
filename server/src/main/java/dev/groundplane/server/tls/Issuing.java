package dev.groundplane.server.tls;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.http.Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and certificates, in the profile of RFC 5280: P-256, with all extensions that strict clients ask for. */
final class Issuing {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_BITS = 127;
    /** Hosts' clocks differ. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private Issuing() {}

    /** What goes into a certificate's extensions. */
    private interface Extensions {
        void into(X509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
    }

    /** An authority that vouches for itself and for servers. */
    static Certificate authority(String commonName, Instant now, Duration life) {
        KeyPair keys = keys();
        X500Name name = name(commonName);
        X509Certificate made = sign(name, keys.getPrivate(), name, keys.getPublic(), now, life, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
        return new Certificate(List.of(made), keys.getPrivate());
    }

    /** A server's certificate; its chain ends with the authority's. */
    static Certificate server(Certificate authority, Collection<String> names, Instant now, Duration life) {
        KeyPair keys = keys();
        X509Certificate issuer = authority.chain().getFirst();
        X509Certificate made = sign(
                X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
                authority.key(),
                name("Groundplane control plane"),
                keys.getPublic(),
                now,
                life,
                builder -> {
                    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
                    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                    builder.addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
                    builder.addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils()
                                    .createAuthorityKeyIdentifier(new JcaX509CertificateHolder(issuer)));
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(
                                    names.stream().map(Issuing::general).toArray(GeneralName[]::new)));
                });
        return new Certificate(List.of(made, issuer), keys.getPrivate());
    }

    private static GeneralName general(String name) {
        return new GeneralName(address(name).isPresent() ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    /** A text as an address; empty when it is a name. */
    static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM has no P-256", e);
        }
    }

    private static X509Certificate sign(
            X500Name issuer,
            PrivateKey issuerKey,
            X500Name subject,
            PublicKey subjectKey,
            Instant now,
            Duration life,
            Extensions extensions) {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)),
                subject,
                subjectKey);
        try {
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(subjectKey));
            extensions.into(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a certificate cannot be made", e);
        }
    }
}
