package io.beamline.worker.flagstore;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.FeatureProperties.Store;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the settings ask for a store that the fleet shares, in whatever spelling. */
final class SharedStoreWanted implements Condition {

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    try {
      return Binder.get(context.getEnvironment())
              .bind(FeatureProperties.STORE, Store.class)
              .orElse(Store.MEMORY)
          == Store.NATS_KV;
    } catch (BindException e) {
      return false; // the start stops with a better message
    }
  }
}
