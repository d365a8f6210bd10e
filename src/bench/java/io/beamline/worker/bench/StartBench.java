package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * From the start of a worker to the result of an assignment that has waited for it. Each is started
 * as its users do: the jars without options, the image with its own and with its cache.
 */
final class StartBench implements Bench {

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.START, Row.PLAIN_START);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    List<String> image = WarmImage.command();
    // A start is cold; one round fills the caches of the disk.
    List<List<Double>> seconds =
        Turns.take(
            effort.cold(),
            List.of(
                () -> seconds(jar -> jar.fatJar().jvm(Jvm.THOROUGH)),
                () -> seconds(unpacked -> unpacked.command(image)),
                () -> seconds(plain -> PlainService.started(plain).jvm(Jvm.THOROUGH))));
    Series jar = new Series(seconds.get(0));
    return List.of(
        Figure.ratio(Row.START, new Series(seconds.get(1)), jar),
        Figure.ratio(Row.PLAIN_START, jar, new Series(seconds.get(2))));
  }

  private static double seconds(UnaryOperator<WorkerProcess.Builder> form) {
    try (NatsServer nats = NatsServer.start();
        Connection connection = nats.connect()) {
      Streams.make(connection).store(1, () -> Assignments.echo().bytes());
      Subscription results = connection.subscribe(Subjects.STANDARD.result());
      connection.flush(TIMEOUT);
      long begun = System.nanoTime();
      try (WorkerProcess worker = form.apply(WorkerProcess.of(nats.url())).launch()) {
        if (results.nextMessage(TIMEOUT) == null) {
          throw new IllegalStateException("no result\n" + worker.log());
        }
        return (System.nanoTime() - begun) / 1e9;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
