package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.InvalidLookupAttributesException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.codeartifact.CodeartifactClient;
import software.amazon.awssdk.services.codeartifact.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ServerException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.organizations.model.AwsOrganizationsNotInUseException;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DbClusterAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterNotFoundException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.InsufficientDbClusterCapacityException;
import software.amazon.awssdk.services.rds.model.InvalidDbClusterStateException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.sts.model.RegionDisabledException;

class ErrorModelTest {
    /** Codes and statuses as the services' API references have them. */
    static Stream<Arguments> documented() {
        return Stream.of(
                Arguments.of(
                        OrganizationsClient.class,
                        AwsOrganizationsNotInUseException.builder(),
                        "AWSOrganizationsNotInUseException",
                        400),
                Arguments.of(RdsClient.class, DbClusterNotFoundException.builder(), "DBClusterNotFoundFault", 404),
                Arguments.of(
                        RdsClient.class, DbClusterAlreadyExistsException.builder(), "DBClusterAlreadyExistsFault", 400),
                Arguments.of(RdsClient.class, DbInstanceNotFoundException.builder(), "DBInstanceNotFound", 404),
                Arguments.of(
                        RdsClient.class, InvalidDbClusterStateException.builder(), "InvalidDBClusterStateFault", 400),
                Arguments.of(
                        RdsClient.class,
                        InsufficientDbClusterCapacityException.builder(),
                        "InsufficientDBClusterCapacityFault",
                        403),
                Arguments.of(EcsClient.class, ClusterNotFoundException.builder(), "ClusterNotFoundException", 400),
                Arguments.of(EcsClient.class, ConflictException.builder(), "ConflictException", 400),
                Arguments.of(EcsClient.class, ServerException.builder(), "ServerException", 500),
                Arguments.of(StsClient.class, ExpiredTokenException.builder(), "ExpiredTokenException", 400),
                Arguments.of(
                        StsClient.class, MalformedPolicyDocumentException.builder(), "MalformedPolicyDocument", 400),
                Arguments.of(StsClient.class, RegionDisabledException.builder(), "RegionDisabledException", 403),
                Arguments.of(
                        CloudWatchLogsClient.class,
                        ResourceAlreadyExistsException.builder(),
                        "ResourceAlreadyExistsException",
                        400),
                Arguments.of(
                        CloudTrailClient.class,
                        InvalidLookupAttributesException.builder(),
                        "InvalidLookupAttributesException",
                        400),
                Arguments.of(
                        CodeartifactClient.class,
                        ResourceNotFoundException.builder(),
                        "ResourceNotFoundException",
                        404));
    }

    @ParameterizedTest
    @MethodSource("documented")
    void aModeledExceptionHasItsDocumentedCodeAndStatus(
            Class<? extends SdkClient> client, AwsServiceException.Builder error, String code, int status) {
        WireResponse response =
                ServiceModel.of(client).codec().encodeError(error.message("why").build(), "r-1");

        assertThat(response.status()).isEqualTo(status);
        assertThat(text(response)).containsAnyOf("\"__type\":\"" + code + "\"", "<Code>" + code + "</Code>");
        assertThat(text(response)).contains("why");
        assertThat(response.headers()).containsEntry("x-amzn-RequestId", "r-1");
    }

    /** The strongest there is: whatever a service throws, the SDK's client throws the same class again. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                EcsClient.class,
                CloudWatchLogsClient.class,
                CloudTrailClient.class,
                StsClient.class,
                IamClient.class,
                OrganizationsClient.class,
                SsmClient.class,
                SecretsManagerClient.class,
                RdsClient.class,
                CodeartifactClient.class
            })
    void everyModeledExceptionArrivesAsItself(Class<? extends SdkClient> type) throws Exception {
        ServiceModel model = ServiceModel.of(type);
        Codec codec = model.codec();
        AtomicReference<AwsServiceException> thrown = new AtomicReference<>();
        SdkClient client = client(type, new LoopbackHttp(request -> codec.encodeError(thrown.get(), "r-1")));
        RandomPojo random = new RandomPojo(7);
        Set<String> seen = new TreeSet<>();
        Set<String> lost = new TreeSet<>();
        for (OperationModel operation : model.allOperations()) {
            for (Class<?> exception : declaredBy(type, operation)) {
                if (seen.add(exception.getSimpleName())) {
                    thrown.set(newException(exception));
                    SdkPojo request = (SdkPojo) random.fill(operation.newRequestBuilder());
                    Throwable caught = catchThrowable(() -> operation.invoke(client, request));
                    if (caught instanceof UnsupportedOperationException) {
                        seen.remove(exception.getSimpleName()); // streams: another operation will have it
                        continue;
                    }
                    if (caught.getClass() != exception) {
                        lost.add(exception.getSimpleName());
                        continue;
                    }
                    AwsErrorDetails details = ((AwsServiceException) caught).awsErrorDetails();
                    assertThat(details.errorMessage()).isEqualTo("it was <\"so\"> & é");
                    assertThat(((SdkServiceException) caught).requestId()).isEqualTo("r-1");
                }
            }
        }
        assertThat(lost).isEmpty();
        assertThat(seen).hasSizeGreaterThan(3);
    }

    @Test
    void explicitDetailsWin() {
        AwsServiceException error = AwsServiceException.builder()
                .statusCode(409)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ResourceInUse")
                        .errorMessage("busy")
                        .build())
                .build();
        WireResponse response = ServiceModel.of(EcsClient.class).codec().encodeError(error, "r-1");

        assertThat(response.status()).isEqualTo(409);
        assertThat(response.headers()).containsEntry("x-amzn-ErrorType", "ResourceInUse");
        assertThat(text(response)).isEqualTo("{\"__type\":\"ResourceInUse\",\"message\":\"busy\"}");
    }

    private static Set<Class<?>> declaredBy(Class<?> type, OperationModel operation) {
        Set<Class<?>> found = new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));
        for (Method method : type.getMethods()) {
            if (method.getParameterCount() == 1 && method.getParameterTypes()[0] == operation.requestClass()) {
                for (Class<?> exception : method.getExceptionTypes()) {
                    if (exception
                                    .getPackageName()
                                    .equals(operation.requestClass().getPackageName())
                            && exception.getSuperclass().getSuperclass() == AwsServiceException.class) {
                        found.add(exception);
                    }
                }
            }
        }
        return found;
    }

    private static AwsServiceException newException(Class<?> type) throws ReflectiveOperationException {
        AwsServiceException.Builder builder =
                (AwsServiceException.Builder) type.getMethod("builder").invoke(null);
        return builder.message("it was <\"so\"> & é").build();
    }

    private static String text(WireResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static SdkClient client(Class<? extends SdkClient> type, LoopbackHttp http)
            throws ReflectiveOperationException {
        AwsClientBuilder<?, ?> builder =
                (AwsClientBuilder<?, ?>) type.getMethod("builder").invoke(null);
        builder.region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:4566"))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)));
        ((AwsSyncClientBuilder<?, ?>) builder).httpClient(http);
        return (SdkClient) builder.build();
    }
}
