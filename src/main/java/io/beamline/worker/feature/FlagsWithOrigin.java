package io.beamline.worker.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.togglz.core.Feature;
import org.togglz.core.manager.EnumBasedFeatureProvider;
import org.togglz.core.metadata.FeatureGroup;
import org.togglz.core.metadata.FeatureMetaData;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.FeatureProvider;

/**
 * Provides the flags to Togglz and adds to each an attribute that names where its state comes from.
 * The console and the management port show it. Thread-safe: it has no mutable state.
 */
final class FlagsWithOrigin implements FeatureProvider {

  static final String ORIGIN = "State from";

  private final FeatureProvider flags =
      new EnumBasedFeatureProvider().addFeatureEnum(WorkerFeature.class);
  private final Function<WorkerFeature, String> origin;

  /**
   * Creates a provider.
   *
   * @param origin returns where a flag's state comes from now; called at each read
   */
  FlagsWithOrigin(Function<WorkerFeature, String> origin) {
    this.origin = origin;
  }

  @Override
  public Set<Feature> getFeatures() {
    return flags.getFeatures();
  }

  @Override
  public FeatureMetaData getMetaData(Feature feature) {
    String from = origin.apply(WorkerFeature.valueOf(feature.name()));
    return new FlagMetaData(flags.getMetaData(feature), from);
  }

  private record FlagMetaData(FeatureMetaData flag, String from) implements FeatureMetaData {

    @Override
    public String getLabel() {
      return flag.getLabel();
    }

    @Override
    public FeatureState getDefaultFeatureState() {
      return flag.getDefaultFeatureState();
    }

    @Override
    public Set<FeatureGroup> getGroups() {
      return flag.getGroups();
    }

    @Override
    public Map<String, String> getAttributes() {
      Map<String, String> attributes = new LinkedHashMap<>(flag.getAttributes());
      attributes.put(ORIGIN, from);
      return attributes;
    }
  }
}
