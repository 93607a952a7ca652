package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** How many tasks of which group are where. Tasks that are stopping count until they have stopped. */
final class TaskGroups {
    private TaskGroups() {}

    /** Counts by group, by the name of the instance. */
    static Map<String, Map<String, Integer>> on(
            EcsStore store, Transaction tx, List<Stored<ContainerInstance>> instances) throws SQLException {
        Map<String, Map<String, Integer>> groups = new HashMap<>();
        for (Stored<ContainerInstance> instance : instances) {
            Map<String, Integer> here = new HashMap<>();
            List<Stored<Task>> tasks = store.tasks()
                    .listByIndex(tx, instance.scope(), EcsStore.ACTIVE_ON, instance.name(), "", Resources.ALL)
                    .items();
            for (Stored<Task> task : tasks) {
                if (task.value().group() != null) {
                    here.merge(task.value().group(), 1, Integer::sum);
                }
            }
            groups.put(instance.name(), here);
        }
        return groups;
    }
}
