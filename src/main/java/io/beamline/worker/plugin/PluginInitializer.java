package io.beamline.worker.plugin;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Puts the jars of {@code worker.plugins.directory} behind the worker's class path, before any bean
 * is made. The worker's own classes keep their loader, and so their place in the class cache of the
 * image. Without plug-ins nothing changes.
 */
final class PluginInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    String directory = context.getEnvironment().getProperty(PluginFolder.SETTING, "");
    if (directory.isEmpty()) {
      return;
    }
    var jars = PluginFolder.jars(directory);
    if (!jars.isEmpty()) {
      ClassLoader worker = PluginInitializer.class.getClassLoader();
      install(new PluginLoader(jars, worker), context);
    }
  }

  private static void install(PluginLoader loader, ConfigurableApplicationContext context) {
    loader.checkConfigurations();
    context.setClassLoader(loader);
    // Threads that the worker starts later inherit it: libraries of plug-ins look for services
    // there.
    Thread.currentThread().setContextClassLoader(loader);
    if (loader.plugins().isEmpty()) {
      return;
    }
    PluginBlocks blocks = new PluginBlocks(loader);
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    beans.addBeanPostProcessor(blocks);
    beans.registerSingleton("pluginDetail", new PluginDetail(blocks));
    context.addApplicationListener(new PluginLines(blocks));
  }
}
