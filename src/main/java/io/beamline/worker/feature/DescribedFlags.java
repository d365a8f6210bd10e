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

/** The flags, each with where its state comes from: the console and scripts show it. */
final class DescribedFlags implements FeatureProvider {

  static final String ORIGIN = "State from";

  private final FeatureProvider flags =
      new EnumBasedFeatureProvider().addFeatureEnum(WorkerFeature.class);
  private final Function<WorkerFeature, String> origin;

  /** Flags whose origin is asked for each time. */
  DescribedFlags(Function<WorkerFeature, String> origin) {
    this.origin = origin;
  }

  @Override
  public Set<Feature> getFeatures() {
    return flags.getFeatures();
  }

  @Override
  public FeatureMetaData getMetaData(Feature feature) {
    String from = origin.apply(WorkerFeature.valueOf(feature.name()));
    return new Described(flags.getMetaData(feature), from);
  }

  private record Described(FeatureMetaData flag, String from) implements FeatureMetaData {

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
