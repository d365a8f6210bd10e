package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.execution.TestSteps;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to queue a step under queue management, while every slot is taken. */
@State(Scope.Thread)
public class QueueCosts {

  private static final int STEPS = 500;

  private final PoolsFixture fixture =
      new PoolsFixture(RejectionPolicy.REJECT_NEW, 4 * STEPS, true);
  private final StepExecution nothing = TestSteps.execution(step -> {});
  private final List<Step> steps = Stream.generate(TestSteps::fresh).limit(STEPS).toList();

  /** Takes every slot. */
  @Setup
  public void takeSlots() {
    List<Step> unused = fixture.submit(PoolsFixture.SLOTS);
    fixture.awaitSlotsTaken();
  }

  /** Lets the steps in the slots end. */
  @TearDown
  public void close() {
    fixture.close();
  }

  /** Submits steps, and takes them out again before the queue is half full. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public Object submit() {
    StepPool pool = fixture.pool;
    for (Step step : steps) {
      StepTask task = new StepTask(step, pool, nothing, fixture.pools, System.nanoTime());
      pool.manage(task, true);
      pool.submit(task);
    }
    return pool.takeWaiting();
  }
}
