package io.beamline.worker.fault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The proof that a fault struck, and what was seen of it beside the books. Thread-safe. */
final class Strikes {

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final List<String> complaints = new ArrayList<>();

  /** So often this happened; zero is a failure. */
  synchronized void count(String what, long times) {
    counts.merge(what, times, Long::sum);
  }

  /** Complains unless it is so. */
  synchronized void check(boolean holds, String complaint) {
    if (!holds) {
      complaints.add(complaint);
    }
  }

  /** What is wrong. */
  synchronized List<String> complaints() {
    List<String> all = new ArrayList<>(complaints);
    if (counts.isEmpty()) {
      all.add("nothing struck");
    }
    counts.forEach(
        (what, times) -> {
          if (times <= 0) {
            all.add("no " + what);
          }
        });
    return all;
  }

  @Override
  public synchronized String toString() {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }
}
