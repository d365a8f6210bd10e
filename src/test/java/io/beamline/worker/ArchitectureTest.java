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
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The house: a message walks through it in one direction, and no room looks back. */
@AnalyzeClasses(
    packages = ArchitectureTest.HOUSE,
    importOptions = ImportOption.DoNotIncludeTests.class)
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
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("start")
          .definedBy(HOUSE, room("security"))
          .layer("arrival")
          .definedBy(room("intake"))
          .layer("queue")
          .definedBy(room("queue"))
          .layer("execution")
          .definedBy(room("execution"))
          .layer("block")
          .definedBy(room("block"))
          .layer("result")
          .definedBy(room("result"))
          .layer("connection")
          .definedBy(room("connection"))
          .layer("support")
          .definedBy(room("feature"), room("observability"), room("config"))
          .layer("policy")
          .definedBy(room("retry"), room("timeout"))
          .layer("contract")
          .definedBy(room("contract"))
          .whereLayer("start")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("arrival")
          .mayOnlyBeAccessedByLayers("start")
          .whereLayer("queue")
          .mayOnlyBeAccessedByLayers("start", "arrival")
          .whereLayer("execution")
          .mayOnlyBeAccessedByLayers("start", "arrival", "queue")
          .whereLayer("block")
          .mayOnlyBeAccessedByLayers("start", "arrival", "queue", "execution", "result")
          .whereLayer("result")
          .mayOnlyBeAccessedByLayers("start", "arrival", "queue", "execution")
          .whereLayer("connection")
          .mayOnlyBeAccessedByLayers("start", "arrival", "result")
          .whereLayer("support")
          .mayOnlyBeAccessedByLayers(
              "start", "arrival", "queue", "execution", "block", "result", "connection");

  @ArchTest
  static final ArchRule everyClassLivesInARoom =
      classes()
          .should()
          .resideInAnyPackage(
              HOUSE,
              room("security"),
              room("intake"),
              room("connection"),
              room("queue"),
              room("execution"),
              room("block"),
              room("result"),
              room("feature"),
              room("observability"),
              room("config"),
              room("retry"),
              room("timeout"),
              room("contract"));

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
      only("io.nats.client..", "intake", "result", "connection");

  @ArchTest static final ArchRule togglzStaysInItsRoom = only("org.togglz..", "feature");

  @ArchTest
  static final ArchRule micrometerStaysInItsRoom = only("io.micrometer..", "observability");

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

  private static String room(String name) {
    return HOUSE + "." + name + "..";
  }

  private static ArchRule only(String library, String... rooms) {
    String[] packages = Stream.of(rooms).map(ArchitectureTest::room).toArray(String[]::new);
    return noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
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
