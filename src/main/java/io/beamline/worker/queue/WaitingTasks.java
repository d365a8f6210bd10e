package io.beamline.worker.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The waiting tasks of a queue in their order of arrival. Tasks whose destination expects them come
 * before all others, so that its permit is not kept from others for long. Tasks under queue
 * management have a separate list, because only they may be dropped; so the oldest is found without
 * a search. All methods except {@link #copy} take constant time and allocate no memory. Not
 * thread-safe: the lock of the queue guards it.
 */
final class WaitingTasks {

  private final TaskList expected = new TaskList();
  private final TaskList managed = new TaskList();
  private final TaskList unmanaged = new TaskList();
  private long arrivals;

  /** Returns the task whose turn it is, or null if there is none. */
  @Nullable StepTask first() {
    StepTask first = expected.first();
    return first != null ? first : older(managed.first(), unmanaged.first());
  }

  /** Returns the oldest task under queue management, or null if there is none. */
  @Nullable StepTask firstManaged() {
    return managed.first();
  }

  /** Returns the number of tasks. */
  int size() {
    return expected.size() + managed.size() + unmanaged.size();
  }

  /** Adds a task that does not wait yet. Its depth must be recorded before. */
  void add(StepTask task) {
    task.arrival = ++arrivals;
    listOf(task).add(task);
  }

  private TaskList listOf(StepTask task) {
    if (task.step().hasPermit()) {
      return expected;
    }
    return task.step().queueOverload() == null ? unmanaged : managed;
  }

  /** Removes a task. Returns false if it does not wait. */
  boolean remove(StepTask task) {
    TaskList list = task.list;
    if (list == null) {
      return false;
    }
    list.remove(task);
    return true;
  }

  /** Returns all tasks in the order of their turns. */
  List<Runnable> copy() {
    List<Runnable> all = new ArrayList<>(size());
    for (StepTask next = expected.first(); next != null; next = next.after) {
      all.add(next);
    }
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
