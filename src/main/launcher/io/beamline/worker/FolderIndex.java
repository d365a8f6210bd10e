package io.beamline.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which parts of the worker's jar have files in a folder: its own classes and the jars inside it.
 * It is read from the directories at the end of each zip file, as one block each. Immutable.
 */
final class FolderIndex {

  private static final int STORED = 0;

  /** The end of the directory, and places in it. */
  private static final int END_SIGNATURE = 0x06054b50;

  private static final int END_SIZE = 22;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int COUNT = 10;
  private static final int DIRECTORY_SIZE = 12;
  private static final int DIRECTORY_OFFSET = 16;

  /** Stands where a number is too large for a common zip file. */
  private static final int ZIP64 = 0xFFFF;

  /** An entry of the directory, and places in it. */
  private static final int ENTRY_SIGNATURE = 0x02014b50;

  private static final int ENTRY_SIZE = 46;
  private static final int METHOD = 10;
  private static final int COMPRESSED_SIZE = 20;
  private static final int NAME_LENGTH = 28;
  private static final int OFFSET = 42;

  /** What stands before the content, and a place in it. */
  private static final int LOCAL_SIZE = 30;

  private static final int LOCAL_NAME_LENGTH = 26;

  private static final byte[] VERSIONS = "META-INF/versions/".getBytes(StandardCharsets.US_ASCII);
  private static final int[] NONE = {};

  private final Map<String, int[]> byFolder = new HashMap<>(4_096);

  private FolderIndex() {}

  /**
   * Reads the index of a jar.
   *
   * @param parts names inside the jar, in the order of the class path: a folder, which ends with a
   *     slash, or a jar that is stored uncompressed
   * @throws IOException if the jar cannot be read, or is not built like that
   */
  static FolderIndex read(Path jar, List<String> parts) throws IOException {
    FolderIndex index = new FolderIndex();
    try (FileChannel file = FileChannel.open(jar)) {
      Map<String, Integer> jars = new HashMap<>();
      Map<String, Integer> folders = new HashMap<>();
      for (int part = 0; part < parts.size(); part++) {
        (parts.get(part).endsWith("/") ? folders : jars).put(parts.get(part), part);
      }
      byte[] outer = directory(file, 0, file.size());
      Map<Integer, long[]> found = new HashMap<>();
      for (int at = 0; at < outer.length; at = next(outer, at)) {
        String name = name(outer, at);
        Integer part = jars.get(name);
        if (part != null) {
          found.put(part, place(file, outer, at, name));
        }
        for (Map.Entry<String, Integer> folder : folders.entrySet()) {
          if (name.startsWith(folder.getKey())) {
            index.add(folderOf(name.substring(folder.getKey().length())), folder.getValue());
          }
        }
      }
      for (int part : jars.values()) {
        long[] place = found.get(part);
        if (place == null) {
          throw new IOException(parts.get(part) + " is missing");
        }
        index.addAll(directory(file, place[0], place[1]), part);
      }
    }
    return index;
  }

  /** Returns the parts that have files in a folder, in the order of the class path. */
  int[] partsWith(String folder) {
    return byFolder.getOrDefault(folder, NONE);
  }

  /** Adds the folders of one jar. Most entries are in the same folder as the one before. */
  private void addAll(byte[] directory, int part) {
    int before = 0;
    int beforeEnd = -1;
    for (int at = 0; at < directory.length; at = next(directory, at)) {
      int begin = at + ENTRY_SIZE;
      int end = begin + u16(directory, at + NAME_LENGTH);
      while (end > begin && directory[end - 1] != '/') {
        end--;
      }
      if (beforeEnd < 0 || !Arrays.equals(directory, before, beforeEnd, directory, begin, end)) {
        int from = afterVersion(directory, begin, end);
        add(folder(directory, from, end), part);
        if (from > begin) {
          add(folder(directory, begin, end), part);
        }
        before = begin;
        beforeEnd = end;
      }
    }
  }

  /** Returns a folder without the slash at its end. */
  private static String folder(byte[] directory, int begin, int end) {
    int length = Math.max(0, end - 1 - begin);
    return new String(directory, begin, length, StandardCharsets.UTF_8);
  }

  /** Returns where a name begins without the folder of a version of Java. */
  private static int afterVersion(byte[] bytes, int begin, int end) {
    int length = VERSIONS.length;
    if (end - begin <= length
        || !Arrays.equals(bytes, begin, begin + length, VERSIONS, 0, length)) {
      return begin;
    }
    for (int i = begin + length; i < end; i++) {
      if (bytes[i] == '/') {
        return i + 1;
      }
    }
    return begin;
  }

  private void add(String folder, int part) {
    int[] parts = byFolder.getOrDefault(folder, NONE);
    int place = Arrays.binarySearch(parts, part);
    if (place < 0) {
      int[] more = Arrays.copyOf(parts, parts.length + 1);
      more[parts.length] = part;
      Arrays.sort(more);
      byFolder.put(folder, more);
    }
  }

  private static String folderOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  /** Returns where a stored entry begins in the file, and its size. */
  private static long[] place(FileChannel file, byte[] directory, int at, String name)
      throws IOException {
    if (u16(directory, at + METHOD) != STORED) {
      throw new IOException(name + " is compressed");
    }
    long local = u32(directory, at + OFFSET);
    byte[] header = bytes(file, local, LOCAL_SIZE);
    long begin =
        local + LOCAL_SIZE + u16(header, LOCAL_NAME_LENGTH) + u16(header, LOCAL_NAME_LENGTH + 2);
    return new long[] {begin, u32(directory, at + COMPRESSED_SIZE)};
  }

  /** Returns the directory of a zip file, from its first entry to its end. */
  private static byte[] directory(FileChannel file, long begin, long size) throws IOException {
    int length = (int) Math.min(size, END_SIZE);
    byte[] end = bytes(file, begin + size - length, length);
    if (length < END_SIZE || u32(end, 0) != END_SIGNATURE) {
      // A comment follows.
      length = (int) Math.min(size, END_SIZE + MAX_COMMENT);
      end = bytes(file, begin + size - length, length);
    }
    int at = length - END_SIZE;
    while (at >= 0 && u32(end, at) != END_SIGNATURE) {
      at--;
    }
    if (at < 0 || u16(end, at + COUNT) == ZIP64) {
      throw new IOException("No zip file of a common kind");
    }
    return bytes(
        file, begin + u32(end, at + DIRECTORY_OFFSET), (int) u32(end, at + DIRECTORY_SIZE));
  }

  private static String name(byte[] directory, int at) throws IOException {
    if (u32(directory, at) != ENTRY_SIGNATURE) {
      throw new IOException("No entry of a zip file");
    }
    return new String(
        directory, at + ENTRY_SIZE, u16(directory, at + NAME_LENGTH), StandardCharsets.UTF_8);
  }

  /** Returns where the next entry begins. */
  private static int next(byte[] directory, int at) {
    int name = at + NAME_LENGTH;
    return at
        + ENTRY_SIZE
        + u16(directory, name)
        + u16(directory, name + 2)
        + u16(directory, name + 4);
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
  }

  private static long u32(byte[] bytes, int at) {
    return u16(bytes, at) | (long) u16(bytes, at + 2) << 16;
  }

  private static byte[] bytes(FileChannel file, long begin, int size) throws IOException {
    byte[] bytes = new byte[size];
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (file.read(rest, begin + rest.position()) < 0) {
        throw new EOFException();
      }
    }
    return bytes;
  }
}
