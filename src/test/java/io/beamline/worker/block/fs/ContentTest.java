package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {

  @Property(tries = 200)
  void whatIsNotTextComesBackAsTheSameBytes(@ForAll byte[] bytes) {
    Content content = new Content(bytes);
    String text = content.text();

    assertThat(Content.ofBase64(content.base64()))
        .satisfies(decoded -> assertThat(decoded.bytes()).isEqualTo(bytes));
    if (text != null) {
      assertThat(Content.ofText(text))
          .satisfies(encoded -> assertThat(encoded.bytes()).isEqualTo(bytes));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "plain", "\uFFFD", "a\uFFFDb", "\u00e9\uD83D\uDE00", "\0\r\n"})
  void textComesBackAsItWas(String text) {
    assertThat(Content.ofText(text))
        .satisfies(content -> assertThat(content.text()).isEqualTo(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FF", "61C3", "EDA080", "EFBFBDFF", "C080", "F5808080"})
  void bytesThatAreNotUtf8AreNoText(String bytes) {
    assertThat(new Content(HexFormat.of().parseHex(bytes)).text()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "a\uDC00?", "\uDC00\uD800"})
  void loneSurrogatesCannotBeWritten(String text) {
    assertThat(Content.ofText(text)).isNull();
  }
}
