package io.beamline.worker.contract.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedSizeTest {

  private static final int EMPTY = written(Map.of("content", ""));

  @Test
  void isWhatTheWriterMakesOfEveryCharacter() {
    for (int c = 0; c < 0x3000; c++) {
      assertIsWhatIsWritten(Character.toString(c));
    }
    assertIsWhatIsWritten("\ud83d\ude00");
  }

  @RandomCases(200)
  void isWhatTheWriterMakesOfWholeTexts(RandomValues random) {
    Utf8Text text = Utf8Text.of(ByteBuffer.wrap(random.bytes(300)));
    if (text != null) {
      assertIsWhatIsWritten(text.text());
    }
    byte[] ascii = random.bytes(9_000);
    for (int i = 0; i < ascii.length; i++) {
      ascii[i] &= 0x7f;
    }
    assertIsWhatIsWritten(new String(ascii, StandardCharsets.US_ASCII));
  }

  @Test
  void aPartTakesItsPart() {
    ByteBuffer text = StandardCharsets.UTF_8.encode("\u0000grün\"");
    ByteBuffer part = text.duplicate().position(1).limit(3);
    assertThat(EncodedSize.ofText(part)).isEqualTo(2);
    assertThat(part.position()).isEqualTo(1);
  }

  @RandomCases(50)
  void isTheLengthOfBase64(RandomValues random) {
    ByteBuffer bytes = ByteBuffer.wrap(random.bytes(300));
    assertThat(EncodedSize.ofBase64(bytes.remaining())).isEqualTo(Utf8Text.base64(bytes).length());
  }

  private static void assertIsWhatIsWritten(String text) {
    Utf8Text utf8 = Utf8Text.of(text);
    if (utf8 != null) {
      assertThat(EncodedSize.ofText(utf8.bytes()))
          .isEqualTo(written(Map.of("content", utf8)) - EMPTY);
    }
  }

  private static int written(Map<String, ?> outputs) {
    return JsonWriter.object(json -> json.value("result", outputs)).length;
  }
}
