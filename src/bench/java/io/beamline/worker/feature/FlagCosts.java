package io.beamline.worker.feature;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What reading the flags of an assignment costs, when both are on for a share. */
@State(Scope.Thread)
public class FlagCosts {

  private static final String ID = "7d9f6a30-3c38-4d0f-9a5c-2b1e8f1c9a77";

  private final TogglzFlags flags = FlagCostTest.flags();

  /** Takes the snapshot of an assignment. */
  @Benchmark
  public Object snapshot() {
    return flags.snapshot(ID, "tenant");
  }
}
