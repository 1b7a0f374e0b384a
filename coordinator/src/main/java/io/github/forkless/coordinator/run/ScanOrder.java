package io.github.forkless.coordinator.run;

import io.github.forkless.coordinator.placement.WorkerPlaces;

/**
 * In which order the tasks of a plan are dealt, and to whom: in the dataset's order, or to each memory node first those
 * whose slice lies on it. All groups of a slice come one after another, while the slice is in the machine's caches.
 */
final class ScanOrder {
    private final Plan plan;
    /** Those that lie anywhere first, which each node prefers to what lies on others. */
    private final Queue[] queues;

    /** Slices of one home, in the dataset's order. */
    private static final class Queue {
        private final int home;
        private final int count;
        /** Null if these are all there are. */
        private final int[] slices;

        private int next;
        private int nextGroup;

        Queue(int home, int count, int[] slices) {
            this.home = home;
            this.count = count;
            this.slices = slices;
        }

        private int left() {
            return count - next;
        }

        private int firstSlice() {
            return slices == null ? next : slices[next];
        }
    }

    private ScanOrder(Plan plan, Queue[] queues) {
        this.plan = plan;
        this.queues = queues;
    }

    /** @param homes the node of each slice; empty for none. A plan of another cut has no homes either */
    static ScanOrder of(Plan plan, int[] homes) {
        int slices = plan.slices().size();
        if (homes.length != slices) {
            return new ScanOrder(plan, new Queue[] {new Queue(WorkerPlaces.ANYWHERE, slices, null)});
        }
        int highest = WorkerPlaces.ANYWHERE;
        for (int home : homes) {
            highest = Math.max(highest, home);
        }
        var queues = new Queue[highest + 2];
        for (int home = WorkerPlaces.ANYWHERE; home <= highest; home++) {
            queues[home + 1] = queue(home, homes);
        }
        return new ScanOrder(plan, queues);
    }

    private static Queue queue(int home, int[] homes) {
        int count = 0;
        for (int it : homes) {
            count += it == home ? 1 : 0;
        }
        int[] slices = new int[count];
        int at = 0;
        for (int i = 0; i < homes.length; i++) {
            if (homes[i] == home) {
                slices[at++] = i;
            }
        }
        return new Queue(home, count, slices);
    }

    /**
     * The number of the next task for a worker of this node: one that lies there, else one that lies anywhere, else one of
     * the node that has the most left, which would be waited for.
     */
    long next(int node) {
        Queue best = queues[0];
        for (Queue queue : queues) {
            if (queue.home == node && queue.left() > 0) {
                return take(queue);
            }
            if (queues[0].left() == 0 && queue.left() > best.left()) {
                best = queue;
            }
        }
        return take(best);
    }

    /** The number of the task that is the first of the dataset. */
    long first() {
        Queue first = null;
        for (Queue queue : queues) {
            if (queue.left() > 0 && (first == null || queue.firstSlice() < first.firstSlice())) {
                first = queue;
            }
        }
        return take(first);
    }

    private long take(Queue queue) {
        int groups = plan.groups().size();
        long task = (long) queue.firstSlice() * groups + queue.nextGroup;
        if (++queue.nextGroup == groups) {
            queue.nextGroup = 0;
            queue.next++;
        }
        return task;
    }
}
