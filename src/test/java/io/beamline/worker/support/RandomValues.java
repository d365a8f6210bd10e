package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Random values that favour the ends of their ranges. The same seed gives the same values. */
public final class RandomValues implements RandomGenerator {

  private final long seed;
  private final RandomGenerator random;

  RandomValues(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  /** A number from {@code min} to {@code max}, both included; one of eight is an end. */
  public long between(long min, long max) {
    return switch (nextInt(16)) {
      case 0 -> min;
      case 1 -> max;
      default -> nextLong(min, max + 1);
    };
  }

  /** As {@link #between(long, long)}. */
  public int between(int min, int max) {
    return (int) between((long) min, max);
  }

  /** A number from {@code min} to {@code max}, both included; one of eight is an end. */
  public double between(double min, double max) {
    return switch (nextInt(16)) {
      case 0 -> min;
      case 1 -> max;
      default -> nextDouble(min, max);
    };
  }

  /** One of the values. */
  public <T> T oneOf(List<T> values) {
    return values.get(nextInt(values.size()));
  }

  /** From {@code min} to {@code max} values. */
  public <T> List<T> list(int min, int max, Supplier<T> values) {
    return Stream.generate(values).limit(length(min, max)).toList();
  }

  /** Up to {@code max} bytes: any, ASCII, UTF-8, or UTF-8 with one byte changed. */
  public byte[] bytes(int max) {
    byte[] bytes =
        switch (nextInt(4)) {
          case 0 -> anyBytes(length(0, max));
          case 1 -> text(0, max, ' ', '~').getBytes(UTF_8);
          default -> characters(length(0, max / 4)).getBytes(UTF_8);
        };
    if (bytes.length > 0 && nextInt(3) == 0) {
      bytes[nextInt(bytes.length)] = (byte) nextInt();
    }
    return bytes;
  }

  /** From {@code min} to {@code max} UTF-16 units of a range; a third are the range's first 128. */
  public String text(int min, int max, char first, char last) {
    int length = length(min, max);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      int end = nextInt(3) == 0 ? Math.min(last, first + 127) : last;
      text.append((char) between(first, end));
    }
    return text.toString();
  }

  private String characters(int count) {
    return ints(count, 0, Character.MAX_CODE_POINT + 1)
        .map(point -> nextBoolean() ? point & 0x7FF : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private byte[] anyBytes(int length) {
    byte[] bytes = new byte[length];
    nextBytes(bytes);
    return bytes;
  }

  /** Half of the lengths are short: short values go to more places. */
  private int length(int min, int max) {
    return between(min, nextBoolean() ? max : Math.min(max, min + 8));
  }

  @Override
  public String toString() {
    return String.valueOf(seed);
  }
}
