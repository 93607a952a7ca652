package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.s3.model.Delete;

/** However a body is damaged, it is decoded or refused as the caller's mistake, with a short message. */
class MalformedBodyTest {
    private static final int TRIES = 1_500;
    private static final int LONGEST_MESSAGE = 1_000;
    private static final Codec ECS = ServiceModel.of(EcsClient.class).codec();
    private static final Codec RDS = ServiceModel.of(RdsClient.class).codec();
    private static final byte[] JSON = """
            {"cluster":"default","taskDefinition":"etl:3","count":2,"startedBy":"airflow","enableECSManagedTags":true,
            "overrides":{"containerOverrides":[{"name":"main","command":["sh","-c","echo \\u00e9"],"cpu":-12,
            "environment":[{"name":"A","value":"1.5e3"}]}],"memory":"512"},
            "placementConstraints":[{"type":"distinctInstance"}],"tags":[{"key":"k","value":"v"}]}
            """.getBytes(StandardCharsets.UTF_8);
    private static final byte[] FORM = ("Action=CreateDBCluster&Version=2014-10-31&DBClusterIdentifier=a%20b+c"
                    + "&AvailabilityZones.AvailabilityZone.1=us-east-1a&AvailabilityZones.AvailabilityZone.2=b"
                    + "&Port=5432&StorageEncrypted=true&Tags.Tag.1.Key=k&Tags.Tag.1.Value=v"
                    + "&ServerlessV2ScalingConfiguration.MinCapacity=0.5")
            .getBytes(StandardCharsets.UTF_8);
    private static final byte[] XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a&amp;b&#13;</Key><Size>12</Size>
            <LastModifiedTime>Wed, 14 Jan 2026 12:00:00 GMT</LastModifiedTime></Object><Object><Key><![CDATA[x]]></Key>
            </Object><Quiet>true</Quiet></Delete>
            """.strip().getBytes(StandardCharsets.UTF_8);

    private interface Mutation {
        byte[] apply(byte[] body);
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        Arbitrary<Double> where = Arbitraries.integers().between(0, 9_999).map(i -> i / 10_000.0);
        Arbitrary<Mutation> replace = Combinators.combine(where, Arbitraries.bytes())
                .as((at, value) -> body -> {
                    byte[] changed = body.clone();
                    if (changed.length > 0) {
                        changed[(int) (at * changed.length)] = value;
                    }
                    return changed;
                });
        Arbitrary<Mutation> insert = Combinators.combine(where, Arbitraries.of(tokens()))
                .as((at, token) -> body -> splice(body, (int) (at * body.length), 0, token));
        Arbitrary<Mutation> remove = Combinators.combine(
                        where, Arbitraries.integers().between(1, 40))
                .as((at, length) -> body -> {
                    int from = (int) (at * body.length);
                    return splice(body, from, Math.min(length, body.length - from), "");
                });
        return Arbitraries.oneOf(replace, insert, remove).list().ofMinSize(1).ofMaxSize(4);
    }

    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>(List.of(
                "null",
                "{",
                "}",
                "[",
                "]",
                "\"",
                ",",
                ":",
                "\\u0000",
                "\\",
                "-",
                "99999999999",
                "1e300",
                "true",
                "\u0000"));
        tokens.addAll(List.of("&", "=", ".", "%", "%zz", ".1", ".1.1.1", ".member.", "é", "\ud83d\ude00"));
        tokens.addAll(
                List.of("<", ">", "</Object>", "<Object>", "&lt;", "&#0;", "&x;", "<!DOCTYPE a>", "<?x?>", "]]>"));
        tokens.add("[".repeat(3_000));
        tokens.add("<a>".repeat(3_000));
        tokens.add(".a".repeat(3_000));
        return tokens;
    }

    private static byte[] splice(byte[] body, int from, int removed, String inserted) {
        byte[] middle = inserted.getBytes(StandardCharsets.UTF_8);
        byte[] result = new byte[body.length - removed + middle.length];
        System.arraycopy(body, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(body, from + removed, result, from + middle.length, body.length - from - removed);
        return result;
    }

    @Property(tries = TRIES)
    void json(@ForAll("mutations") List<Mutation> mutations) {
        OperationModel operation =
                ServiceModel.of(EcsClient.class).operation("RunTask").orElseThrow();
        decodesOrRefuses(() -> ECS.decode(operation, request(damage(JSON, mutations))));
    }

    @Property(tries = TRIES)
    void form(@ForAll("mutations") List<Mutation> mutations) {
        WireRequest request = request(damage(FORM, mutations));
        decodesOrRefuses(() -> {
            OperationModel operation = RDS.operation(request)
                    .orElseGet(() -> ServiceModel.of(RdsClient.class)
                            .operation("CreateDBCluster")
                            .orElseThrow());
            return RDS.decode(operation, request);
        });
    }

    @Property(tries = TRIES)
    void xml(@ForAll("mutations") List<Mutation> mutations) {
        try {
            SdkPojo builder = (SdkPojo) Delete.builder();
            XmlReader.read(damage(XML, mutations), builder);
            assertThat(WireForm.json((SdkPojo) Shape.build(builder))).startsWith("{");
        } catch (WireException e) {
            assertThat(e.status(Protocol.REST_XML)).isEqualTo(400);
        }
    }

    @Example
    void whatIsWrongWithXmlIsSaidShortly() {
        String body = "<?xml version=\"" + "1".repeat(1_000_000) + "\"?><a/>";
        decodesOrRefuses(() -> {
            SdkPojo builder = (SdkPojo) Delete.builder();
            XmlReader.read(body.getBytes(StandardCharsets.UTF_8), builder);
            return builder;
        });
    }

    private interface Decoding {
        SdkPojo decode();
    }

    private static void decodesOrRefuses(Decoding decoding) {
        try {
            assertThat(WireForm.json(decoding.decode())).startsWith("{");
        } catch (WireException e) {
            assertThat(e.status(Protocol.JSON)).isEqualTo(400);
            assertThat(e.getMessage()).hasSizeLessThan(LONGEST_MESSAGE);
        }
    }

    private static byte[] damage(byte[] body, List<Mutation> mutations) {
        byte[] damaged = body;
        for (Mutation mutation : mutations) {
            damaged = mutation.apply(damaged);
        }
        return damaged;
    }

    private static WireRequest request(byte[] body) {
        return new WireRequest("POST", "/", "", Map.of(), body);
    }
}
