package io.beamline.worker.result;

import java.util.function.LongPredicate;

/**
 * Finds the places of records by the hashes of their keys. It is a table of two arrays without
 * objects: a place that another one occupies is looked for in the slots after it. Many keys with
 * the same hash make it slow, and never wrong. Not thread-safe.
 */
final class RecordIndex {

  /** What {@link #slotOf} returns for a key without a record. */
  static final int NONE = -1;

  private static final int FIRST_SLOTS = 1024;
  private static final int BYTES_OF_SLOT = Integer.BYTES + Long.BYTES;

  /** The golden ratio as a fraction of 2^32: it spreads hashes that differ little. */
  private static final int SPREAD = 0x9E3779B9;

  private int[] hashes = new int[FIRST_SLOTS];

  /** The place of a record, plus 1; 0 in a free slot. */
  private long[] places = new long[FIRST_SLOTS];

  private int size;

  /** Returns the number of records. */
  int size() {
    return size;
  }

  /** Returns the memory of the table, in bytes. */
  long bytes() {
    return (long) places.length * BYTES_OF_SLOT;
  }

  /**
   * Returns the slot of a key, or {@link #NONE}.
   *
   * @param isKey tells whether the record at a place has the key
   */
  int slotOf(int hash, LongPredicate isKey) {
    int slot = first(hash);
    while (places[slot] != 0) {
      if (hashes[slot] == hash && isKey.test(places[slot] - 1)) {
        return slot;
      }
      slot = next(slot);
    }
    return NONE;
  }

  /** Returns the place of the record in a slot. */
  long place(int slot) {
    return places[slot] - 1;
  }

  /** Adds a record whose key has none. */
  void add(int hash, long place) {
    if (2 * (size + 1) > places.length) {
      grow();
    }
    insert(hash, place + 1);
    size++;
  }

  /** Changes the place of the record in a slot. */
  void move(int slot, long place) {
    places[slot] = place + 1;
  }

  /** Removes the record at a place. Does nothing if its key has another record by now. */
  void remove(int hash, long place) {
    int slot = first(hash);
    while (places[slot] != 0) {
      if (places[slot] == place + 1) {
        free(slot);
        size--;
        return;
      }
      slot = next(slot);
    }
  }

  /** Frees a slot, and moves what was only after it because it was occupied. */
  private void free(int freed) {
    int hole = freed;
    for (int slot = next(hole); places[slot] != 0; slot = next(slot)) {
      if (distance(first(hashes[slot]), slot) >= distance(hole, slot)) {
        hashes[hole] = hashes[slot];
        places[hole] = places[slot];
        hole = slot;
      }
    }
    places[hole] = 0;
  }

  private void grow() {
    int[] oldHashes = hashes;
    long[] oldPlaces = places;
    int[] moreHashes = new int[2 * oldHashes.length];
    places = new long[2 * oldPlaces.length];
    hashes = moreHashes;
    for (int i = 0; i < oldPlaces.length; i++) {
      if (oldPlaces[i] != 0) {
        insert(oldHashes[i], oldPlaces[i]);
      }
    }
  }

  private void insert(int hash, long placePlusOne) {
    int slot = first(hash);
    while (places[slot] != 0) {
      slot = next(slot);
    }
    hashes[slot] = hash;
    places[slot] = placePlusOne;
  }

  private int first(int hash) {
    return (hash * SPREAD) >>> (Integer.numberOfLeadingZeros(places.length) + 1);
  }

  private int next(int slot) {
    return (slot + 1) & (places.length - 1);
  }

  private int distance(int from, int to) {
    return (to - from) & (places.length - 1);
  }
}
