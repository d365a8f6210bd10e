package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port looks for late responses only once a response may be late. */
class LateResponseTest {

  private final Connector port = new Connector(WorkerHttpProtocol.class.getName());

  @Test
  void isGivenUpEachTime(@TempDir Path folder) throws Exception {
    Tomcat tomcat = tomcat(folder);
    tomcat.start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int request = 0; request < 2; request++) {
        assertThat(statusOfLateResponse(client)).isEqualTo(500);
      }
    } finally {
      stop(tomcat);
    }
  }

  private int statusOfLateResponse(HttpClient client) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port.getLocalPort() + "/");
    return client
        .send(
            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private Tomcat tomcat(Path folder) {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    port.setPort(0);
    tomcat.setConnector(port);
    Context context = tomcat.addContext("", folder.toString());
    Wrapper late = Tomcat.addServlet(context, "late", new LateServlet());
    late.setAsyncSupported(true);
    late.addMapping("/");
    return tomcat;
  }

  private static void stop(Tomcat tomcat) throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  /** Never responds by itself. */
  private static final class LateServlet extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
      AsyncContext late = request.startAsync();
      late.setTimeout(100);
    }
  }
}
