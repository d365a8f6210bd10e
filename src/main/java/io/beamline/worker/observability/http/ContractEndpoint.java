package io.beamline.worker.observability.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.contract.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.MimeType;
import org.springframework.util.function.SingletonSupplier;

/**
 * The interface of this worker as data: {@code GET /actuator/contract} (contract section 9). It is
 * read from the jar at the first request, and not at the start. Thread-safe: it is read once.
 */
@WebEndpoint(id = "contract")
public final class ContractEndpoint {

  private static final String PATH = "/actuator/contract/";
  private static final String ASYNC_API = "asyncapi.yaml";

  /** How the AsyncAPI document names the schemas in the sources; here they lie beside it. */
  private static final String SCHEMAS_IN_SOURCES = "../main/resources/contract/";

  private static final MimeType SCHEMA = MimeType.valueOf("application/schema+json");
  private static final MimeType YAML = MimeType.valueOf("application/yaml");

  private final SingletonSupplier<Map<String, byte[]>> documents =
      SingletonSupplier.of(ContractEndpoint::read);

  /** Returns the error codes, and where each document is. */
  @ReadOperation
  public Map<String, Object> index() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error_codes", Arrays.stream(ErrorCode.values()).map(ContractEndpoint::code).toList());
    body.put("documents", documents.obtain().keySet().stream().map(PATH::concat).toList());
    return body;
  }

  /**
   * Returns a document; 404 if there is none of this name.
   *
   * @param name such as {@code exec-result.schema.json}
   */
  @ReadOperation(produces = {"application/schema+json", "application/json", "application/yaml"})
  public WebEndpointResponse<Resource> document(@Selector String name) {
    byte[] document = documents.obtain().get(name);
    return document == null
        ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
        : new WebEndpointResponse<>(
            new ByteArrayResource(document),
            WebEndpointResponse.STATUS_OK,
            name.equals(ASYNC_API) ? YAML : SCHEMA);
  }

  private static Map<String, Object> code(ErrorCode code) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("code", code.number());
    entry.put("name", code.name());
    entry.put("error_type", code.type().wireName());
    entry.put("retryable", code.retryable());
    return entry;
  }

  private static Map<String, byte[]> read() {
    Map<String, byte[]> documents = new TreeMap<>();
    PathMatchingResourcePatternResolver resources = new PathMatchingResourcePatternResolver();
    try {
      for (Resource schema : resources.getResources("classpath:contract/**/*.schema.json")) {
        documents.put(String.valueOf(schema.getFilename()), schema.getContentAsByteArray());
      }
      String asyncApi =
          resources.getResource("classpath:contract/" + ASYNC_API).getContentAsString(UTF_8);
      documents.put(ASYNC_API, asyncApi.replace(SCHEMAS_IN_SOURCES, "").getBytes(UTF_8));
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
