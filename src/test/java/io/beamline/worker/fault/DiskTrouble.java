package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.HangingFileSystem;
import io.beamline.worker.support.RouterStreams.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A disk runs full, is read-only, loses its folder, and hangs. Whoever is told that a step failed
 * finds the old content; afterwards the same steps succeed.
 */
record DiskTrouble(Duration hang) implements Fault {

  private static final int PUTS = 8;
  private static final String LARGE = "z".repeat(100_000);

  @Override
  public String title() {
    return "07 disk full, read-only, gone, hung";
  }

  @Override
  public void strike(Site site, Strikes strikes) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(site.files().resolve("disk"))) {
      full(site, disk, strikes);
      readOnly(site, disk, strikes);
    }
    gone(site, strikes);
    hung(site, strikes);
  }

  private static void full(Site site, SmallDisk disk, Strikes strikes) throws IOException {
    strikes.count("disk full", failed(site, puts(disk.folder(), LARGE, Expected.ANY_RESULT, site)));
    try (var files = Files.list(disk.folder())) {
      for (Path file : files.toList()) {
        strikes.check(Files.size(file) == LARGE.length(), file.getFileName() + " is cut");
        Files.delete(file);
      }
    }
    awaitAll(site, puts(disk.folder(), "small", Expected.SUCCESS, site));
  }

  private static void readOnly(Site site, SmallDisk disk, Strikes strikes) throws Exception {
    disk.readOnly(true);
    strikes.count("read-only", failed(site, puts(disk.folder(), "new", Expected.FAILURE, site)));
    disk.readOnly(false);
    awaitAll(site, puts(disk.folder(), "new", Expected.SUCCESS, site));
  }

  private static void gone(Site site, Strikes strikes) throws IOException {
    Path folder = Files.createDirectory(site.files().resolve("there"));
    Files.writeString(folder.resolve("file"), "hello");
    Path away = Files.move(folder, site.files().resolve("away"));
    List<String> reads = reads(folder, Expected.FAILURE, site);
    strikes.count("gone", failed(site, reads));
    Files.move(away, folder);
    awaitAll(site, reads(folder, Expected.SUCCESS, site));
  }

  private void hung(Site site, Strikes strikes) throws IOException {
    try (HangingFileSystem hanging = HangingFileSystem.mountIn(site.files())) {
      hanging.hang();
      Expected expected = site.flags().on() ? Expected.FAILURE : Expected.SUCCESS;
      List<String> ids = puts(hanging.root(), "content", expected, site);
      Pause.of(hang);
      hanging.wake();
      awaitAll(site, ids);
      awaitAll(site, puts(hanging.root(), "content", Expected.SUCCESS, site));
      try (var files = Files.list(hanging.backing())) {
        for (Path file : files.toList()) {
          strikes.check(
              Files.readString(file).equals("content"), file.getFileName() + " is half-written");
        }
      }
    }
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    strikes.count("hung", tally.stored().stream().filter(result -> hung(site, result)).count());
  }

  /** Cut at its timeout, or ended when the file system woke. */
  private boolean hung(Site site, Stored result) {
    String type = result.message().json().at("/job/type").stringValue("");
    return site.flags().on()
        ? result.message().text("error_code").equals("CANCELLED_BY_TIMEOUT")
        : type.equals("fs.blob_put")
            && result.message().json().path("latency_ms").longValue() > hang.toMillis() / 2;
  }

  private static List<String> puts(Path folder, String content, Expected expected, Site site) {
    List<Assignments> steps =
        IntStream.range(0, PUTS)
            .mapToObj(i -> Assignments.put(folder.resolve("put-" + i).toString(), content))
            .map(step -> step.maxAttempts(1))
            .toList();
    return site.load().assignAll(steps, expected);
  }

  private static List<String> reads(Path folder, Expected expected, Site site) {
    List<Assignments> steps =
        IntStream.range(0, PUTS)
            .mapToObj(i -> Assignments.get(folder.resolve("file").toString()).maxAttempts(1))
            .toList();
    return site.load().assignAll(steps, expected);
  }

  private static long failed(Site site, List<String> ids) {
    awaitAll(site, ids);
    return ids.stream().filter(id -> !site.router().answer(id).status().equals("success")).count();
  }

  private static void awaitAll(Site site, List<String> ids) {
    site.router().awaitAll(new ArrayList<>(ids), Duration.ofSeconds(30));
  }
}
