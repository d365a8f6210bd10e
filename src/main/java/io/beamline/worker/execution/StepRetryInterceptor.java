package io.beamline.worker.execution;

import java.util.Objects;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.support.DefaultRetryState;
import org.springframework.retry.support.RetryTemplate;

/**
 * Chooses the retry policy of each assignment by the flags it runs under. The retry is
 * spring-retry's stateful one: each call runs one attempt, a failure comes out, and the context is
 * kept for the next call. So a step that waits holds neither a slot nor a thread.
 */
final class StepRetryInterceptor implements MethodInterceptor {

  private final RetryTemplate cp1;

  StepRetryInterceptor(RetryTemplate cp1) {
    this.cp1 = cp1;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Object step = Objects.requireNonNull(invocation.getArguments()[0]);
    return cp1.execute(context -> invocation.proceed(), new DefaultRetryState(step));
  }
}
