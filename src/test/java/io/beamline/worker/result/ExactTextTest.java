package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExactTextTest {

  @RandomCases(300)
  void keepsAnyText(RandomValues random) {
    keeps(random.text(0, 60, '\0', '\u00ff'));
    keeps(random.text(0, 60, '\0', '\uffff'));
  }

  @Test
  void keepsWhatUtf8DoesNot() {
    keeps("");
    keeps("\uD800");
    keeps("?");
    keeps("a\uDC00\u00e9");
  }

  @Test
  void keepsTheAbsenceOfAText() {
    ByteBuffer buffer = ByteBuffer.allocate(ExactText.size(null));
    ExactText.write(null, buffer);
    assertThat(buffer.hasRemaining()).isFalse();
    assertThat(ExactText.read(buffer.flip())).isNull();
    assertThat(ExactText.isAt(buffer, 0, "")).isFalse();
  }

  @Test
  void tellsTextsApart() {
    List<String> texts = List.of("", "a", "b", "ab", "\u00e9", "\u0101", "\u0201", "?", "\uD800");
    for (String text : texts) {
      for (String other : texts) {
        assertThat(ExactText.isAt(written(text, 0), 0, other))
            .as("%s at the place of %s", other, text)
            .isEqualTo(text.equals(other));
      }
    }
  }

  /** Also in the middle of a buffer that begins in the middle of its array. */
  private static void keeps(String text) {
    ByteBuffer buffer = written(text, 5);
    assertThat(ExactText.isAt(buffer, 5, text)).isTrue();
    assertThat(ExactText.isAt(buffer, 5, text + "x")).isFalse();
    buffer.position(5);
    assertThat(ExactText.read(buffer)).isEqualTo(text);
    assertThat(buffer.hasRemaining()).isFalse();
  }

  private static ByteBuffer written(String text, int at) {
    int size = at + ExactText.size(text);
    ByteBuffer buffer = ByteBuffer.allocate(3 + size).slice(3, size);
    buffer.position(at);
    ExactText.write(text, buffer);
    assertThat(buffer.hasRemaining()).isFalse();
    return buffer;
  }
}
