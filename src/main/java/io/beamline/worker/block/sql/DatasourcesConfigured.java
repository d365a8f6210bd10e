package io.beamline.worker.block.sql;

import io.beamline.worker.config.SqlBlockProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether a database is configured: without one there is no SQL block at all. */
final class DatasourcesConfigured implements Condition {

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    return Binder.get(context.getEnvironment())
        .bind(SqlBlockProperties.DATASOURCES, Bindable.mapOf(String.class, String.class))
        .map(settings -> !settings.isEmpty())
        .orElse(false);
  }
}
