package io.beamline.worker.support;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.util.FileSystemUtils;

/**
 * A real browser with a fresh profile. Closing it ends its processes and deletes the profile. Not
 * thread-safe.
 */
public final class Browser implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String READY = "return document.readyState";
  private static final String MISSING =
      "No browser was found: install chromium and chromium-driver (Debian and Ubuntu: apt-get"
          + " install chromium chromium-driver).";
  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--window-size=1200,900");

  private final Path profile;
  private final ChromeDriver driver;
  private final List<ProcessHandle> processes;
  private final Thread shutdownHook = new Thread(this::end, "browser-end");

  private Browser(Path chromium, Path chromedriver) throws IOException {
    profile = Files.createTempDirectory("beamline-browser-");
    List<ProcessHandle> others = ProcessHandle.current().descendants().toList();
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .build(),
            options(chromium));
    processes =
        ProcessHandle.current().descendants().filter(child -> !others.contains(child)).toList();
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** A browser; without one on this machine the test is skipped, and in a CI build fails. */
  public static Browser open() {
    Optional<Path> chromium = program("chromium", "chromium-browser", "google-chrome");
    Optional<Path> chromedriver = program("chromedriver");
    if (chromium.isEmpty() || chromedriver.isEmpty()) {
      return "true".equals(System.getenv("CI")) ? fail(MISSING) : abort(MISSING);
    }
    try {
      return new Browser(chromium.get(), chromedriver.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a page, and waits until it is loaded. */
  public void go(URI page) {
    driver.get(page.toString());
  }

  /** The path and query of the page that is shown. */
  public String page() {
    URI shown = URI.create(String.valueOf(driver.getCurrentUrl()));
    return shown.getQuery() == null ? shown.getPath() : shown.getPath() + "?" + shown.getQuery();
  }

  /** Waits until a page of this path and query is shown. */
  public void awaitPage(String pathAndQuery) {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> "complete".equals(script(READY)) ? page() : "", pathAndQuery::equals);
  }

  /** What a person can read on the page. */
  public String text() {
    return String.valueOf(script("return document.body.innerText"));
  }

  /** Waits until a person can read this. */
  public void awaitText(String text) {
    Awaitility.await("'" + text + "' on the page")
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(() -> text().contains(text));
  }

  /** Writes into a field, once it is there to be seen. */
  public void type(String css, String value) {
    WebElement field = element(css);
    field.clear();
    field.sendKeys(value);
  }

  /** Waits until something is there to be seen. */
  public void await(String css) {
    element(css);
  }

  /** Clicks on something, once it is there to be seen. */
  public void click(String css) {
    element(css).click();
  }

  /** The visible texts of all that matches. */
  public List<String> texts(String css) {
    return driver.findElements(By.cssSelector(css)).stream().map(WebElement::getText).toList();
  }

  /** Runs JavaScript in the page; null when it returns nothing. */
  public @Nullable Object script(String javaScript, Object... arguments) {
    return driver.executeScript(javaScript, arguments);
  }

  /**
   * What the browser complained about since the last call, such as files that were not found. The
   * icon is none of the page's: the browser asks for it by itself, when it likes.
   */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .filter(complaint -> !complaint.contains("/favicon.ico"))
        .toList();
  }

  /** Forgets the cookies of the page that is shown. */
  public void forget() {
    driver.manage().deleteAllCookies();
  }

  /** Keeps a picture of the page, for a person. */
  public void screenshot(Path png) {
    try {
      Files.write(png, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(shutdownHook);
    end();
  }

  private WebElement element(String css) {
    return Awaitility.await("something to use at " + css)
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(() -> driver.findElement(By.cssSelector(css)), WebElement::isDisplayed);
  }

  private ChromeOptions options(Path chromium) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.WARNING);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(FLAGS);
    options.addArguments("--user-data-dir=" + profile);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return options;
  }

  private void end() {
    try {
      driver.quit();
    } catch (WebDriverException e) {
      // what still runs is ended below
    }
    processes.forEach(ProcessHandle::destroyForcibly);
    Awaitility.await("the browser's end")
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive) && deleted());
  }

  private boolean deleted() throws IOException {
    FileSystemUtils.deleteRecursively(profile);
    return Files.notExists(profile);
  }

  private static Optional<Path> program(String... names) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(names)
        .flatMap(
            name ->
                Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                    .splitAsStream(path + File.pathSeparator + "/usr/bin")
                    .filter(folder -> !folder.isBlank())
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
