package io.beamline.worker.flagstore;

import io.beamline.worker.feature.FlagStore;
import io.beamline.worker.feature.FlagStore.Stored;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a listener of the store knows. Thread-safe. */
final class SeenFlags implements FlagStore.Listener {

  private final Map<String, String> texts = new ConcurrentHashMap<>();
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger changes = new AtomicInteger();

  @Override
  public void loaded(Map<String, Stored> all) {
    texts.clear();
    all.forEach(this::take);
    loads.incrementAndGet();
  }

  @Override
  public void changed(String flag, Stored stored) {
    take(flag, stored);
    changes.incrementAndGet();
  }

  /** The states by their flags. */
  Map<String, String> texts() {
    return Map.copyOf(texts);
  }

  /** How often all was told. */
  int loads() {
    return loads.get();
  }

  /** How often one change was told. */
  int changes() {
    return changes.get();
  }

  private void take(String flag, Stored stored) {
    String text = stored.text();
    if (text == null) {
      texts.remove(flag);
    } else {
      texts.put(flag, text);
    }
  }
}
