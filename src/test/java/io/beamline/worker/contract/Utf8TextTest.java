package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compared with Java's strict decoder. */
class Utf8TextTest {

  @RandomCases(500)
  void readsWhatTheStrictDecoderReads(RandomValues random) {
    byte[] bytes = random.bytes(300);
    assertThat(read(bytes)).isEqualTo(strict(bytes));
  }

  /** A fault, or none, before, at and after the end of the first chunk. */
  @RandomCases(500)
  void readsLongTextsWhereverAFaultIs(RandomValues random) {
    byte[] bytes = "x".repeat(6_000).getBytes(UTF_8);
    byte[] odd = random.bytes(64);
    System.arraycopy(odd, 0, bytes, random.between(4_080, 4_110), odd.length);
    assertThat(read(bytes)).isEqualTo(strict(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void readsCharactersThatLieAcrossTwoChunks(int shift) {
    textComesBackAsItWas("x".repeat(4_090 + shift) + "\uD83D\uDE00é\uFFFD".repeat(5_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "plain", "\uFFFD", "a\uFFFDb", "é\uD83D\uDE00", "\0\r\n"})
  void textComesBackAsItWas(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    assertThat(read(bytes)).isEqualTo(text);
    assertThat(Utf8Text.of(text))
        .satisfies(utf8 -> assertThat(utf8.bytes()).isEqualTo(ByteBuffer.wrap(bytes)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FF", "61C3", "EDA080", "EFBFBDFF", "C080", "F5808080"})
  void bytesThatAreNotValidAreNoText(String bytes) {
    assertThat(read(HexFormat.of().parseHex(bytes))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "a\uDC00?", "\uDC00\uD800"})
  void unpairedSurrogatesHaveNoBytes(String text) {
    assertThat(Utf8Text.of(text)).isNull();
  }

  @Test
  void isAPartOfItsArray() {
    ByteBuffer bytes = UTF_8.encode("aéx").position(1);
    assertThat(Utf8Text.of(bytes.slice().limit(2)))
        .satisfies(text -> assertThat(text.text()).isEqualTo("é"))
        .isEqualTo(Utf8Text.of("é"));
    assertThat(Utf8Text.of(bytes.slice().limit(1))).isNull();
  }

  @Test
  void showsItsLengthOnly() {
    assertThat(new Utf8Text(new byte[7], 2, 5)).hasToString("Utf8Text[5 bytes]");
  }

  private static @Nullable String read(byte[] bytes) {
    Utf8Text text = Utf8Text.of(ByteBuffer.wrap(bytes));
    return text == null ? null : text.text();
  }

  private static @Nullable String strict(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
