package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

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
}
