package io.beamline.worker.block.sql;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.ClientCall;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.sql.ParameterReader.BoundStatement;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Runs one SQL statement on a configured database (contract section 4). Thread-safe. */
final class SqlQueryBlock implements Block {

  private static final BlockType TYPE = new BlockType("sql.query", List.of("sql"), ResourcePool.IO);
  private static final String DESTINATION = "sql:";
  private static final int MOST_ROWS = 100_000;
  private static final int DEFAULT_ROWS = 1_000;

  private final SqlDatabases databases;
  private final ResultLimit resultLimit;
  private final ClientSpans spans;
  private final TimeSource time;

  SqlQueryBlock(
      SqlDatabases databases, ResultLimit resultLimit, ClientSpans spans, TimeSource time) {
    this.databases = databases;
    this.resultLimit = resultLimit;
    this.spans = spans;
    this.time = time;
  }

  @Override
  public BlockType type() {
    return TYPE;
  }

  /** A database that only reads changes nothing. */
  @Override
  public boolean hasEffects() {
    return databases.all().stream().anyMatch(database -> !database.readOnly());
  }

  @Override
  public @Nullable String destination(BlockCall call) {
    String name = call.text("datasource");
    name = name == null ? call.text("connection") : name;
    Database database = name == null ? databases.only() : databases.find(name);
    return database == null ? null : DESTINATION + database.name();
  }

  @Override
  public String inputName(String nameOrAlias) {
    return switch (nameOrAlias) {
      case "connection" -> "datasource";
      case "args" -> "params";
      default -> nameOrAlias;
    };
  }

  /** Values are bound; nothing else may have ids in it. */
  @Override
  public InputPlace place(String input) {
    return switch (input) {
      case "params", "args" -> InputPlace.PLAIN;
      default -> InputPlace.FIXED;
    };
  }

  @Override
  public int capacity(String destination) {
    return ofDatabase(destination, Database::threads);
  }

  @Override
  public int hanging(String destination) {
    return ofDatabase(destination, Database::stuckThreads);
  }

  private int ofDatabase(String destination, ToIntFunction<Database> value) {
    Database database =
        destination.startsWith(DESTINATION)
            ? databases.find(destination.substring(DESTINATION.length()))
            : null;
    return database == null ? 0 : value.applyAsInt(database);
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    long start = time.nanos();
    Inputs inputs = call.inputs();
    Database database = database(inputs);
    QueryRequest request = request(inputs, database);
    SqlTimeLimit limit = SqlTimeLimit.of(call.timeouts().sqlQuery(), call.deadline(), start);
    QueryWork work = new QueryWork(request, database, resultLimit.maxBytes());
    return ClientCall.within(
            spans.sql(database.dialect().traceName(), database.name()),
            span -> database.run(limit, work))
        .outputs();
  }

  private Database database(Inputs inputs) throws StepFailure {
    String name = inputs.text(field(inputs, "datasource", "connection"));
    Database database = name == null ? databases.only() : databases.find(name);
    if (database == null) {
      // What was given may be a connection string with a password.
      throw name == null
          ? StepFailure.of(
              ErrorCode.MISSING_REQUIRED_FIELD,
              "A required input is missing",
              Map.of("field", "datasource"))
          : StepFailure.of(
              INVALID_INPUT, "The datasource is not configured", Map.of("field", "datasource"));
    }
    return database;
  }

  private static QueryRequest request(Inputs inputs, Database database) throws StepFailure {
    String sql = inputs.requiredText("query");
    SqlText text = SqlText.of(sql, database.dialect());
    if (!text.single()) {
      throw StepFailure.of(
          INVALID_INPUT, "The query must be exactly one statement", Map.of("field", "query"));
    }
    String field = field(inputs, "params", "args");
    BoundStatement bound = ParameterReader.read(sql, field, inputs.field(field), text);
    boolean readOnly = inputs.bool("read_only", true);
    if (!readOnly && database.readOnly()) {
      throw StepFailure.of(
          ErrorCode.PERMISSION_DENIED,
          "The datasource is only for reading",
          Map.of("datasource", database.name()));
    }
    int maxRows = (int) inputs.wholeNumber("max_rows", 1, MOST_ROWS, DEFAULT_ROWS);
    return new QueryRequest(bound.sql(), bound.parameters(), readOnly, maxRows, text.isPlain());
  }

  /** Returns the name under which an input was given; both at once count as the first. */
  private static String field(Inputs inputs, String name, String alias) {
    return !inputs.has(name) && inputs.has(alias) ? alias : name;
  }
}
