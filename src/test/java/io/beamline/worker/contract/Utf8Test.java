package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compared with Java's strict decoder. */
class Utf8Test {

  @Property(tries = 500)
  void readsWhatTheStrictDecoderReads(@ForAll byte[] bytes) {
    assertThat(Utf8.text(bytes)).isEqualTo(strict(bytes));
  }

  /**
   * A fault, or none, before, at and behind the place up to which the bytes are looked at first.
   */
  @Property(tries = 500)
  void readsLongTextsWhereverAFaultIs(
      @ForAll @IntRange(min = 4_080, max = 4_110) int at, @ForAll byte[] odd) {
    byte[] bytes = "x".repeat(6_000).getBytes(UTF_8);
    System.arraycopy(odd, 0, bytes, at, Math.min(odd.length, 64));
    assertThat(Utf8.text(bytes)).isEqualTo(strict(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void readsCharactersThatLieAcrossThatPlace(int shift) {
    String text = "x".repeat(4_093 + shift) + "\uD83D\uDE00é\uFFFD".repeat(500);
    assertThat(Utf8.text(text.getBytes(UTF_8))).isEqualTo(text);
    assertThat(Utf8.bytes(text)).isEqualTo(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "plain", "\uFFFD", "a\uFFFDb", "é\uD83D\uDE00", "\0\r\n"})
  void textComesBackAsItWas(String text) {
    byte[] bytes = Utf8.bytes(text);
    assertThat(bytes).isEqualTo(text.getBytes(UTF_8));
    assertThat(Utf8.text(text.getBytes(UTF_8))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FF", "61C3", "EDA080", "EFBFBDFF", "C080", "F5808080"})
  void bytesThatAreNotValidAreNoText(String bytes) {
    assertThat(Utf8.text(HexFormat.of().parseHex(bytes))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "a\uDC00?", "\uDC00\uD800"})
  void loneSurrogatesHaveNoBytes(String text) {
    assertThat(Utf8.bytes(text)).isNull();
  }

  private static @Nullable String strict(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
