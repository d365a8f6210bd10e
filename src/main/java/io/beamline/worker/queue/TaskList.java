package io.beamline.worker.queue;

import org.jspecify.annotations.Nullable;

/**
 * A linked list of waiting tasks. The links are in the tasks, so adding and removing takes constant
 * time and allocates no memory. Not thread-safe: the lock of the queue guards it.
 */
final class TaskList {

  private @Nullable StepTask first;
  private @Nullable StepTask last;
  private int size;

  /** Returns the first task, or null if the list is empty. */
  @Nullable StepTask first() {
    return first;
  }

  /** Returns the number of tasks. */
  int size() {
    return size;
  }

  /** Appends a task that is in no list. */
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

  /** Removes a task of this list. */
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
