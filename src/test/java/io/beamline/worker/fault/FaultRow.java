package io.beamline.worker.fault;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table. Immutable.
 *
 * @param title the fault
 * @param flags the setting it was tried with
 * @param tally what the streams say, null when it did not come to that
 * @param struck the proof that the fault struck
 * @param complaints what is wrong; empty when all is well
 */
record FaultRow(
    String title, Flags flags, @Nullable Tally tally, String struck, List<String> complaints) {

  private static final String FORMAT = "%-34s %-5s %11s %7s %7s %10s %5s %9s  %-8s %s";
  private static final int SHOWN = 3;

  static FaultRow of(String title, Flags flags, Tally tally, Strikes strikes) {
    List<String> lost =
        tally.lost().isEmpty() ? List.of() : List.of("lost " + shortened(tally.lost()));
    return new FaultRow(
        title,
        flags,
        tally,
        strikes.toString(),
        Stream.of(lost, tally.complaints(), strikes.complaints()).flatMap(List::stream).toList());
  }

  /** A fault that could not be tried to its end. */
  static FaultRow broken(String title, Flags flags, Throwable cause) {
    return new FaultRow(title, flags, null, "", List.of(String.valueOf(cause)));
  }

  static String header() {
    return FORMAT.formatted(
        "fault",
        "flags",
        "assignments",
        "acks",
        "results",
        "duplicates",
        "lost",
        "slowest",
        "verdict",
        "struck");
  }

  boolean good() {
    return complaints.isEmpty();
  }

  @Override
  public String toString() {
    String verdict = good() ? "ok" : "FAILED";
    String line =
        tally == null
            ? FORMAT.formatted(title, flags.label(), "", "", "", "", "", "", verdict, struck)
            : FORMAT.formatted(
                title,
                flags.label(),
                tally.assignments(),
                tally.acks(),
                tally.results(),
                tally.duplicates(),
                tally.lost().size(),
                tally.slowest().toMillis() + " ms",
                verdict,
                struck);
    return good() ? line : line + "\n    " + shortened(complaints);
  }

  private static String shortened(List<String> all) {
    String first = String.join("; ", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() > SHOWN ? first + "; and " + (all.size() - SHOWN) + " more" : first;
  }
}
