package io.beamline.worker.execution;

import io.beamline.worker.observability.tracing.AttemptTrace;
import java.util.Objects;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.support.DefaultRetryState;
import org.springframework.retry.support.RetryTemplate;

/**
 * Selects the retry policy of a step by its flags. It uses the stateful retry of spring-retry: each
 * call runs one attempt and throws its failure, and the context is kept for the next call. So a
 * step that waits holds neither a slot nor a thread. It is the only advice of {@link StepRunner}.
 */
final class StepRetryInterceptor implements MethodInterceptor {

  private final RetryTemplate cp1;
  private final RetryTemplate advanced;

  StepRetryInterceptor(RetryTemplate cp1, RetryTemplate advanced) {
    this.cp1 = cp1;
    this.advanced = advanced;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    @Nullable Object[] arguments = invocation.getArguments();
    Step step = (Step) Objects.requireNonNull(arguments[0]);
    AttemptTrace trace = (AttemptTrace) Objects.requireNonNull(arguments[1]);
    StepRunner runner = (StepRunner) Objects.requireNonNull(invocation.getThis());
    RetryTemplate policy = step.flags().advancedRetry() ? advanced : cp1;
    // Not invocation.proceed(): it would call the same method by reflection.
    return policy.execute(context -> runner.execute(step, trace), new DefaultRetryState(step));
  }
}
