package io.beamline.worker;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.beamline.worker.support.HousePlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The house: a message walks through it in one direction, and no room looks back. */
@AnalyzeClasses(
    packages = ArchitectureTest.HOUSE,
    importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {

  static final String HOUSE = "io.beamline.worker";

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.Thread.sleep",
          "java.util.concurrent.TimeUnit.sleep",
          "java.util.concurrent.locks.LockSupport.parkNanos",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.util.Date.<init>");

  @ArchTest
  static final ArchRule everyRoomKnowsOnlyTheRoomsAfterIt =
      CompositeArchRule.of(
          IntStream.range(1, HousePlan.LINES.size())
              .mapToObj(ArchitectureTest::neverLooksBack)
              .toList());

  @ArchTest
  static final ArchRule nobodyKnowsTheDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage(HOUSE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(HOUSE);

  @ArchTest
  static final ArchRule everyClassLivesInARoom =
      classes()
          .that()
          .resideOutsideOfPackage(HOUSE)
          .should()
          .resideInAnyPackage(rooms(HousePlan.LINES));

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching(HOUSE + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule theContractDependsOnNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage(room("contract"))
          .should()
          .dependOnClassesThat(
              resideInAPackage(HOUSE + "..")
                  .and(resideInAPackage(room("contract")).negate())
                  .or(resideInAnyPackage("org.springframework..", "io.nats..")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule policiesArePure =
      noClasses()
          .that()
          .resideInAnyPackage(room("retry"), room("timeout"))
          .should()
          .dependOnClassesThat(
              resideInAPackage(HOUSE + "..")
                  .and(
                      resideInAnyPackage(room("contract"), room("timeout"), room("retry")).negate())
                  .or(resideInAnyPackage("org.springframework..", "io.nats..", "io.micrometer..")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule timeoutsDoNotKnowRetries =
      noClasses()
          .that()
          .resideInAPackage(room("timeout"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(room("retry"))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule natsStaysInItsRooms =
      only(
          "io.nats.client..",
          "intake",
          "cancellation",
          "suspect",
          "result",
          "flagstore",
          "block.nats",
          "connection",
          "command",
          "training",
          "deadletter");

  @ArchTest
  static final ArchRule onlyWhoListensOrAnswersSeesTheConnection =
      only(
          room("connection"),
          "intake",
          "cancellation",
          "suspect",
          "result",
          "flagstore",
          "block.nats",
          "connection",
          "startup",
          "command",
          "deadletter");

  @ArchTest static final ArchRule togglzStaysInItsRoom = only("org.togglz..", "feature");

  @ArchTest
  static final ArchRule micrometerStaysInItsRoom = only("io.micrometer..", "observability.metrics");

  @ArchTest
  static final ArchRule nobodyElseLooksAtAClockOrSleeps =
      classes()
          .that()
          .doNotHaveFullyQualifiedName(HOUSE + ".timeout.SystemTimeSource")
          .should(not(accessTargetWhere(isOneOf(CLOCKS)).as("look at a clock or sleep")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheConfigurationReadsTheEnvironment =
      classes()
          .that()
          .resideOutsideOfPackage(room("config"))
          .should(
              not(
                  accessTargetWhere(isOneOf(Set.of("java.lang.System.getenv")))
                      .as("read the environment")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      NO_CLASSES_SHOULD_USE_FIELD_INJECTION.allowEmptyShould(true);

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .should(
              new ArchCondition<JavaClass>("live in a package that is @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                  events.add(
                      new SimpleConditionEvent(
                          type, marked, type.getPackageName() + ": " + marked));
                }
              });

  /** One name, one thing: nested types too. */
  @ArchTest
  static final ArchRule everyTypeHasANameOfItsOwn =
      classes()
          .that()
          .areNotAnonymousClasses()
          .and()
          .doNotHaveSimpleName("package-info")
          .should(
              new ArchCondition<JavaClass>("have a simple name that no other type has") {
                private final Map<String, List<String>> types = new HashMap<>();

                @Override
                public void init(Collection<JavaClass> all) {
                  all.forEach(
                      type ->
                          types
                              .computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>())
                              .add(type.getName()));
                }

                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  List<String> named = types.getOrDefault(type.getSimpleName(), List.of());
                  events.add(
                      new SimpleConditionEvent(type, named.size() == 1, "one name: " + named));
                }
              });

  /** Leaves test classes out, wherever below the build's folder they are compiled to. */
  static final class WithoutTests implements ImportOption {

    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/");
    }
  }

  private static ArchRule neverLooksBack(int line) {
    return noClasses()
        .that(liveIn(HousePlan.LINES.subList(line, line + 1)))
        .should()
        .dependOnClassesThat(liveIn(HousePlan.LINES.subList(0, line)));
  }

  /** A class lives in the innermost room around it. */
  private static DescribedPredicate<JavaClass> liveIn(List<List<String>> lines) {
    Set<String> rooms = lines.stream().flatMap(List::stream).collect(Collectors.toSet());
    return describe("live in " + rooms, type -> rooms.contains(innermostRoom(type)));
  }

  private static String innermostRoom(JavaClass type) {
    return HousePlan.LINES.stream()
        .flatMap(List::stream)
        .filter(room -> (type.getPackageName() + ".").startsWith(HOUSE + "." + room + "."))
        .max(Comparator.comparingInt(String::length))
        .orElse("");
  }

  private static String[] rooms(List<List<String>> lines) {
    return lines.stream().flatMap(List::stream).map(ArchitectureTest::room).toArray(String[]::new);
  }

  private static String room(String name) {
    return HOUSE + "." + name + "..";
  }

  private static ArchRule only(String target, String... rooms) {
    String[] packages = Stream.of(rooms).map(ArchitectureTest::room).toArray(String[]::new);
    return noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(target)
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaAccess<?>> isOneOf(Set<String> methods) {
    return describe(
        "is one of " + methods,
        access ->
            methods.contains(
                access.getTargetOwner().getFullName() + "." + access.getTarget().getName()));
  }
}
