package io.beamline.worker.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Runs a test many times, each time with {@link RandomValues} of another seed as its only argument.
 * A failure names its seed; {@code -Dtest.seed=SEED} runs the test with that seed alone.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(RandomCases.Seeds.class)
@ExtendWith(RandomCases.SeedOfFailure.class)
public @interface RandomCases {

  /** How many cases run. */
  int value();

  /** Gives the seeds: other ones in each run, unless one is asked for. */
  final class Seeds implements ArgumentsProvider {

    @Override
    public Stream<Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      Long wanted = Long.getLong("test.seed");
      LongStream seeds =
          wanted != null
              ? LongStream.of(wanted)
              : ThreadLocalRandom.current()
                  .longs(context.getRequiredTestMethod().getAnnotation(RandomCases.class).value());
      return seeds.mapToObj(RandomValues::new).map(Arguments::of);
    }
  }

  /** Adds the seed to what a failed case reports. */
  final class SeedOfFailure implements TestExecutionExceptionHandler {

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) {
      throw new AssertionError(
          "Repeat with -Dtest.seed=%s: %s".formatted(context.getDisplayName(), failure), failure);
    }
  }
}
