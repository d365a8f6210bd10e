package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.block.StepFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownOriginsTest {

  private final KnownOrigins origins = new KnownOrigins();

  @Test
  void findsAnOriginWhateverFollowsIt() {
    UrlOrigin origin = new UrlOrigin(16, "http://a.b:8080", "a.b", 8080);
    origins.remember("http://A.b.:8080", origin);

    assertThat(origins.find("http://A.b.:8080")).isEqualTo(origin);
    assertThat(origins.find("http://A.b.:8080/x?y#z")).isEqualTo(origin);
    assertThat(origins.find("http://A.b.:8080?y")).isEqualTo(origin);
    assertThat(origins.find("http://A.b.:8080#z")).isEqualTo(origin);
  }

  @Test
  void takesNoOtherTextForIt() {
    origins.remember("http://a", new UrlOrigin(8, "http://a:80", "a", 80));

    assertThat(origins.find("https://a/")).isNull();
    assertThat(origins.find("http://a@b/")).isNull();
    assertThat(origins.find("http://a:81/")).isNull();
    assertThat(origins.find("x/http://a/")).isNull();
    assertThat(origins.find("http:/a")).isNull();
    assertThat(origins.find("")).isNull();
  }

  @Test
  void keepsNoMoreThanItsShare() {
    for (int i = 0; i < 10 * KnownOrigins.MOST; i++) {
      origins.remember("http://h" + i, new UrlOrigin(8, "http://h:80", "h", 80));
      assertThat(origins.count()).isLessThanOrEqualTo(KnownOrigins.MOST);
    }
    String longest = "http://" + "h".repeat(400);
    origins.remember(longest, new UrlOrigin(407, longest, "h", 80));
    assertThat(origins.find(longest)).isNull();
  }

  /** The first parse checks, the second one finds what the first one found. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://Example.com/a%20b?c=d",
        "HTTPS://example.com:444",
        "http://[::1%25eth0]:81/x",
        "http://m\u00fcller.de/\u00fc",
        "http://example.com?x=://y/z",
        "http://example.com./#f"
      })
  void changeNothingOfAUrl(String url) throws StepFailure {
    TargetUrl first = TargetUrl.parse(url);
    assertThat(TargetUrl.parse(url)).isEqualTo(first);
    assertThat(TargetUrl.parse(url + "1").host()).isEqualTo(first.host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u@example.org/",
        "http://0x7f.1/",
        "http://example.org:0/",
        "http://example.org:70000/",
        "http\u017f://example.org/",
        "http://example.org/\ud800",
        "http://example.org/a b",
        "ftp://example.org/"
      })
  void areNotKeptOfAUrlThatIsRefused(String url) {
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> TargetUrl.parse(url)).isInstanceOf(StepFailure.class);
    }
  }
}
