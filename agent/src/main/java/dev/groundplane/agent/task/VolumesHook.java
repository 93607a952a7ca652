package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Mount;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.MountPoint;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.model.Volume;
import java.util.ArrayList;

/** Finds the volumes that a container's mount points name. */
final class VolumesHook implements ContainerHook {
    private final TaskSpec task;
    private final ContainerSpec container;

    VolumesHook(TaskSpec task, ContainerSpec container) {
        this.task = task;
        this.container = container;
    }

    @Override
    public LaunchRequest beforeStart(LaunchRequest request) throws StartFailure {
        var mounts = new ArrayList<Mount>();
        for (var point : container.mountPoints()) {
            var volume = volume(point);
            mounts.add(new Mount(volume.name(), volume.sourcePath(), point.containerPath(), point.readOnly()));
        }
        return request.withMounts(mounts);
    }

    private Volume volume(MountPoint point) throws StartFailure {
        var volume = task.volumes().stream()
                .filter(candidate -> candidate.name().equals(point.sourceVolume()))
                .findFirst()
                .orElseThrow(() -> new StartFailure("mount point %s names volume %s, which the task does not have"
                        .formatted(point.containerPath(), point.sourceVolume())));
        if (volume.type() != null && !volume.type().equals("host")) {
            throw new StartFailure("volume %s has type %s; this agent has only volumes of type host"
                    .formatted(volume.name(), volume.type()));
        }
        return volume;
    }
}
