package io.beamline.worker.fault;

import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Messages that are broken in every way; each has an ack or a dead letter. */
record MalformedFlood(int messages) implements Fault {

  private static final int UNCONFIRMED = 500;

  @Override
  public String title() {
    return "06 malformed messages";
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    BrokenMessages broken = new BrokenMessages(20_261_126L);
    Semaphore room = new Semaphore(UNCONFIRMED);
    List<CompletableFuture<?>> pending = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      BrokenMessages.Broken message = broken.next();
      room.acquireUninterruptibly();
      pending.add(
          site.router()
              .publish(message.body(), Map.of("Nats-Msg-Id", message.messageId()))
              .thenRun(() -> site.ledger().noise(message.messageId(), message.ids()))
              .whenComplete((done, failure) -> room.release()));
    }
    pending.forEach(CompletableFuture::join);
    strikes.count("messages", pending.size());
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    WorkerProcess worker = site.fleet().get(0);
    strikes.check(worker.alive() && worker.ready(), "the worker is not ready");
    strikes.count("dead letters", tally.deadLetters().size());
    strikes.count("acks", tally.acks());
    site.fleet().logLines().stream()
        .filter(line -> !isJson(line))
        .findFirst()
        .ifPresent(line -> strikes.check(false, "a log line is no JSON: " + line));
    Stream.concat(tally.stored().stream(), tally.deadLetters().stream())
        .filter(stored -> stored.message().header(BrokenMessages.INJECTED).isPresent())
        .findFirst()
        .ifPresent(stored -> strikes.check(false, "a header was injected"));
    strikes.check(filesOutside(site).isEmpty(), "files were written: " + filesOutside(site));
  }

  /** What lies where no step of the load writes. */
  private static List<String> filesOutside(Site site) {
    try (Stream<java.nio.file.Path> files = Files.list(site.files())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("new-") && !name.startsWith("known-"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isJson(String line) {
    try {
      return JsonMapper.shared().readTree(line).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }
}
