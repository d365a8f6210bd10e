package io.beamline.worker.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.support.Calls;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inputs and outputs that are records (contract section 4). */
class TypedBlockTest {

  enum Grade {
    LOW,
    HIGH
  }

  record Line(@NotBlank String name, @Min(0) @Nullable BigDecimal unitPrice) {}

  record Order(
      int maxRows,
      @NotNull @Size(min = 1, max = 4) String customer,
      @Nullable Boolean urgent,
      @Nullable Long number,
      @Nullable Double share,
      @Nullable BigDecimal total,
      @Nullable BigInteger large,
      @Nullable LocalDate day,
      @Nullable Instant at,
      @Nullable UUID key,
      byte @Nullable [] content,
      @Nullable Grade grade,
      @JsonProperty("e-mail") @Pattern(regexp = ".+@.+") @Nullable String mail,
      @Nullable List<@Valid Line> lines,
      @Valid @Nullable Line first,
      @Nullable Map<String, Integer> counts) {}

  record Copy(Order order, int rowCount) {}

  private static final class CopyBlock extends TypedBlock<Order, Copy> {

    CopyBlock() {
      super(new BlockType("copy", List.of(), ResourcePool.CPU), Order.class);
    }

    @Override
    protected Copy run(Order inputs, BlockCall call) {
      return new Copy(inputs, inputs.maxRows());
    }
  }

  private static final class NullBlock extends TypedBlock<Line, Line> {

    NullBlock() {
      super(new BlockType("null", List.of(), ResourcePool.CPU), Line.class);
    }

    @Override
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // the null is the point
    protected Line run(Line inputs, BlockCall call) {
      return null;
    }
  }

  @Test
  void readsAndWritesEveryValueExactly() throws Exception {
    String json =
        """
        {"max_rows":3,"customer":"abc","urgent":true,"number":9007199254740993,"share":0.1,\
        "total":12345678901234567890.1230,"large":123456789012345678901234567890,\
        "day":"2026-11-29","at":"2026-11-29T10:00:00Z",\
        "key":"0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11","content":"AAEC","grade":"HIGH",\
        "e-mail":"a@b","lines":[{"name":"x","unit_price":1.50}],"first":null,"counts":{"a":1}}""";

    assertThat(run(json)).isEqualTo("{\"order\":" + json + ",\"row_count\":3}");
  }

  @Test
  void ignoresFieldsThatItDoesNotKnow() throws Exception {
    assertThat(run("{\"max_rows\":1,\"customer\":\"a\",\"other\":[{}]}"))
        .contains("\"row_count\":1");
  }

  /** A fault is put after two fields that are right, or before them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                              | MISSING_REQUIRED_FIELD | max_rows
          {"max_rows":null,"customer":"a"}                | MISSING_REQUIRED_FIELD | max_rows
          {"max_rows":1}                                  | MISSING_REQUIRED_FIELD | customer
          {"max_rows":1,"customer":null}                  | MISSING_REQUIRED_FIELD | customer
          {"max_rows":1,"customer":""}                    | INVALID_INPUT          | customer
          {"max_rows":1,"customer":"SECRET"}              | INVALID_INPUT          | customer
          {"max_rows":1,"customer":5}                     | INVALID_INPUT          | customer
          {"max_rows":1,"customer":["SECRET"]}            | INVALID_INPUT          | customer
          {"max_rows":"SECRET","customer":"a"}            | INVALID_INPUT          | max_rows
          {"max_rows":"1","customer":"a"}                 | INVALID_INPUT          | max_rows
          {"max_rows":1.5,"customer":"a"}                 | INVALID_INPUT          | max_rows
          {"max_rows":99999999999,"customer":"a"}         | INVALID_INPUT          | max_rows
          {"max_rows":true,"customer":"a"}                | INVALID_INPUT          | max_rows
          {"max_rows":1,"customer":"a","urgent":"true"}   | INVALID_INPUT          | urgent
          {"max_rows":1,"customer":"a","urgent":1}        | INVALID_INPUT          | urgent
          {"max_rows":1,"customer":"a","number":"5"}      | INVALID_INPUT          | number
          {"max_rows":1,"customer":"a","total":"5"}       | INVALID_INPUT          | total
          {"max_rows":1,"customer":"a","share":"0.5"}     | INVALID_INPUT          | share
          {"max_rows":1,"customer":"a","grade":"SECRET"}  | INVALID_INPUT          | grade
          {"max_rows":1,"customer":"a","grade":0}         | INVALID_INPUT          | grade
          {"max_rows":1,"customer":"a","day":"SECRET"}    | INVALID_FORMAT         | day
          {"max_rows":1,"customer":"a","at":"SECRET"}     | INVALID_FORMAT         | at
          {"max_rows":1,"customer":"a","key":"SECRET"}    | INVALID_FORMAT         | key
          {"max_rows":1,"customer":"a","content":"%%"}    | INVALID_FORMAT         | content
          {"max_rows":1,"customer":"a","content":[{}]}    | INVALID_INPUT          | content[0]
          {"max_rows":1,"customer":"a","e-mail":"SECRET"} | INVALID_INPUT          | e-mail
          {"max_rows":1,"customer":"a","lines":{}}        | INVALID_INPUT          | lines
          {"max_rows":1,"customer":"a","lines":[{"name":"x"},{}]} | MISSING_REQUIRED_FIELD | lines[1].name
          {"max_rows":1,"customer":"a","lines":[{"name":"x","unit_price":-1}]} | INVALID_INPUT | lines[0].unit_price
          {"max_rows":1,"customer":"a","lines":[{"name":7}]} | INVALID_INPUT       | lines[0].name
          {"max_rows":1,"customer":"a","first":{"name":" "}} | INVALID_INPUT       | first.name
          {"max_rows":1,"customer":"a","counts":{"SECRET":"x"}} | INVALID_INPUT    | counts[]
          """)
  void namesTheFieldAndNeverItsValue(String payload, String code, String field) {
    StepFailure failure = failureOf(new CopyBlock(), payload);

    assertThat(failure.error().code().name()).isEqualTo(code);
    assertThat(failure.error().details()).containsEntry("field", field);
    assertThat(failure.error().toString()).doesNotContain("SECRET");
    assertThat(failure.error().retryable()).isFalse();
  }

  @Test
  void saysWhichConstraintIsBroken() {
    assertThat(
            failureOf(new CopyBlock(), "{\"max_rows\":1,\"customer\":\"abcde\"}").error().details())
        .containsEntry("constraint", "Size(max=4, min=1)");
    assertThat(failureOf(new NullBlock(), "{\"name\":\" \"}").error().details())
        .containsEntry("constraint", "NotBlank");
  }

  @Test
  void refusesNullInsteadOfOutputs() {
    assertThat(failureOf(new NullBlock(), "{\"name\":\"a\"}").error().code().name())
        .isEqualTo("INTERNAL_ERROR");
  }

  private static String run(String payload) throws StepFailure, InterruptedException {
    Outputs outputs = new CopyBlock().run(call(payload));
    return ((Outputs.RawObject) outputs).object().text();
  }

  private static StepFailure failureOf(Block block, String payload) {
    return catchThrowableOfType(StepFailure.class, () -> block.run(call(payload)));
  }

  private static BlockCall call(String payload) {
    return Calls.of(
        "a-1",
        new RawJson(payload),
        OperationTimeouts.cp1(Duration.ofSeconds(1)),
        Deadline.never(),
        false);
  }
}
