#include "server/http/url.h"

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace satudata::http {
namespace {

TEST(ParseUrlTest, TakesSchemeHostPortAndPathApart) {
  const auto url = ParseUrl(" https://SIPD.go.id:8443/ewalidata/serv/ ");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_TRUE(url->is_tls);
  EXPECT_EQ(url->host, "sipd.go.id");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/ewalidata/serv");
  EXPECT_EQ(url->Origin(), "https://sipd.go.id:8443");
}

TEST(ParseUrlTest, KnowsTheUsualPorts) {
  EXPECT_EQ(ParseUrl("http://localhost")->port, 80);
  EXPECT_EQ(ParseUrl("https://localhost")->port, 443);
  EXPECT_EQ(ParseUrl("https://localhost:443/")->Origin(), "https://localhost");
  EXPECT_EQ(ParseUrl("https://localhost")->path, "");
}

TEST(ParseUrlTest, ReadsBracketedAddresses) {
  const auto url = ParseUrl("http://[::1]:8080/a");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->Origin(), "http://[::1]:8080");
}

TEST(ParseUrlTest, RefusesWhatIsNoAddressOfAService) {
  for (const char* text :
       {"", "sipd.go.id", "ftp://sipd.go.id", "https://", "https:///x", "https://h:0",
        "https://h:", "https://h:65536", "https://h:8x", "https://h/p?q=1", "https://h/#f", "https://h/a b",
        "https://h h/", "https://[::1", "https://[::1]x", "https://h\r\nX: y/"}) {
    EXPECT_FALSE(ParseUrl(text).ok()) << text;
  }
}

TEST(ParseUrlTest, RefusesCredentialsWithoutRepeatingThem) {
  const auto url = ParseUrl("https://user:hunter2@sipd.go.id/");
  ASSERT_FALSE(url.ok());
  EXPECT_FALSE(absl::StrContains(url.status().message(), "hunter2"));
}

TEST(UrlTest, LoopbackIsThisMachineOnly) {
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "[::1]"}) {
    EXPECT_TRUE(ParseUrl(std::string("http://") + host)->IsLoopback()) << host;
  }
  for (const char* host : {"127.example.org", "localhost.example.org", "10.0.0.1", "[::2]", "0.0.0.0"}) {
    EXPECT_FALSE(ParseUrl(std::string("http://") + host)->IsLoopback()) << host;
  }
}

TEST(PercentEncodeTest, LeavesNothingThatCouldEndASegment) {
  EXPECT_EQ(PercentEncode("65f0-a.b_c~"), "65f0-a.b_c~");
  EXPECT_EQ(PercentEncode("a/b?c#d e%"), "a%2Fb%3Fc%23d%20e%25");
  EXPECT_EQ(PercentEncode("\xC3\xA9\r\n"), "%C3%A9%0D%0A");
}

}  // namespace
}  // namespace satudata::http
