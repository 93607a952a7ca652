package dev.groundplane.server.http;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.services.iam.Principal;
import dev.groundplane.services.s3.CrossOrigin;
import dev.groundplane.services.s3.PostForm;
import dev.groundplane.services.s3.SizeRange;
import dev.groundplane.wire.FormUpload;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import dev.groundplane.wire.sigv4.Signature;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the front door for browsers that use buckets: answers what they ask before a script's request, adds to answers
 * which scripts may read them, and takes forms with a file as {@code PutObject}. Every request leaves a record. Thread-safe.
 */
public final class BrowserDoor {
    private static final Logger LOG = LoggerFactory.getLogger(BrowserDoor.class);
    private static final String METHOD = "access-control-request-method";
    private static final String HEADERS = "access-control-request-headers";

    private final FrontDoor door;
    private final ServiceEndpoint s3;
    private final Authenticator authenticator;
    private final CrossOrigin crossOrigin;
    private final AuditTrail trail;
    private final InstantSource clock;

    /**
     * @param door answers everything else, and stores what a form brings
     * @param s3 tells which bucket a request is about
     * @param clock tells whether a form's policy has ended
     */
    public BrowserDoor(
            FrontDoor door,
            ServiceEndpoint s3,
            Authenticator authenticator,
            CrossOrigin crossOrigin,
            AuditTrail trail,
            InstantSource clock) {
        this.door = door;
        this.s3 = s3;
        this.authenticator = authenticator;
        this.crossOrigin = crossOrigin;
        this.trail = trail;
        this.clock = clock;
    }

    /** Whether a request is a form, whose file streams; only its head is looked at. */
    boolean streams(WireRequest head) {
        return FormUpload.in(head)
                && head.header("authorization").isEmpty()
                && head.rawQuery().isEmpty()
                && names(head).size() == 1;
    }

    /** Answers as {@link FrontDoor#answer(WireRequest, String, String)}. */
    WireResponse answer(WireRequest request, String sourceAddress, String scheme) {
        Optional<String> origin = request.header("origin");
        List<String> names = names(request);
        if (origin.isEmpty() || names.isEmpty()) {
            return answerPlainly(request, sourceAddress, scheme);
        }
        if (request.method().equals("OPTIONS") && request.header(METHOD).isPresent()) {
            return preflight(request, names.getFirst(), origin.get(), sourceAddress);
        }
        // Before the answer, whose content may stream: an answer that is not written is a file that stays open.
        Map<String, String> shared = isOfS3(request) ? shared(names.getFirst(), origin.get(), request) : Map.of();
        WireResponse answer = answerPlainly(request, sourceAddress, scheme);
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        headers.putAll(shared);
        return new WireResponse(answer.status(), headers, answer.body(), answer.content());
    }

    private WireResponse answerPlainly(WireRequest request, String sourceAddress, String scheme) {
        return streams(request) ? store(request, sourceAddress, scheme) : door.answer(request, sourceAddress, scheme);
    }

    /** The bucket, and the key if there is one, as they are in the path. */
    private List<String> names(WireRequest request) {
        return Stream.of(s3.located(request).rawPath().substring(1).split("/", 2))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static boolean isOfS3(WireRequest request) {
        try {
            return Signature.of(request).map(Signature::service).orElse("s3").equals("s3");
        } catch (WireException e) {
            return true; // it is refused, and scripts may see that
        }
    }

    private Map<String, String> shared(String bucket, String origin, WireRequest request) {
        try {
            return crossOrigin.actual(bucket, origin, request.method());
        } catch (GroundplaneException e) {
            LOG.warn("which scripts may use bucket {} cannot be told: {}", bucket, e.toString());
            return Map.of();
        }
    }

    private WireResponse preflight(WireRequest request, String bucket, String origin, String sourceAddress) {
        return door.answer(s3, "OptionsObject", request, sourceAddress, (entry, requestId) -> {
            List<String> headers = request.headers().getOrDefault(HEADERS, List.of()).stream()
                    .flatMap(line -> Stream.of(line.split(",", -1)))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            String method = request.header(METHOD).orElse("");
            Map<String, String> answer = new LinkedHashMap<>(crossOrigin.preflight(bucket, origin, method, headers));
            answer.put("x-amz-request-id", requestId);
            trail.appendLater(entry.success(null));
            return new WireResponse(200, answer, new byte[0]);
        });
    }

    private WireResponse store(WireRequest request, String sourceAddress, String scheme) {
        String bucket = names(request).getFirst();
        return door.answer(s3, "PutObject", request, sourceAddress, (entry, requestId) -> {
            InputStream body =
                    Optional.ofNullable(request.content()).orElseGet(() -> new ByteArrayInputStream(request.body()));
            FormUpload upload = FormUpload.read(request.header("content-type").orElse(""), body);
            Signature signature = FrontDoor.require(Signature.ofForm(upload.fields()), entry);
            String policy = upload.fields().getOrDefault("policy", "");
            Principal principal = authenticator.authenticate(policy, signature, entry);
            Caller caller = principal
                    .caller()
                    .calling(FrontDoor.circumstances(request, sourceAddress, scheme, signature.region()));
            PostForm form = new PostForm(bucket, upload.fields(), upload.fileName());
            SizeRange sizes = form.permitted(clock.instant());
            WireRequest put = put(request, bucket, form, sizes.of(upload.file()));
            WireResponse stored = door.call(s3, put, entry, caller, requestId, scheme);
            return stored.status() == 200 ? done(request, scheme, bucket, form, stored) : stored;
        });
    }

    private static WireRequest put(WireRequest request, String bucket, PostForm form, InputStream file) {
        Map<String, List<String>> headers = new HashMap<>(form.headers());
        headers.put("host", request.headers().getOrDefault("host", List.of()));
        return new WireRequest("PUT", "/" + bucket + "/" + encoded(form.key()), "", headers, new byte[0], file);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static WireResponse done(
            WireRequest request, String scheme, String bucket, PostForm form, WireResponse stored) {
        String etag = stored.headers().getOrDefault("ETag", "");
        String path = request.rawPath().replaceFirst("/$", "");
        String host = request.header("host").orElse("");
        String location =
                scheme + "://" + host + path + "/" + encoded(form.key()).replace("%2F", "/");
        Map<String, String> headers = new LinkedHashMap<>(stored.headers());
        Optional<String> redirect = form.redirect().filter(BrowserDoor::isUri);
        if (redirect.isPresent()) {
            String more = "bucket=%s&key=%s&etag=%s".formatted(bucket, encoded(form.key()), encoded(etag));
            headers.put("Location", redirect.get() + (redirect.get().contains("?") ? "&" : "?") + more);
            return new WireResponse(303, headers, new byte[0]);
        }
        headers.put("Location", location);
        if (form.successStatus() != 201) {
            return new WireResponse(form.successStatus(), headers, new byte[0]);
        }
        headers.put("Content-Type", "application/xml");
        return new WireResponse(201, headers, FormUpload.receipt(location, bucket, form.key(), etag));
    }

    /** As AWS, what is none counts as if it were not there. */
    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
