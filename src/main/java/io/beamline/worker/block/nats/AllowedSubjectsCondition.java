package io.beamline.worker.block.nats;

import io.beamline.worker.config.NatsBlockProperties;
import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if the settings allow at least one subject. */
final class AllowedSubjectsCondition implements Condition {

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    try {
      return !Binder.get(context.getEnvironment())
          .bind(NatsBlockProperties.ALLOWED_SUBJECTS, Bindable.listOf(String.class))
          .orElse(List.of())
          .isEmpty();
    } catch (BindException e) {
      return false; // another part of the start refuses the setting with a better message
    }
  }
}
