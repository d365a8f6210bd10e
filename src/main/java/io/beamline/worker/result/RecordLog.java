package io.beamline.worker.result;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the latest records by their keys, within a limit of memory. They are written one after
 * another into chunks of bytes, and an index without objects finds them. So the collector copies no
 * record and looks at none, however many there are. When the limit is reached, the oldest chunk is
 * dropped with all its records, and its memory is used for the next one: new memory would be copied
 * by each collection until it is old, and end as garbage that only a mark of the whole heap finds.
 * Not thread-safe.
 *
 * <p>A record begins with the hash of its key, its whole length and its time.
 */
final class RecordLog {

  private static final int LENGTH = Integer.BYTES;
  private static final int TIME = 2 * Integer.BYTES;
  private static final int HEAD = TIME + Long.BYTES;

  private static final int LARGEST_CHUNK = 256 * 1024;
  private static final int SMALLEST_CHUNK = 4 * 1024;
  private static final int CHUNKS = 32;

  private final long maxBytes;
  private final int chunkBytes;
  private final RecordIndex index = new RecordIndex();
  private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
  private long end;
  private long bytes;

  /**
   * Creates an empty log.
   *
   * @param maxBytes the most memory for all records, in bytes
   */
  RecordLog(long maxBytes) {
    this.maxBytes = maxBytes;
    this.chunkBytes = Math.clamp(maxBytes / CHUNKS, SMALLEST_CHUNK, LARGEST_CHUNK);
  }

  /** Returns the number of records. */
  int size() {
    return index.size();
  }

  /**
   * Writes a record. The key's record before, if there is one, is not found any more. A record that
   * is larger than the limit is not kept.
   *
   * @param nanos its time, on the monotonic clock
   * @param contentBytes the size of its content, in bytes
   * @param content writes exactly so many bytes; must not throw
   */
  void put(String key, long nanos, int contentBytes, Consumer<ByteBuffer> content) {
    int hash = key.hashCode();
    int length = Math.addExact(HEAD + ExactText.size(key), contentBytes);
    int slot = slotOf(key, hash);
    if (length > maxBytes) {
      if (slot != RecordIndex.NONE) {
        index.remove(hash, index.place(slot));
      }
      return;
    }
    if (slot != RecordIndex.NONE) {
      Chunk before = chunkOf(index.place(slot));
      int at = before.offset(index.place(slot));
      if (before.lengthAt(at) == length) {
        before.write(at, length, key, nanos, content);
        return;
      }
    }
    Chunk chunk = chunkFor(length);
    if (chunk.used == 0) {
      // The record before may have been in a chunk that had to go.
      slot = slotOf(key, hash);
    }
    long place = chunk.begin + chunk.used;
    chunk.write(chunk.used, length, key, nanos, content);
    if (slot == RecordIndex.NONE) {
      index.add(hash, place);
    } else {
      index.move(slot, place);
    }
    chunk.used += length;
  }

  /** Returns the record of a key, or null if there is none. */
  @Nullable FoundRecord find(String key) {
    int slot = slotOf(key, key.hashCode());
    if (slot == RecordIndex.NONE) {
      return null;
    }
    long place = index.place(slot);
    Chunk chunk = chunkOf(place);
    int at = chunk.offset(place);
    int from = at + HEAD + ExactText.size(key);
    return new FoundRecord(
        chunk.bytes.getLong(at + TIME),
        chunk.bytes.slice(from, at + chunk.lengthAt(at) - from).asReadOnlyBuffer());
  }

  /**
   * Drops the oldest chunks while the log takes more than its limit, or all that they have is old.
   *
   * @param isOld tells whether a time, on the monotonic clock, is too long ago
   */
  void drop(LongPredicate isOld) {
    makeRoom(0);
    while (!chunks.isEmpty() && isOld.test(chunks.firstEntry().getValue().lastNanos)) {
      dropFirst();
    }
  }

  /**
   * Drops the oldest chunks until so many bytes more are within the limit, or none is left.
   *
   * @return the memory of the last chunk that was dropped, null if none had to go
   */
  private @Nullable ByteBuffer makeRoom(int more) {
    ByteBuffer dropped = null;
    while (!chunks.isEmpty() && bytes + more + index.bytes() > maxBytes) {
      dropped = dropFirst();
    }
    return dropped;
  }

  /** Returns the memory of the chunk. */
  private ByteBuffer dropFirst() {
    Chunk first = chunks.firstEntry().getValue();
    for (int at = 0; at < first.used; at += first.lengthAt(at)) {
      index.remove(first.bytes.getInt(at), first.begin + at);
    }
    chunks.remove(first.begin);
    bytes -= first.bytes.capacity();
    return first.bytes;
  }

  private int slotOf(String key, int hash) {
    return index.slotOf(hash, place -> hasKey(place, key));
  }

  private boolean hasKey(long place, String key) {
    Chunk chunk = chunkOf(place);
    return ExactText.isAt(chunk.bytes, chunk.offset(place) + HEAD, key);
  }

  private Chunk chunkOf(long place) {
    Map.Entry<Long, Chunk> found = chunks.floorEntry(place);
    if (found == null) {
      throw new IllegalStateException("no chunk has the place " + place);
    }
    return found.getValue();
  }

  /**
   * Returns the last chunk, or a new one if that has no room. What is left of the last one stays
   * empty, so that no chunk has newer records than one after it.
   */
  private Chunk chunkFor(int length) {
    Map.Entry<Long, Chunk> last = chunks.lastEntry();
    return last != null && last.getValue().left() >= length
        ? last.getValue()
        : newChunk(Math.max(length, chunkBytes));
  }

  private Chunk newChunk(int capacity) {
    Chunk chunk = new Chunk(end, memoryFor(capacity));
    chunks.put(end, chunk);
    end += capacity;
    bytes += capacity;
    return chunk;
  }

  /** Returns memory for a chunk, that of dropped ones if the limit leaves no other. */
  private ByteBuffer memoryFor(int capacity) {
    ByteBuffer dropped = makeRoom(capacity);
    return dropped != null && dropped.capacity() == capacity
        ? dropped
        : ByteBuffer.allocate(capacity);
  }

  /**
   * A record that was found.
   *
   * @param nanos its time, on the monotonic clock
   * @param content what was written; valid until the log changes
   */
  record FoundRecord(long nanos, ByteBuffer content) {}

  /** Bytes with records one after another. */
  private static final class Chunk {

    final long begin;
    final ByteBuffer bytes;
    int used;
    long lastNanos;

    Chunk(long begin, ByteBuffer bytes) {
      this.begin = begin;
      this.bytes = bytes;
    }

    int left() {
      return bytes.capacity() - used;
    }

    int offset(long place) {
      return (int) (place - begin);
    }

    int lengthAt(int at) {
      return bytes.getInt(at + LENGTH);
    }

    void write(int at, int length, String key, long nanos, Consumer<ByteBuffer> content) {
      ByteBuffer target = bytes.duplicate().position(at).limit(at + length);
      target.putInt(key.hashCode()).putInt(length).putLong(nanos);
      ExactText.write(key, target);
      content.accept(target);
      lastNanos = nanos;
    }
  }
}
