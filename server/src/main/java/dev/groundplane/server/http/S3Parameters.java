package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.platform.audit.AuditRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a call of Amazon S3 asked for, as CloudTrail records it. Source: Amazon S3 User Guide, "Amazon S3 CloudTrail log file
 * entries".
 *
 * @param json the parameters under CloudTrail's names
 * @param resources the object, if the call is about one, and the bucket
 */
record S3Parameters(String json, List<AuditRecord.Resource> resources) {
    /** CloudFormation's name for a bucket. */
    static final String BUCKET = "AWS::S3::Bucket";

    /** CloudTrail's name for an object. */
    static final String OBJECT = "AWS::S3::Object";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUCKET_NAME = "bucketName";
    private static final String KEY = "key";
    /** CloudTrail's names where they are not the model's. */
    private static final Map<String, String> NAMES = Map.of("Bucket", BUCKET_NAME, "Key", KEY);

    /** @param request the members of an operation's request, a JSON object */
    static S3Parameters of(String request) {
        ObjectNode renamed = JSON.createObjectNode();
        try {
            for (Map.Entry<String, JsonNode> member : JSON.readTree(request).properties()) {
                renamed.set(NAMES.getOrDefault(member.getKey(), member.getKey()), member.getValue());
            }
            return new S3Parameters(JSON.writeValueAsString(renamed), resources(renamed));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the codec wrote invalid JSON", e);
        }
    }

    private static List<AuditRecord.Resource> resources(ObjectNode parameters) {
        List<AuditRecord.Resource> found = new ArrayList<>();
        if (parameters.path(BUCKET_NAME).isTextual()) {
            String bucket = "arn:aws:s3:::" + parameters.path(BUCKET_NAME).textValue();
            if (parameters.path(KEY).isTextual()) {
                String key = parameters.path(KEY).textValue();
                found.add(new AuditRecord.Resource(OBJECT, bucket + "/" + key));
            }
            found.add(new AuditRecord.Resource(BUCKET, bucket));
        }
        return found;
    }
}
