package io.beamline.worker.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.support.Calls;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a block in development.md, as it is pasted. */
class ExampleBlockTest {

  private static final String NAME = "io.beamline.worker.block.UpperBlock";

  @Test
  void compilesAndRuns(@TempDir Path folder) throws Exception {
    Path source = Files.writeString(folder.resolve("UpperBlock.java"), example());
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
    assertThat(failed).isZero();

    URL[] classes = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      Constructor<?> constructor = loader.loadClass(NAME).getDeclaredConstructor();
      constructor.setAccessible(true);
      Block block = (Block) constructor.newInstance();

      assertThat(block.type().name()).isEqualTo("text.upper");
      assertThat(block.run(call("{\"text\": \"hello\"}")))
          .isEqualTo(Outputs.of(Map.of("text", "HELLO")));
    }
  }

  private static BlockCall call(String payload) {
    return Calls.of(
        "a-1",
        new RawJson(payload),
        OperationTimeouts.cp1(Duration.ofSeconds(1)),
        Deadline.never(),
        false);
  }

  private static String example() {
    String text = Document.read(Path.of("src/docs/development.md")).text();
    String begin = "```java\n";
    assertThat(text).contains(begin);
    String rest = text.substring(text.indexOf(begin) + begin.length());
    return rest.substring(0, rest.indexOf("```"));
  }
}
