package io.beamline.worker.queue;

import org.jspecify.annotations.Nullable;

/**
 * Tasks of a queue in their order, each a link of the list itself: adding, taking and removing one
 * takes constant time and no memory. Not thread-safe: its queue's lock guards it and the links.
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
    task.list = this;
    task.before = before;
    if (before == null) {
      first = task;
    } else {
      before.after = task;
    }
    last = task;
    size++;
  }

  /** Takes a task out that is in this list. */
  void remove(StepTask task) {
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
    task.list = null;
    task.before = null;
    task.after = null;
    size--;
  }
}
