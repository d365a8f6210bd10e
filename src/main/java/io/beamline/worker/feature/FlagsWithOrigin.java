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
 * Provides the flags to Togglz and adds to each attributes such as its name and where its state
 * comes from. The console and the management port show them. Thread-safe: it has no mutable state.
 */
final class FlagsWithOrigin implements FeatureProvider {

  private final FeatureProvider flags =
      new EnumBasedFeatureProvider().addFeatureEnum(WorkerFeature.class);
  private final Function<WorkerFeature, Map<String, String>> details;

  /**
   * Creates a provider.
   *
   * @param details returns the attributes of a flag as it is now, without markup; called at each
   *     read
   */
  FlagsWithOrigin(Function<WorkerFeature, Map<String, String>> details) {
    this.details = details;
  }

  @Override
  public Set<Feature> getFeatures() {
    return flags.getFeatures();
  }

  @Override
  public FeatureMetaData getMetaData(Feature feature) {
    return new FlagMetaData(
        flags.getMetaData(feature), details.apply(WorkerFeature.valueOf(feature.name())));
  }

  private record FlagMetaData(FeatureMetaData flag, Map<String, String> details)
      implements FeatureMetaData {

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
      attributes.putAll(details);
      return attributes;
    }
  }
}
