package io.beamline.worker.feature;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.HtmlUtils;

/**
 * Answers a refused change in the console with a page that gives the reason. Without it Togglz
 * shows a broken page. Thread-safe: it has no state.
 */
final class ConsoleRefusalFilter extends OncePerRequestFilter {

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain rest)
      throws ServletException, IOException {
    try {
      rest.doFilter(request, response);
    } catch (FlagRefusedException e) {
      response.setStatus(e.status().value());
      response.setContentType(MediaType.TEXT_HTML_VALUE);
      response.setCharacterEncoding("UTF-8");
      response.getWriter().write(page(e.sentence()));
    }
  }

  private static String page(String sentence) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head><meta charset="UTF-8"><title>Nothing was changed</title>
    <link href="bootstrap.css" rel="stylesheet" type="text/css"></head>
    <body><div class="container"><h1>Nothing was changed</h1>
    <p class="alert alert-danger">%s</p>
    <p><a href="index">Back to the flags</a></p></div></body>
    </html>
    """
        .formatted(HtmlUtils.htmlEscape(sentence));
  }
}
