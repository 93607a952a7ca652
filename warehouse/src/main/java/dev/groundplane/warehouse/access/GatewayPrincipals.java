package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.gateway.Gateway;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The users, groups and roles that the control plane keeps, asked for by the operations ReadPrincipals and ChangePrincipals. */
public final class GatewayPrincipals implements PrincipalStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Gateway gateway;

    /** @param gateway of the namespace's control plane */
    public GatewayPrincipals(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public Principals read() {
        return principals(gateway.call("ReadPrincipals", Map.of()));
    }

    @Override
    public Principals change(String by, String event, List<Change> changes) {
        return principals(gateway.call(
                "ChangePrincipals",
                Map.of(
                        "by", by,
                        "event", event,
                        "changes",
                                changes.stream().map(GatewayPrincipals::message).toList())));
    }

    private static Map<String, Object> message(Change change) {
        var message = new LinkedHashMap<String, Object>();
        switch (change) {
            case Change.PutUser(var user, var verifier) -> {
                message.put("kind", "user");
                message.put("put", user);
                if (verifier != null) {
                    message.put("verifier", verifier);
                }
            }
            case Change.PutGroup(var group) -> {
                message.put("kind", "group");
                message.put("put", group);
            }
            case Change.PutRole(var role) -> {
                message.put("kind", "role");
                message.put("put", role);
            }
            case Change.Remove(var kind, var id) -> {
                message.put("kind", kind.name().toLowerCase(Locale.ROOT));
                message.put("remove", id);
            }
        }
        return message;
    }

    private static Principals principals(JsonNode answer) {
        try {
            return JSON.treeToValue(answer, Principals.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the control plane's users cannot be read", e);
        }
    }
}
