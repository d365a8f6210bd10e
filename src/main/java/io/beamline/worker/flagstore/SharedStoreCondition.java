package io.beamline.worker.flagstore;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.FeatureProperties.Store;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if {@code worker.features.store} is {@code nats-kv}, in any spelling Spring accepts. */
final class SharedStoreCondition implements Condition {

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    try {
      return Binder.get(context.getEnvironment())
              .bind(FeatureProperties.STORE, Store.class)
              .orElse(Store.MEMORY)
          == Store.NATS_KV;
    } catch (BindException e) {
      return false; // another part of the start refuses the setting with a better message
    }
  }
}
