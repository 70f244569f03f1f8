#include "server/web/origin.h"

#include <string>

#include "gtest/gtest.h"

namespace satudata::web {
namespace {

bool SameOrigin(httplib::Headers headers) {
  httplib::Request request;
  request.headers = std::move(headers);
  return IsSameOrigin(request);
}

TEST(Origin, OurOwnPageAndProgramsMayCall) {
  EXPECT_TRUE(SameOrigin({{"Host", "data.example:8080"}, {"Origin", "http://data.example:8080"}}));
  EXPECT_TRUE(SameOrigin({{"Host", "data.example"}, {"Origin", "https://DATA.example"}}));
  EXPECT_TRUE(SameOrigin({{"Host", "data.example:443"}, {"Origin", "https://data.example"}}));
  EXPECT_TRUE(SameOrigin({{"Host", "[::1]:8080"}, {"Origin", "http://[::1]:8080"}}));
  EXPECT_TRUE(SameOrigin(
      {{"Host", "data.example"}, {"Origin", "https://data.example"}, {"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_TRUE(SameOrigin({{"Host", "data.example"}}));
}

TEST(Origin, OthersMayNot) {
  for (const char* origin : {"https://evil.example", "https://data.example.evil", "https://data.example:444",
                             "http://data.example:443", "null", "", "data.example", "file://data.example",
                             "https://data.example/", "https://evil@data.example"}) {
    EXPECT_FALSE(SameOrigin({{"Host", "data.example"}, {"Origin", origin}})) << origin;
  }
  EXPECT_FALSE(SameOrigin({{"Host", "data.example"}, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(SameOrigin({{"Origin", "https://data.example"}}));
  EXPECT_FALSE(
      SameOrigin({{"Host", "data.example"}, {"Origin", std::string("https://data.example\0.evil", 26)}}));
  EXPECT_FALSE(
      SameOrigin({{"Host", "data.example"}, {"Host", "evil.example"}, {"Origin", "https://evil.example"}}));
  EXPECT_FALSE(SameOrigin(
      {{"Host", "data.example"}, {"X-Forwarded-Host", "evil.example"}, {"Origin", "https://evil.example"}}));
}

}  // namespace
}  // namespace satudata::web
