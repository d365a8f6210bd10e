package io.beamline.worker.security;

import io.beamline.worker.feature.FeatureFlags;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the tests of both ports share: one started worker without NATS. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
    classes = WebSlice.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "worker.id=worker-under-test",
      "worker.admin.password=right",
      "management.prometheus.metrics.export.enabled=true"
    })
abstract class WebTest {

  static final String JSON = "application/json";
  static final String ADMIN = Http.basic("admin", "right");
  static final String FLAG = "/actuator/togglz/CP2_ADVANCED_RETRY_ENABLED";

  @Value("${local.server.port}")
  int mainPort;

  @Value("${local.management.port}")
  int managementPort;

  @Autowired FeatureFlags flags;

  /** A browser at the main port. */
  Http main = new Http(0, "127.0.0.1");

  /** A client of the management port. */
  Http management = new Http(0, "127.0.0.1");

  @BeforeEach
  void connect() {
    main = new Http(mainPort, "127.0.0.1");
    management = new Http(managementPort, "127.0.0.1");
  }

  static Map<String, String> hiddenFields(String page) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = Pattern.compile("<input[^>]*type=\"hidden\"[^>]*>").matcher(page);
    while (field.find()) {
      fields.put(attribute(field.group(), "name"), attribute(field.group(), "value"));
    }
    return fields;
  }

  static String attribute(String tag, String name) {
    Matcher value = Pattern.compile(" " + name + "=\"([^\"]*)\"").matcher(tag);
    return value.find() ? value.group(1) : "";
  }

  HttpResponse<String> change(String body) {
    return management.post(FLAG, body, "Authorization", ADMIN, "Content-Type", JSON);
  }

  String scrape() {
    return management.get("/actuator/prometheus").body();
  }
}
