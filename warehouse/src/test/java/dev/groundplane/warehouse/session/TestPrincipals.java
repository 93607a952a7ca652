package dev.groundplane.warehouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.warehouse.gateway.Gateway;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A control plane that keeps users, groups and roles in memory; the administrator admin has the password secret. */
final class TestPrincipals implements Gateway {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ScramVerifier SECRET = ScramVerifier.of("secret", new byte[16], 4096);

    private Map<String, String> parameters = Map.of();
    private final Gateway others;
    private final Map<String, Map<Integer, ObjectNode>> kept = new HashMap<>();
    private final Map<Integer, String> verifiers = new HashMap<>();
    private int lastId = 100;

    /** @param others answers everything else */
    TestPrincipals(Gateway others) {
        this.others = others;
        List.of("user", "group", "role").forEach(kind -> kept.put(kind, new TreeMap<>()));
        kept("user")
                .put(
                        100,
                        JSON.createObjectNode()
                                .put("id", 100)
                                .put("name", "admin")
                                .put("superuser", true)
                                .put("createDatabase", true)
                                .put("validUntil", "infinity")
                                .put("connectionLimit", -1));
        verifiers.put(100, SECRET.toString());
    }

    private Map<Integer, ObjectNode> kept(String kind) {
        return kept.getOrDefault(kind, Map.of());
    }

    /** What a user logs in by. */
    synchronized List<ScramVerifier> verifiers(String user) {
        return kept("user").values().stream()
                .filter(one -> one.path("name").asText().equals(user))
                .map(one -> verifiers.getOrDefault(one.path("id").asInt(), ""))
                .filter(verifier -> !verifier.isEmpty())
                .map(ScramVerifier::parse)
                .toList();
    }

    /** What is set for all sessions that begin from now on. */
    synchronized void parameters(Map<String, String> workgroup) {
        parameters = Map.copyOf(workgroup);
    }

    @Override
    public synchronized JsonNode call(String operation, Map<String, ?> members) {
        switch (operation) {
            case "ReadPrincipals" -> {}
            case "ChangePrincipals" ->
                JSON.valueToTree(members.get("changes")).forEach(change -> change((ObjectNode) change));
            case "WorkgroupParameters" -> {
                return JSON.valueToTree(Map.of("parameters", parameters));
            }
            default -> {
                return others.call(operation, members);
            }
        }
        var answer = JSON.createObjectNode();
        kept.forEach((kind, all) -> answer.putArray(kind + "s").addAll(all.values()));
        return answer;
    }

    private void change(ObjectNode change) {
        var kind = change.path("kind").asText();
        if (change.has("remove")) {
            kept(kind).remove(change.path("remove").asInt());
            return;
        }
        var put = (ObjectNode) change.path("put");
        if (put.path("id").asInt() == 0) {
            put.put("id", ++lastId);
        }
        kept(kind).put(put.path("id").asInt(), put);
        if (change.has("verifier")) {
            verifiers.put(put.path("id").asInt(), change.path("verifier").asText());
        }
    }
}
