package io.beamline.worker.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How ids are escaped where a configured type puts them. */
class InputPlaceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "PLAIN   | a b/ü\"      | a b/ü\"",
        "JSON    | a\"}\\ü      | a\\\"}\\\\ü",
        "FIXED   | a            | -",
        "URL     | a-b_c.d~e    | a-b_c.d~e",
        "URL     | ../x?a=b&c#d | ..%2Fx%3Fa%3Db%26c%23d",
        "URL     | a%2Fb        | a%252Fb",
        "URL     | ü            | %C3%BC",
        "URL     | ..           | -",
        "URL     | .            | -",
        "HEADER  | a, \"b\"; c=d | a,%20\"b\";%20c=d",
        "HEADER  | ü%           | %C3%BC%25",
        "SUBJECT | a.b          | a%2Eb",
        "SUBJECT | >            | %3E",
        "SUBJECT | *            | %2A",
        "SUBJECT | $JS          | %24JS",
        "SUBJECT | a b          | a%20b",
        "PATH    | ../x         | ..%2Fx",
        "PATH    | ..           | %2E%2E",
        "PATH    | a.txt        | a.txt",
      })
  void escapesAnId(InputPlace place, String id, String escaped) {
    assertThat(place.escape(id)).isEqualTo(escaped);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "URL   | https://api.example.org/v1/        | true",
        "URL   | https://api.example.org?tenant=    | true",
        "URL   | https://api.example.org:8080/      | true",
        "URL   | https://                           | false",
        "URL   | https://api.                       | false",
        "URL   | https://user:                      | false",
        "URL   | ''                                 | false",
        "FIXED | select                             | false",
        "PATH  | ''                                 | true",
      })
  void takesIdsOnlyWhereTheyCanBeEscaped(InputPlace place, String before, boolean taken) {
    assertThat(place.fault(before) == null).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PLAIN  | {\"a\": 1}   | JSON",
        "PLAIN  | [1]          | JSON",
        "PLAIN  | ` {\n \"a\": 1}` | JSON",
        "PLAIN  | { }          | JSON",
        "HEADER | { \"a\": \"\"} | FIXED",
        "HEADER | {tenant_id}  | HEADER",
        "PLAIN  | {tenant_id}  | PLAIN",
        "HEADER | {\"a\": \"\"} | FIXED",
        "HEADER | Bearer x     | HEADER",
        "PATH   | [a]          | PATH",
      })
  void aTextThatIsJsonIsAPlaceOfItsOwn(InputPlace place, String text, InputPlace then) {
    assertThat(place.ofText(text)).isEqualTo(then);
  }
}
