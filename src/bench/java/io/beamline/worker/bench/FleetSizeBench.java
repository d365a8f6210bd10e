package io.beamline.worker.bench;

import java.util.List;

/** Two and four workers beside one, on steps that only wait. */
final class FleetSizeBench implements Bench {

  @Override
  public String name() {
    return "fleet";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.FLEET_TWO, Row.FLEET_FOUR);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (Side one = Side.workers(1, ScalingBench::settings);
        Side two = Side.workers(2, ScalingBench::settings);
        Side four = Side.workers(4, ScalingBench::settings)) {
      List<List<Double>> rates =
          Turns.take(
              effort.cold(),
              List.of(
                  ScalingBench.flow(one, 1),
                  ScalingBench.flow(two, 2),
                  ScalingBench.flow(four, 4)));
      one.assertSuccess();
      two.assertSuccess();
      four.assertSuccess();
      Series alone = new Series(rates.get(0));
      return List.of(
          Figure.ratio(Row.FLEET_TWO, new Series(rates.get(1)), alone),
          Figure.ratio(Row.FLEET_FOUR, new Series(rates.get(2)), alone));
    }
  }
}
