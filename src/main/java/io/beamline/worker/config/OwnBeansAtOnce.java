package io.beamline.worker.config;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.MethodMetadata;

/**
 * Has the beans of the worker and its plug-ins made at the start, so that whatever is wrong with
 * them stops it, and all settings bound. What Spring and Togglz bring is made when it is needed:
 * half of it never is. Stateless.
 */
final class OwnBeansAtOnce implements LazyInitializationExcludeFilter {

  @Override
  public boolean isExcluded(String name, BeanDefinition definition, Class<?> type) {
    String origin = originOf(definition);
    return origin == null
        || !(origin.startsWith("org.springframework.") || origin.startsWith("org.togglz."))
        || AnnotatedElementUtils.hasAnnotation(type, ConfigurationProperties.class);
  }

  /** Returns the class that declares a bean, or the bean's own. */
  private static @Nullable String originOf(BeanDefinition definition) {
    MethodMetadata method =
        definition instanceof AnnotatedBeanDefinition annotated
            ? annotated.getFactoryMethodMetadata()
            : null;
    return method == null ? definition.getBeanClassName() : method.getDeclaringClassName();
  }
}
