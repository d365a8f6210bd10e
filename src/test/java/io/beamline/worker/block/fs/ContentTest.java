package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.nio.ByteBuffer;

class ContentTest {

  @RandomCases(200)
  void comesBackAsTheSameBytes(RandomValues random) {
    ByteBuffer bytes = ByteBuffer.wrap(random.bytes(300));
    Content content = new Content(bytes);
    Utf8Text text = content.text();

    assertThat(Content.ofBase64(content.base64().text()))
        .satisfies(decoded -> assertThat(decoded.bytes()).isEqualTo(bytes));
    if (text != null) {
      assertThat(Content.of(Utf8Text.of(text.text())))
          .satisfies(encoded -> assertThat(encoded.bytes()).isEqualTo(bytes));
    }
  }

  /** Content is mostly a part of a message. */
  @RandomCases(200)
  void aPartIsTheSameAsItsBytesAlone(RandomValues random) {
    byte[] before = random.bytes(300);
    byte[] array = random.bytes(300);
    ByteBuffer all = ByteBuffer.allocate(before.length + array.length + 1).put(before).put(array);
    Content part = new Content(all.flip().position(before.length));
    Content alone = new Content(ByteBuffer.wrap(array));

    assertThat(part.size()).isEqualTo(array.length);
    assertThat(part.bytes()).isEqualTo(alone.bytes());
    assertThat(part.sha256()).isEqualTo(alone.sha256());
    assertThat(part.base64()).isEqualTo(alone.base64());
    assertThat(part.text()).isEqualTo(alone.text());
  }
}
