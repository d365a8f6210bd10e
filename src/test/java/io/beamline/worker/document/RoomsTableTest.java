package io.beamline.worker.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.HousePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table of rooms in development.md is the architecture test's list. */
class RoomsTableTest {

  private static final List<Path> HOUSES =
      List.of(
          Path.of("src/main/java/io/beamline/worker"), Path.of("src/kit/java/io/beamline/worker"));
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| `([a-z.]+)` \\|");

  @Test
  void namesEveryRoomOnItsLine() {
    assertThat(rows().stream().map(RoomsTableTest::text).filter(plan()::contains))
        .containsExactlyElementsOf(plan());
  }

  @Test
  void namesOnlyPackagesThatAreThereOnTheirRoomsLine() {
    assertThat(rows())
        .allSatisfy(row -> assertThat(plan()).anyMatch(room -> isIn(row, room)))
        .allSatisfy(
            row ->
                assertThat(HOUSES)
                    .extracting(house -> house.resolve(row.group(2).replace('.', '/')))
                    .anyMatch(Files::isDirectory));
  }

  private static List<MatchResult> rows() {
    return ROW.matcher(Document.read(Path.of("src/docs/development.md")).text()).results().toList();
  }

  private static String text(MatchResult row) {
    return row.group(1) + " " + row.group(2);
  }

  private static boolean isIn(MatchResult row, String room) {
    return text(row).equals(room) || text(row).startsWith(room + ".");
  }

  private static List<String> plan() {
    return IntStream.range(0, HousePlan.LINES.size())
        .boxed()
        .flatMap(line -> HousePlan.LINES.get(line).stream().map(room -> (line + 1) + " " + room))
        .toList();
  }
}
