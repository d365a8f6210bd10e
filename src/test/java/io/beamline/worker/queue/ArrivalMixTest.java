package io.beamline.worker.queue;

import static io.beamline.worker.contract.ResourcePool.CPU;
import static io.beamline.worker.contract.ResourcePool.IO;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** For which pools the last assignments were. */
class ArrivalMixTest {

  private final ArrivalMix mix = new ArrivalMix();

  @Test
  void isEmptyAtFirst() {
    assertThat(mix.arrived()).isZero();
    assertThat(mix.arrivals(CPU)).isZero();
    assertThat(mix.arrivedInARow(IO)).isZero();
  }

  @Test
  void countsTheLastArrivalsOnly() {
    IntStream.range(0, 100).forEach(i -> mix.arrived(CPU));
    IntStream.range(0, 10).forEach(i -> mix.arrived(IO));

    assertThat(mix.arrived()).isEqualTo(110);
    assertThat(mix.arrivals(CPU)).isEqualTo(54);
    assertThat(mix.arrivals(IO)).isEqualTo(10);
    assertThat(mix.arrivedInARow(IO)).isEqualTo(10);
    assertThat(mix.arrivedInARow(CPU)).isZero();
  }

  @Test
  void startsARowAnewAfterAnother() {
    mix.arrived(CPU);
    mix.arrived(CPU);
    mix.arrived(IO);
    mix.arrived(CPU);

    assertThat(mix.arrivedInARow(CPU)).isEqualTo(1);
    assertThat(mix.arrivals(CPU)).isEqualTo(3);
  }
}
