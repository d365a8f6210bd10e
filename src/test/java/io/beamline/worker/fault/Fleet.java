package io.beamline.worker.fault;

import io.beamline.worker.support.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The workers of a site; each place is taken by another process after a restart. Not thread-safe.
 */
final class Fleet implements AutoCloseable {

  private final IntFunction<WorkerProcess.Builder> builders;
  private final List<WorkerProcess> workers = new ArrayList<>();

  /** Starts them, all at once. */
  static Fleet start(int size, IntFunction<WorkerProcess.Builder> builders) {
    Fleet fleet = new Fleet(builders);
    try {
      IntStream.range(0, size).forEach(place -> fleet.workers.add(fleet.launch(place)));
      fleet.workers.forEach(WorkerProcess::awaitReady);
      return fleet;
    } catch (RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  private Fleet(IntFunction<WorkerProcess.Builder> builders) {
    this.builders = builders;
  }

  /** The worker at a place, from 0. */
  WorkerProcess get(int place) {
    return workers.get(place);
  }

  /** How many there are. */
  int size() {
    return workers.size();
  }

  /** Puts another process in the place of one that has ended; returns before it is ready. */
  WorkerProcess replace(int place) {
    workers.get(place).close();
    workers.set(place, launch(place));
    return workers.get(place);
  }

  /** How many deliveries they keep from each other. */
  long leasesHeld() {
    return workers.stream().mapToLong(worker -> (long) worker.metric("worker_leases_held")).sum();
  }

  /** All that the workers of now have logged. */
  List<String> logLines() {
    return workers.stream()
        .flatMap(worker -> List.of(worker.stdout(), worker.stderr()).stream())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
  }

  private WorkerProcess launch(int place) {
    return builders.apply(place).launch();
  }
}
