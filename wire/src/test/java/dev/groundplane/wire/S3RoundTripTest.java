package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;

/**
 * Every operation of S3 that does not stream, with random requests and responses, between the SDK's own client and REST-XML
 * here. Routes are not asked: S3's templates lack the bucket.
 */
@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class S3RoundTripTest {
    private static final ServiceModel MODEL = ServiceModel.of(S3Client.class);
    private static final int ROUNDS = 5;
    /** What the client calls by itself, and what has a test of its own below. */
    private static final Set<String> LEFT_OUT = Set.of("CreateSession", "GetBucketLocation");
    /** Members that the client makes others from. */
    private static final Set<String> OF_CLIENT =
            Set.of("SourceBucket", "SourceKey", "SourceVersionId", "ContentMD5", "Expires");

    static Stream<String> operations() {
        return MODEL.allOperations().stream().map(OperationModel::name).filter(n -> !LEFT_OUT.contains(n));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void requestAndResponseArriveAsTheyWere(String name) throws Exception {
        OperationModel operation = MODEL.operation(name).orElseThrow();
        RandomPojo random = new RandomPojo(name.hashCode());
        AtomicReference<SdkPojo> decoded = new AtomicReference<>();
        AtomicReference<SdkPojo> answer = new AtomicReference<>();
        try (S3Client client = client(new LoopbackHttp(request -> {
            decoded.set(decode(operation, request));
            return MODEL.codec().encode(operation, answer.get(), "id");
        }))) {
            for (int round = 0; round < ROUNDS; round++) {
                SdkPojo request = acceptable(random, operation);
                answer.set((SdkPojo) random.fill(responseBuilder(operation)));
                SdkPojo response;
                try {
                    response = operation.invoke(client, request);
                } catch (UnsupportedOperationException e) {
                    return; // streams
                }
                assertThat(differences(request, decoded.get()))
                        .as("request %s", request)
                        .isEmpty();
                assertThat(differences(answer.get(), response))
                        .as("response %s", answer.get())
                        .isEmpty();
            }
        }
    }

    @Test
    void anAttributeIsEscaped() {
        Codec codec = MODEL.codec();
        String type = "a\"<b>&c";
        try (S3Client client = client(new LoopbackHttp(request -> codec.encode(
                MODEL.operation("GetBucketAcl").orElseThrow(),
                GetBucketAclResponse.builder()
                        .grants(g -> g.grantee(e -> e.type(type)))
                        .build(),
                "id")))) {
            assertThat(client.getBucketAcl(r -> r.bucket("bucket"))
                            .grants()
                            .getFirst()
                            .grantee()
                            .typeAsString())
                    .isEqualTo(type);
        }
    }

    /** A random request that the client does not refuse: its bucket has a bucket's name, and its source one form. */
    private static SdkPojo acceptable(RandomPojo random, OperationModel operation) {
        SdkPojo builder = operation.newRequestBuilder();
        random.fill(builder);
        for (SdkField<?> field : builder.sdkFields()) {
            if (field.locationName().equals("Bucket")) {
                field.set(builder, "bucket");
            } else if (OF_CLIENT.contains(field.memberName())) {
                field.set(builder, null);
            }
        }
        return (SdkPojo) Shape.build(builder);
    }

    /** What {@link RestCodec#decode} does, with the labels of a path-style address. */
    private static SdkPojo decode(OperationModel operation, WireRequest request) {
        SdkPojo builder = operation.newRequestBuilder();
        Map<String, String> labels = new HashMap<>();
        String[] path = request.rawPath().substring(1).split("/", 2);
        labels.put("Bucket", RestRoutes.decode(path[0]));
        labels.put("Key", path.length < 2 ? null : RestRoutes.decode(path[1]));
        RestBinding.readParameters(request, labels, builder);
        SdkField<?> payload = builder.sdkFields().stream()
                .filter(f -> f.location() == MarshallLocation.PAYLOAD && f.containsTrait(PayloadTrait.class))
                .findFirst()
                .orElse(null);
        if (payload == null) {
            XmlReader.read(request.body(), builder);
        } else if (payload.constructor() == null) {
            payload.set(builder, new String(request.body(), StandardCharsets.UTF_8));
        } else if (request.body().length > 0) {
            SdkPojo nested = payload.constructor().get();
            XmlReader.read(request.body(), nested);
            payload.set(builder, Shape.build(nested));
        }
        return (SdkPojo) Shape.build(builder);
    }

    /** Members that differ, by name. What the client itself adds or leaves out is not compared. */
    private static List<String> differences(SdkPojo expected, SdkPojo actual) {
        List<String> differences = new ArrayList<>();
        for (SdkField<?> field : expected.sdkFields()) {
            Object wanted = Shape.value(field, expected);
            Object found = Shape.value(field, actual);
            boolean ofClient = OF_CLIENT.contains(field.memberName())
                    || field.memberName().toLowerCase(Locale.ROOT).contains("checksum");
            if (wanted != null && !ofClient && !wanted.equals(found)) {
                differences.add("%s: %s became %s".formatted(field.memberName(), wanted, found));
            }
        }
        return differences;
    }

    private static SdkPojo responseBuilder(OperationModel operation) throws ReflectiveOperationException {
        String name = operation.requestClass().getName().replaceFirst("Request$", "Response");
        return (SdkPojo) Class.forName(name).getMethod("builder").invoke(null);
    }

    private static S3Client client(LoopbackHttp http) {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:4566"))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIATEST", "secret")))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(s -> s.pathStyleAccessEnabled(true))
                .httpClient(http)
                .build();
    }
}
