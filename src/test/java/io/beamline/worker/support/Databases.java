package io.beamline.worker.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Real databases for tests. It takes the server of this machine where one answers, then a container
 * where an engine runs. Without both, PostgreSQL comes from its binaries, which the build has;
 * tests of MariaDB are skipped then, but fail where CI says that nothing may be missing.
 */
public final class Databases {

  private static final String LOCAL = "127.0.0.1";
  private static final int POSTGRES_PORT = 5432;
  private static final int MARIADB_PORT = 3306;
  private static final int CONNECT_MS = 500;
  private static final String POSTGRES = "postgres";
  private static final String NO_MARIADB =
      "No MariaDB: install mariadb-server (Debian and Ubuntu: apt-get install mariadb-server), or run"
          + " a container engine.";

  private static @Nullable Integer postgresPort;
  private static @Nullable Integer mariaDbPort;

  private Databases() {}

  /** A PostgreSQL database that is empty. */
  public static synchronized TestDatabase postgres() {
    Integer port = postgresPort;
    if (port == null) {
      port = findPostgres();
      postgresPort = port;
    }
    return created("jdbc:postgresql://" + LOCAL + ":" + port + "/", POSTGRES, POSTGRES, port);
  }

  /** A MariaDB database that is empty. */
  public static synchronized TestDatabase mariaDb() {
    Integer port = mariaDbPort;
    if (port == null) {
      port = findMariaDb();
      mariaDbPort = port;
    }
    return created("jdbc:mariadb://" + LOCAL + ":" + port + "/", "", "root", port);
  }

  private static int findPostgres() {
    if (answers(
        "jdbc:postgresql://" + LOCAL + ":" + POSTGRES_PORT + "/postgres",
        POSTGRES,
        POSTGRES_PORT)) {
      return POSTGRES_PORT;
    }
    if (NatsContainer.available()) {
      return container("postgres:15-alpine", POSTGRES_PORT, "POSTGRES_HOST_AUTH_METHOD", "trust");
    }
    PostgresServer server = PostgresServer.start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "postgres-end"));
    return server.port();
  }

  private static int findMariaDb() {
    if (answers("jdbc:mariadb://" + LOCAL + ":" + MARIADB_PORT + "/", "root", MARIADB_PORT)) {
      return MARIADB_PORT;
    }
    if (NatsContainer.available()) {
      return container("mariadb:10.11", MARIADB_PORT, "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "yes");
    }
    MariaDbServer server = MariaDbServer.startIfInstalled();
    if (server != null) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "mariadb-end"));
      return server.port();
    }
    if ("true".equals(System.getenv("CI"))) {
      throw new IllegalStateException(NO_MARIADB);
    }
    return Assumptions.abort(NO_MARIADB);
  }

  private static boolean answers(String url, String user, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
    } catch (IOException e) {
      return false;
    }
    try (Connection connection = DriverManager.getConnection(url, user, "")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** It ends with the JVM. */
  @SuppressWarnings("resource")
  private static int container(String image, int port, String variable, String value) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withEnv(variable, value)
            .withExposedPorts(port);
    container.start();
    return container.getMappedPort(port);
  }

  private static TestDatabase created(String server, String first, String user, int port) {
    String name = "beamline_" + UUID.randomUUID().toString().replace("-", "");
    run(server + first, user, "create database " + name);
    String drop =
        server.startsWith("jdbc:postgresql:")
            ? "drop database " + name + " with (force)"
            : "drop database " + name;
    return new TestDatabase(server + name, user, port, () -> run(server + first, user, drop));
  }

  private static void run(String url, String user, String sql) {
    try (Connection connection = DriverManager.getConnection(url, user, "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
