package io.beamline.worker.block.sql;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.DatasourceSettings;
import io.beamline.worker.config.SqlBlockProperties;
import io.beamline.worker.observability.health.HealthDetail;
import io.beamline.worker.observability.health.StartCheck;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Wires the SQL block, if a database is configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(DatasourcesConfigured.class)
class SqlBlockConfiguration {

  @Bean(destroyMethod = "close")
  SqlDatabases sqlDatabases(SqlBlockProperties settings, LogThrottle throttle) {
    return new SqlDatabases(DatasourceSettings.of(settings), TimeSource.system(), throttle);
  }

  @Bean
  SqlQueryBlock sqlQueryBlock(SqlDatabases databases, ResultLimit resultLimit, ClientSpans spans) {
    return new SqlQueryBlock(databases, resultLimit, spans, TimeSource.system());
  }

  @Bean
  HealthDetail sqlDetail(SqlDatabases databases) {
    return new SqlDetail(databases);
  }

  @Bean
  @Order(2)
  StartCheck sqlCheck(SqlDatabases databases) {
    return new SqlCheck(databases);
  }

  /** Runs after all beans exist: the metrics depend on the blocks. */
  @Bean
  SmartInitializingSingleton sqlMeters(SqlDatabases databases, WorkerMetrics metrics) {
    return () ->
        databases
            .all()
            .forEach(
                database ->
                    metrics.watchDatasource(
                        database.name(),
                        database::active,
                        database::idle,
                        database::waiting,
                        database::stuckThreads));
  }
}
