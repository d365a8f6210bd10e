package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Browser;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console as an operator uses it: a real browser, the built jar, a real NATS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String INDEX = "/togglz-console/index";
  private static final String RETRY = "CP2_ADVANCED_RETRY_ENABLED";
  private static final String TIMEOUT = "CP2_COMPLETE_TIMEOUT_ENABLED";
  private static final String CANCELLATION = "CP2_CANCELLATION_ENABLED";

  /** An id that would be markup if a page did not escape it. */
  private static final String ID = "w-<b>1</b>&'<script>x</script>";

  private Browser browser;
  private NatsServer nats;
  private WorkerProcess worker;
  private RouterStandIn router;

  @BeforeAll
  void start() {
    browser = Browser.open();
    nats = NatsServer.start();
    worker =
        WorkerProcess.of(nats.url())
            .env("WORKER_FEATURES_STORE", "nats-kv")
            .env("WORKER_ID", ID)
            .env(CANCELLATION, "percentage=25")
            .start();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable part : Arrays.asList(browser, router, worker, nats)) {
      if (part != null) {
        part.close();
      }
    }
  }

  @AfterEach
  void everyAnswerWasSound() {
    router.assertClean();
  }

  @BeforeEach
  void startAsAStranger() {
    FeatureSwitch flags = new FeatureSwitch(worker);
    flags.putBack(RETRY);
    flags.putBack(TIMEOUT);
    browser.go(worker.uri("/login"));
    browser.forget();
    browser.complaints();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        INDEX,
        "/togglz-console",
        "/togglz-console/rollout",
        "/togglz-console/worker.css",
        "/togglz-console/edit?f=" + RETRY
      })
  void sendsAStrangerToTheLogin(String path) {
    browser.go(worker.uri(path));

    browser.awaitPage("/login");
    assertThat(browser.text()).contains("Sign in").doesNotContain("retry");
  }

  @Test
  void refusesAWrongPasswordAndSaysSo() {
    long failures = logLines("\"Login failed\"");
    login("wrong");

    browser.awaitPage("/login?error");
    assertThat(browser.text()).containsAnyOf("Bad credentials", "Invalid credentials");
    assertThat(logLines("\"Login failed\"")).isEqualTo(failures + 1);
    browser.go(worker.uri(INDEX));
    browser.awaitPage("/login");
  }

  @Test
  void showsEveryFlagWithWhatItDoes() {
    loginAsAdministrator();

    assertThat(browser.texts(".nav-tabs a")).containsExactly("All Features", "Checkpoint 2");
    assertThat(browser.texts(".tab-pane.active tbody .feature-label"))
        .hasSize(5)
        .anySatisfy(label -> assertThat(label).startsWith("Advanced retry: exponential backoff"))
        .anySatisfy(label -> assertThat(label).startsWith("Complete timeout: every operation"))
        .anySatisfy(label -> assertThat(label).startsWith("Queue management: bounded queues"))
        .anySatisfy(label -> assertThat(label).startsWith("Cancellation: assignments end"))
        .anySatisfy(label -> assertThat(label).startsWith("Circuit breaker: destinations that"))
        .allSatisfy(label -> assertThat(label).contains("Flag: CP2_", "State from: configuration"))
        .filteredOn(label -> !label.contains(CANCELLATION))
        .allSatisfy(
            label ->
                assertThat(label)
                    .endsWith(
                        "The button: turns it on for all; kept in bucket beamline-worker-features"));
    assertThat(browser.texts(".tab-pane.active tbody .feature-label"))
        .filteredOn(label -> label.contains("Flag: " + CANCELLATION))
        .singleElement()
        .asString()
        .endsWith("The button: turns it off; kept in bucket beamline-worker-features");
    assertThat(browser.text()).contains("Percentage: 25");
    assertThat(browser.text()).contains("beamline-worker");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aFlagDecidesFromTheVeryNextAssignmentOn() throws IOException {
    loginAsAdministrator();
    try (MisbehavingHttpServer server = MisbehavingHttpServer.start()) {
      server.always(Misbehaviour.answer(404, ""));
      Supplier<Assignments> failing = () -> Assignments.http(server.url("/")).maxAttempts(2);
      long changes = logLines("Feature flag changed");
      assertThat(phaseOf(failing.get())).isEqualTo("cp1");
      assertThat(server.requests()).hasSize(2);

      press(RETRY, "Enabled");

      assertThat(phaseOf(failing.get())).isEqualTo("cp2");
      assertThat(server.requests()).as("a 404 is not repeated").hasSize(3);
      assertThat(enabled(RETRY)).isEqualTo(1);
      assertThat(logLines("Feature flag changed")).isEqualTo(changes + 1);
      assertThat(logLines("\"feature\":\"" + RETRY + "\",\"enabled\":true,\"user\":\"admin\""))
          .isPositive();

      press(RETRY, "Disabled");

      assertThat(phaseOf(failing.get())).isEqualTo("cp1");
      assertThat(server.requests()).hasSize(5);
      assertThat(enabled(RETRY)).isZero();
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void offersOnlyStrategiesThatSuitAssignments() {
    loginAsAdministrator();
    edit("Complete timeout");

    assertThat(browser.texts("#strategy option"))
        .containsExactly("- none -", "Gradual rollout", "Put back to configuration", "Tenants");
    browser.click("#enabled");
    browser.click("#strategy option[value='tenants']");
    browser.type("input[name='" + parameterOf("Tenants") + "']", "acme");
    browser.click("input[value='Save']");

    browser.awaitText("Tenants: acme");
    assertThat(phaseOf(Assignments.echo().tenant("acme"))).isEqualTo("cp2");
    assertThat(phaseOf(Assignments.echo().tenant("globex"))).isEqualTo("cp1");
  }

  /** "globex" is at 17.7 %, "assignment-2" at 58.5 %. */
  @Test
  void aShareIsSetAndPutBack() {
    loginAsAdministrator();
    edit("Advanced retry");
    browser.click("#enabled");
    browser.click("#strategy option[value='gradual']");
    browser.type("input[name='" + parameterOf("Percentage") + "']", "25.5");
    browser.click("input[value='Save']");

    browser.awaitText("Percentage: 25.5");
    press(RETRY, "Disabled");
    assertThat(browser.text()).contains("The button: turns it on for a share of 25.5 percent");
    press(RETRY, "Enabled");
    assertThat(browser.text()).contains("State from: bucket beamline-worker-features, revision");
    assertThat(browser.text()).contains("by admin");
    assertThat(phaseOf(Assignments.echo().id("globex"))).isEqualTo("cp2");
    assertThat(phaseOf(Assignments.echo().id("assignment-2"))).isEqualTo("cp1");

    edit("Advanced retry");
    browser.click("#strategy option[value='configuration']");
    browser.click("input[value='Save']");

    browser.await(button(RETRY) + "[value='Disabled']");
    assertThat(browser.text()).doesNotContain("Percentage: 25.5", "State from: bucket");
    assertThat(phaseOf(Assignments.echo())).isEqualTo("cp1");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aWrongShareIsExplained() {
    loginAsAdministrator();
    edit("Advanced retry");
    browser.click("#strategy option[value='gradual']");
    browser.type("input[name='" + parameterOf("Percentage") + "']", "101");
    browser.click("input[value='Save']");

    browser.await(".alert-danger");
    assertThat(browser.text()).contains("Percentage");
    assertThat(enabled(RETRY)).isZero();
  }

  @Test
  void saysThatNothingCanBeChangedWhileNatsIsAway() {
    loginAsAdministrator();
    nats.kill();
    Awaitility.await().atMost(SOON).until(() -> !worker.ready());

    browser.click(button(RETRY));

    browser.awaitText("Nothing was changed");
    assertThat(browser.text()).contains("NATS is away, so the flags stay as they are");
    browser.click("a[href='index']");
    browser.await(button(RETRY) + "[value='Disabled']");
    assertThat(browser.text()).contains("it cannot be changed now: NATS is away");
    nats.restart();
    worker.awaitReady();
  }

  @ParameterizedTest
  @ValueSource(strings = {"_csrf", "togglz_csrf"})
  void refusesAForgedToken(String token) {
    loginAsAdministrator();
    Object forged =
        browser.script(
            "const fields = document.getElementsByName(arguments[0]);"
                + "for (const field of fields) field.value = 'forged'; return fields.length",
            token);
    assertThat(forged).isNotEqualTo(0L);
    long changes = logLines("Feature flag changed");

    browser.click(button(RETRY));

    browser.awaitPage("/togglz-console/edit");
    assertThat(browser.text()).containsAnyOf("Forbidden", "Invalid CSRF Token");
    assertThat(enabled(RETRY)).isZero();
    assertThat(logLines("Feature flag changed")).isEqualTo(changes);
  }

  @Test
  void showsWhichWorkerItIsAndItsReport() {
    loginAsAdministrator();
    assertThat(browser.texts("#worker-id")).containsExactly(ID);
    assertThat(browser.texts("#worker-id b")).isEmpty();
    edit("Advanced retry");
    assertThat(browser.texts("#worker-id")).containsExactly(ID);

    browser.click("#rollout");
    browser.awaitPage("/togglz-console/rollout");
    assertThat(browser.text()).contains("counting_since", RETRY, "verdict");
    assertThat(browser.complaints()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void logsOutFromEachPage(boolean editing) {
    loginAsAdministrator();
    if (editing) {
      edit("Advanced retry");
    }
    browser.click("#logout button");

    browser.awaitPage("/login?logout");
    browser.go(worker.uri(INDEX));
    browser.awaitPage("/login");
  }

  @Test
  void logoutEndsTheSession() {
    loginAsAdministrator();
    browser.go(worker.uri("/logout"));
    browser.click("button[type='submit']");

    browser.awaitPage("/login?logout");
    browser.go(worker.uri(INDEX));
    browser.awaitPage("/login");
  }

  private void loginAsAdministrator() {
    login(WorkerProcess.ADMIN_PASSWORD);
    browser.awaitPage(INDEX);
  }

  private void login(String password) {
    browser.go(worker.uri("/login"));
    browser.type("#username", "admin");
    browser.type("#password", password);
    browser.click("button[type='submit']");
  }

  private void edit(String label) {
    browser.click(".tab-pane.active a[title^='Edit " + label + "']");
    browser.awaitText("Activation Strategy");
  }

  private void press(String flag, String then) {
    browser.click(button(flag));
    browser.await(button(flag) + "[value='" + then + "']");
  }

  private static String button(String flag) {
    return ".tab-pane.active form:has(input[value='" + flag + "']) input[type='submit']";
  }

  /** The name of a strategy's parameter in the form, which Togglz makes up. */
  private String parameterOf(String label) {
    return String.valueOf(
        browser.script(
            "return [...document.querySelectorAll('.param label')]"
                + ".find(label => label.innerText.trim() === arguments[0]).htmlFor",
            label));
  }

  private String phaseOf(Assignments assignment) {
    Answer answer = router.awaitResult(router.assign(assignment), SOON);
    return answer.result().orElseThrow().header("cp_phase").orElse("");
  }

  private double enabled(String flag) {
    return worker.metric("worker_feature_enabled", "feature=\"" + flag + "\"");
  }

  private long logLines(String text) {
    return worker.stdout().stream().filter(line -> line.contains(text)).count();
  }
}
