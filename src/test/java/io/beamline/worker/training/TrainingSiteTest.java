package io.beamline.worker.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class TrainingSiteTest {

  @Test
  void answersAFlakyPathAtTheSecondRequest() throws Exception {
    try (TrainingSite site = new TrainingSite();
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(status(http, site.url() + TrainingSite.WELL)).isEqualTo(200);
      String flaky = site.url() + TrainingSite.FLAKY + "7";
      assertThat(status(http, flaky)).isEqualTo(503);
      assertThat(status(http, flaky)).isEqualTo(200);
      assertThat(status(http, flaky)).isEqualTo(503);
    }
  }

  private static int status(HttpClient http, String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
