package dev.groundplane.services.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class BackupTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatWasStoredWithoutAKindIsAWorkgroups() throws JsonProcessingException {
        Backup backup = JSON.readValue("""
                {"id":"b","namespaceId":"n","namespace":"risk","workgroup":null,"database":"dev","source":null,
                 "createdMillis":7,"state":"WHOLE","files":[{"name":"dev.duckdb","sizeBytes":1048576,"sha256":"00"}],
                 "seen":"look","users":null}""", Backup.class);
        Restore restore = JSON.readValue("""
                {"id":"r","namespace":"risk","namespaceId":"n","backup":"b","state":"WANTED"}""", Restore.class);

        assertThat(backup.kind()).isEqualTo(Warehouse.Kind.WORKGROUP);
        assertThat(backup.megabytes()).isEqualTo(1.0);
        assertThat(JSON.readValue(JSON.writeValueAsString(backup), Backup.class))
                .isEqualTo(backup);
        assertThat(restore.kind()).isEqualTo(Warehouse.Kind.WORKGROUP);
    }
}
