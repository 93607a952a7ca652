package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.ecs.Replica.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RollingUpdateTest {
    @Test
    void theMinimumIsRoundedUpAndTheMaximumDown() {
        assertThat(RollingUpdate.of(3, 50, 150)).isEqualTo(new RollingUpdate(3, 2, 4));
        assertThat(RollingUpdate.of(4, 100, 200)).isEqualTo(new RollingUpdate(4, 4, 8));
        assertThat(RollingUpdate.of(1, 0, 100)).isEqualTo(new RollingUpdate(1, 0, 1));
        assertThat(RollingUpdate.of(5000, 100, 200)).isEqualTo(new RollingUpdate(5000, 5000, 10_000));
    }

    @Test
    void thatNeitherBoundLeavesRoomIsSeen() {
        List<Replica> old = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            old.add(new Replica("t" + i, "i", false, Phase.READY, i));
        }

        assertThat(RollingUpdate.of(3, 80, 125).isDeadlocked(old)).isTrue();
        assertThat(RollingUpdate.of(3, 50, 125).isDeadlocked(old)).isFalse();
        assertThat(RollingUpdate.of(3, 80, 150).isDeadlocked(old)).isFalse();
    }

    /**
     * A host that is slow, fails starts and loses tasks at random: whatever it does, nothing is started above the maximum,
     * and no stop of ours takes what can be relied on below the minimum.
     */
    @Property(tries = 500)
    void anUpdateStaysWithinItsBoundsAndEnds(
            @ForAll @IntRange(max = 12) int wanted,
            @ForAll @IntRange(max = 100) int minimum,
            @ForAll @IntRange(min = 100, max = 200) int maximum,
            @ForAll @IntRange(max = 12) int old,
            @ForAll long seed) {
        RollingUpdate update = RollingUpdate.of(wanted, minimum, maximum);
        Random random = new Random(seed);
        List<Replica> fleet = new ArrayList<>();
        for (int i = 0; i < old; i++) {
            fleet.add(new Replica("old" + i, "i" + i % 3, false, Phase.READY, i));
        }
        for (int turn = 0; turn < 300; turn++) {
            boolean calm = turn >= 150; // in the end hosts behave
            step(update, fleet, "t" + turn + "-", !calm && random.nextInt(4) == 0, calm || random.nextInt(4) > 0);
            live(fleet, random, calm);
        }
        if (!update.isDeadlocked(fleet)) {
            assertThat(fleet).hasSize(wanted).allMatch(r -> r.current() && r.is(Phase.READY));
        }
    }

    private static void step(
            RollingUpdate update, List<Replica> fleet, String prefix, boolean cramped, boolean mayStart) {
        int starts = mayStart && !cramped ? update.starts(fleet) : 0;
        for (int i = 0; i < starts; i++) {
            fleet.add(new Replica(prefix + i, "i" + i % 3, true, Phase.PENDING, prefix.hashCode()));
        }
        assertThat(starts == 0 || fleet.size() <= update.most()).isTrue();
        long ready = ready(fleet);
        List<Replica> stops = update.stops(List.copyOf(fleet), cramped, mayStart);
        assertThat(stops).doesNotHaveDuplicates().noneMatch(r -> r.is(Phase.STOPPING));
        for (Replica stop : stops) {
            fleet.set(fleet.indexOf(stop), with(stop, Phase.STOPPING));
        }
        assertThat(ready(fleet)).isGreaterThanOrEqualTo(Math.min(ready, update.fewest()));
    }

    private static long ready(List<Replica> fleet) {
        return fleet.stream().filter(r -> r.is(Phase.READY)).count();
    }

    private static Replica with(Replica replica, Phase phase) {
        return new Replica(replica.name(), replica.instance(), replica.current(), phase, replica.created());
    }

    /** Time passes: tasks start, prove themselves, fall ill, end. */
    private static void live(List<Replica> fleet, Random random, boolean calm) {
        for (Replica replica : List.copyOf(fleet)) {
            int chance = random.nextInt(10);
            if ((!calm && chance == 0) || (replica.is(Phase.STOPPING) && chance < 5)) {
                fleet.remove(replica);
            } else if (!calm && chance == 1 && replica.is(Phase.READY)) {
                fleet.set(fleet.indexOf(replica), with(replica, Phase.UNHEALTHY));
            } else if (replica.is(Phase.PENDING) && chance < 6) {
                fleet.set(fleet.indexOf(replica), with(replica, Phase.STARTING));
            } else if (replica.is(Phase.STARTING) && chance < 6) {
                fleet.set(fleet.indexOf(replica), with(replica, Phase.READY));
            }
        }
    }
}
