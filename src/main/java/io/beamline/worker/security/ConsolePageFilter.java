package io.beamline.worker.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.HtmlUtils;

/**
 * Adds to the pages of the console what Togglz does not show: which worker it is, a link to the
 * rollout report, and a logout. It also answers for the report and its own style sheet, so that
 * nothing is needed from another port. A page without the places to add to stays as it is. Runs
 * after the login was checked. Thread-safe: it has no mutable state.
 */
final class ConsolePageFilter extends OncePerRequestFilter {

  private static final String STYLE =
      """
      .worker-bar { margin-bottom: 20px; }
      .worker-bar form { display: inline; float: right; }
      table.feature-overview td.feature-label ul.attributes { display: block; overflow: visible; }
      """;

  private static final String LINK =
      "<link href=\"worker.css\" rel=\"stylesheet\" type=\"text/css\">";

  private static final String HEAD_END = "</head>";
  private static final String CONTENT = "<div class=\"row\">";

  private final String console;
  private final String workerId;
  private final Supplier<byte[]> report;

  /**
   * Creates the filter.
   *
   * @param console the path of the console
   * @param report returns the rollout report as JSON
   */
  ConsolePageFilter(String console, String workerId, Supplier<byte[]> report) {
    this.console = console;
    this.workerId = workerId;
    this.report = report;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain rest)
      throws ServletException, IOException {
    String path = request.getRequestURI();
    if (request.getMethod().equals("GET") && path.equals(console + "/rollout")) {
      write(response, MediaType.APPLICATION_JSON_VALUE, report.get());
    } else if (request.getMethod().equals("GET") && path.equals(console + "/worker.css")) {
      write(response, "text/css", STYLE.getBytes(StandardCharsets.UTF_8));
    } else if (path.equals(console + "/index") || path.equals(console + "/edit")) {
      page(request, response, rest);
    } else {
      rest.doFilter(request, response);
    }
  }

  private void page(HttpServletRequest request, HttpServletResponse response, FilterChain rest)
      throws ServletException, IOException {
    ContentCachingResponseWrapper cached = new ContentCachingResponseWrapper(response);
    rest.doFilter(request, cached);
    String html = new String(cached.getContentAsByteArray(), StandardCharsets.UTF_8);
    if (cached.getStatus() != HttpStatus.OK.value()
        || !html.contains(HEAD_END)
        || !html.contains(CONTENT)) {
      cached.copyBodyToResponse();
      return;
    }
    String page = before(before(html, HEAD_END, LINK), CONTENT, bar(request));
    write(response, "text/html;charset=UTF-8", page.getBytes(StandardCharsets.UTF_8));
  }

  private String bar(HttpServletRequest request) {
    return """
    <div class="worker-bar">%s
    Worker <code id="worker-id">%s</code> &middot; <a id="rollout" href="rollout">Rollout report</a></div>
    """
        .formatted(logout(request), HtmlUtils.htmlEscape(workerId));
  }

  /** Without a token the logout would be refused, so there is none. */
  private static String logout(HttpServletRequest request) {
    if (!(request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token)) {
      return "";
    }
    return """
    <form id="logout" method="POST" action="../logout"><input type="hidden" name="%s" value="%s"/>\
    <button type="submit" class="btn btn-sm btn-default">Log out</button></form>"""
        .formatted(
            HtmlUtils.htmlEscape(token.getParameterName()), HtmlUtils.htmlEscape(token.getToken()));
  }

  /** Returns the page with a part added before the first place that has the text. */
  private static String before(String page, String place, String part) {
    int at = page.indexOf(place);
    return page.substring(0, at) + part + page.substring(at);
  }

  private static void write(HttpServletResponse response, String type, byte[] body)
      throws IOException {
    response.setContentType(type);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
