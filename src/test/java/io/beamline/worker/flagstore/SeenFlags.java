package io.beamline.worker.flagstore;

import io.beamline.worker.feature.FlagStore.StoredFlag;
import io.beamline.worker.feature.FlagStoreListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that keeps the states it has received. Thread-safe. */
final class SeenFlags implements FlagStoreListener {

  private final Map<String, String> texts = new ConcurrentHashMap<>();
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger changes = new AtomicInteger();

  @Override
  public void loaded(Map<String, StoredFlag> all) {
    texts.clear();
    all.forEach(this::take);
    loads.incrementAndGet();
  }

  @Override
  public void changed(String flag, StoredFlag stored) {
    take(flag, stored);
    changes.incrementAndGet();
  }

  /** The states by their flags. */
  Map<String, String> texts() {
    return Map.copyOf(texts);
  }

  /** How often the whole store was loaded. */
  int loads() {
    return loads.get();
  }

  /** How many single changes were received. */
  int changes() {
    return changes.get();
  }

  private void take(String flag, StoredFlag stored) {
    String text = stored.text();
    if (text == null) {
      texts.remove(flag);
    } else {
      texts.put(flag, text);
    }
  }
}
