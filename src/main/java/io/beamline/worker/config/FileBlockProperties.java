package io.beamline.worker.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of the file blocks (contract section 4).
 *
 * @param roots the folders whose files may be touched, at least one and none empty, which would
 *     mean the working directory; a relative path lies in the first. Texts, because Spring would
 *     look for a path among its resources first
 * @param threads threads for file operations, 1 to 1 024
 * @param maxSize the largest file, 1 B to 1 GB
 */
@ConfigurationProperties("worker.blocks.fs")
public record FileBlockProperties(
    @DefaultValue({"./data", "/tmp/beamline", "/var/lib/beamline/data"}) @NotEmpty
        List<@NotBlank String> roots,
    @DefaultValue("32") @Min(1) @Max(1_024) int threads,
    @DefaultValue("64MB") @SizeRange(min = "1B", max = "1GB") DataSize maxSize) {}
