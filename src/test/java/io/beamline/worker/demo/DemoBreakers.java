package io.beamline.worker.demo;

import io.beamline.worker.destination.BreakerState;
import io.beamline.worker.destination.DestinationView;
import io.beamline.worker.destination.Destinations;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Prints a line when a circuit breaker of the worker has opened or closed. */
public final class DemoBreakers implements AutoCloseable {

  private final Destinations destinations;
  private final PrintStream out;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, BreakerState> seen = new HashMap<>();

  private DemoBreakers(Destinations destinations, PrintStream out) {
    this.destinations = destinations;
    this.out = out;
  }

  /** Starts to look, five times a second. */
  public static DemoBreakers start(Destinations destinations, PrintStream out) {
    DemoBreakers breakers = new DemoBreakers(destinations, out);
    var unused = breakers.clock.scheduleAtFixedRate(breakers::look, 0, 200, TimeUnit.MILLISECONDS);
    return breakers;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void look() {
    for (DestinationView view : destinations.views()) {
      BreakerState before = seen.getOrDefault(view.name(), BreakerState.CLOSED);
      if (view.state() != BreakerState.HALF_OPEN && view.state() != before) {
        seen.put(view.name(), view.state());
        print(view);
      }
    }
  }

  private void print(DestinationView view) {
    String time = LocalTime.now(ZoneId.systemDefault()).format(DemoRouter.TIME);
    out.println(
        "%s  %-7s %-9s %s".formatted(time, "breaker", view.state().wireName(), view.name()));
  }
}
