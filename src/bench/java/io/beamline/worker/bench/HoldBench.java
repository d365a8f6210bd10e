package io.beamline.worker.bench;

import java.util.List;

/** Steps that do nothing, taken as they are soon run, beside a worker that takes what there is. */
final class HoldBench implements Bench {

  @Override
  public String name() {
    return "hold";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.HOLD);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (Side rejecting = Side.worker(Flags::on);
        Side holding =
            Side.worker(worker -> Flags.on(worker).env("WORKER_QUEUE_REJECTION_POLICY", "hold"))) {
      List<List<Round>> rounds =
          Turns.take(
              effort, List.of(EchoBench.side(rejecting, effort), EchoBench.side(holding, effort)));
      rejecting.assertSuccess();
      holding.assertSuccess();
      return List.of(
          Figure.ratio(
              Row.HOLD,
              Series.of(rounds.get(1), Round::rate),
              Series.of(rounds.get(0), Round::rate)));
    }
  }
}
