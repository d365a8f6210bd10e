package io.beamline.worker.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a queue in their order of arrival. Those that came under queue management are in a
 * list of their own, because only they may be dropped: the oldest of them is found without a
 * search. Each method but {@link #copy} takes constant time and no memory. Not thread-safe: its
 * queue's lock guards it.
 */
final class WaitingTasks {

  private final TaskList managed = new TaskList();
  private final TaskList unmanaged = new TaskList();
  private long arrivals;

  /** The task that came first, null when there is none. */
  @Nullable StepTask first() {
    return older(managed.first(), unmanaged.first());
  }

  /** The task that came first of those under queue management, null when there is none. */
  @Nullable StepTask firstManaged() {
    return managed.first();
  }

  /** How many there are. */
  int size() {
    return managed.size() + unmanaged.size();
  }

  /** Adds a task that does not wait; its depth is decided already. */
  void add(StepTask task) {
    task.arrival = ++arrivals;
    (task.step().queueTicket() == null ? unmanaged : managed).add(task);
  }

  /** Takes a task out; false when it does not wait. */
  boolean remove(StepTask task) {
    TaskList list = task.list;
    if (list == null) {
      return false;
    }
    list.remove(task);
    return true;
  }

  /** All tasks in their order. */
  List<Runnable> copy() {
    List<Runnable> all = new ArrayList<>(size());
    StepTask nextManaged = managed.first();
    StepTask nextUnmanaged = unmanaged.first();
    for (StepTask next = older(nextManaged, nextUnmanaged);
        next != null;
        next = older(nextManaged, nextUnmanaged)) {
      all.add(next);
      if (next == nextManaged) {
        nextManaged = next.after;
      } else {
        nextUnmanaged = next.after;
      }
    }
    return all;
  }

  private static @Nullable StepTask older(@Nullable StepTask one, @Nullable StepTask other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.arrival < other.arrival ? one : other;
  }
}
