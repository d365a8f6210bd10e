package io.beamline.worker.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the jar says of its settings, for editors that complete them. */
class SettingsMetadataTest {

  private static final String FILE = "/META-INF/spring-configuration-metadata.json";

  private final Map<String, JsonNode> described = new TreeMap<>();

  SettingsMetadataTest() throws IOException {
    try (InputStream in = WorkerProperties.class.getResourceAsStream(FILE)) {
      JsonNode metadata =
          JsonMapper.builder().build().readTree(new String(in.readAllBytes(), UTF_8));
      metadata
          .path("properties")
          .forEach(property -> described.put(property.path("name").stringValue(), property));
    }
  }

  @Test
  void describesEverySetting() throws IOException {
    PropertySource<?> settings =
        new YamlPropertySourceLoader()
            .load("application.yml", new ClassPathResource("application.yml"))
            .getFirst();
    int found = 0;
    for (String name : ((EnumerablePropertySource<?>) settings).getPropertyNames()) {
      if (name.startsWith("worker.") || name.startsWith("CP2_")) {
        found++;
        assertThat(described).containsKey(name);
        JsonNode property = of(name);
        assertThat(property.path("description").stringValue("")).as(name).isNotBlank();
        assertThat(property.path("type").stringValue("")).as(name).isNotBlank();
        JsonNode value = property.path("defaultValue");
        if (value.isValueNode() && !String.valueOf(settings.getProperty(name)).contains(",")) {
          assertThat(plain(value.asString()))
              .as(name)
              .isEqualTo(plain(String.valueOf(settings.getProperty(name))));
        }
      }
    }
    assertThat(found).isGreaterThan(70);
  }

  @Test
  void offersTheWordsOfASetting() {
    assertThat(of("worker.log.format").path("type").stringValue())
        .isEqualTo(LogFormat.class.getName());
    assertThat(of("worker.heartbeat.interval").path("type").stringValue())
        .isEqualTo("java.time.Duration");
  }

  /** A number of JSON has no zeros behind its point. */
  private static String plain(String value) {
    return value.replaceAll("\\.0$", "");
  }

  private JsonNode of(String name) {
    return Objects.requireNonNull(described.get(name), name);
  }
}
