package io.beamline.worker.bench;

import org.junit.jupiter.api.Tag;

/** How the rate changes with the number of workers, stored assignments, tenants and others. */
@Tag("bench-sizes")
class BenchSizesIT extends BenchCase {

  BenchSizesIT() {
    super(
        Effort.ofSizes(),
        new FleetSizeBench(),
        new BacklogSizeBench(),
        new TenantSizeBench(),
        new DestinationSizeBench(),
        new WaitingSizeBench());
  }
}
