package io.beamline.worker.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a queue in their order, each a link of the list itself: adding, taking and removing
 * one takes constant time and no memory. Not thread-safe: its queue's lock guards it and the links.
 */
final class TaskList {

  private @Nullable StepTask first;
  private @Nullable StepTask last;
  private int size;

  /** The task that came first, null when there is none. */
  @Nullable StepTask first() {
    return first;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** Adds a task that is in no list. */
  void add(StepTask task) {
    StepTask before = last;
    task.linked = true;
    task.before = before;
    if (before == null) {
      first = task;
    } else {
      before.after = task;
    }
    last = task;
    size++;
  }

  /** Takes a task out; false when it is not in the list. */
  boolean remove(StepTask task) {
    if (!task.linked) {
      return false;
    }
    StepTask before = task.before;
    StepTask after = task.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    task.linked = false;
    task.before = null;
    task.after = null;
    size--;
    return true;
  }

  /** All tasks in their order. */
  List<Runnable> copy() {
    List<Runnable> all = new ArrayList<>(size);
    for (StepTask task = first; task != null; task = task.after) {
      all.add(task);
    }
    return all;
  }
}
