package dev.groundplane.services.s3.external;

import dev.groundplane.services.s3.S3Failure;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Errors of another S3 as callers of this one see them. Thread-safe. */
final class ExternalErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalErrors.class);
    /** What tells something of an object, which clients act on. */
    private static final List<String> HEADERS = List.of(
            "ETag",
            "Last-Modified",
            "Content-Range",
            "Allow",
            "x-amz-delete-marker",
            "x-amz-version-id",
            "x-amz-restore",
            "x-amz-storage-class");
    /** The operator's credentials are at fault, not the caller's. */
    private static final Set<String> OUR_CREDENTIALS = Set.of(
            "AuthorizationHeaderMalformed",
            "ExpiredToken",
            "InvalidAccessKeyId",
            "InvalidToken",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "TokenRefreshRequired");

    private final URI endpoint;
    private volatile @Nullable String problem;

    ExternalErrors(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Why the other S3 could not be used the last time; empty when it could. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Asks the other S3.
     *
     * @throws S3Exception with its code, status and message; {@code ServiceUnavailable} when it does not answer
     */
    <R> R translated(Supplier<R> call) {
        try {
            R result = call.get();
            problem = null;
            return result;
        } catch (S3Failure e) {
            throw e; // of the content, not of the other S3
        } catch (S3Exception e) {
            throw failure(e);
        } catch (SdkException | UncheckedIOException e) {
            LOG.warn("{} does not answer: {}", endpoint, reason(e));
            throw unavailable("The S3 at %s does not answer: %s".formatted(endpoint, reason(e)));
        }
    }

    private S3Exception failure(S3Exception e) {
        @Nullable AwsErrorDetails details = e.awsErrorDetails();
        String code = details == null
                        || details.errorCode() == null
                        || details.errorCode().matches("[0-9]*")
                ? code(e.statusCode())
                : details.errorCode();
        String message = details == null || details.errorMessage() == null
                ? "%s, as the S3 at %s answers".formatted(code, endpoint)
                : details.errorMessage();
        if (OUR_CREDENTIALS.contains(code)) {
            LOG.warn("{} does not accept the credentials that it is called with: {}: {}", endpoint, code, message);
            return unavailable("The S3 at %s does not accept the credentials that the operator gave for it: %s: %s"
                    .formatted(endpoint, code, message));
        }
        problem = null;
        return new S3Failure(code, e.statusCode(), message, Map.of(), headers(details));
    }

    private static Map<String, String> headers(@Nullable AwsErrorDetails details) {
        Map<String, String> kept = new LinkedHashMap<>();
        if (details != null && details.sdkHttpResponse() != null) {
            HEADERS.forEach(name ->
                    details.sdkHttpResponse().firstMatchingHeader(name).ifPresent(value -> kept.put(name, value)));
        }
        return kept;
    }

    /** Answers to HEAD have no body that could say more. */
    private static String code(int status) {
        return switch (status) {
            case 301, 307 -> "PermanentRedirect";
            case 304 -> "NotModified";
            case 400 -> "BadRequest";
            case 403 -> "AccessDenied";
            case 404 -> "NoSuchKey";
            case 405 -> "MethodNotAllowed";
            case 412 -> "PreconditionFailed";
            case 416 -> "InvalidRange";
            case 501 -> "NotImplemented";
            case 503 -> "SlowDown";
            default -> "InternalError";
        };
    }

    private S3Exception unavailable(String message) {
        problem = message;
        return new S3Failure("ServiceUnavailable", 503, message, Map.of(), Map.of());
    }

    /** What lies behind an exception, in words. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    }
}
