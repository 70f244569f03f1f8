#include "server/targets/token_end.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::targets {
namespace {

std::string TokenOf(absl::string_view claims) {
  return absl::StrCat("e30.", absl::WebSafeBase64Escape(claims), ".signature");
}

TEST(EndOfTokenTest, IsWhatATokenSaysOfItself) {
  EXPECT_EQ(EndOfToken(TokenOf(R"({"exp": 1700000000})")), absl::FromUnixSeconds(1700000000));
}

TEST(EndOfTokenTest, IsNotKnownOfAnythingElse) {
  for (const std::string& text : {std::string(), std::string("a key"), std::string("a.b.c"), TokenOf("{}"),
                                  TokenOf("[1]"), TokenOf(R"({"exp": "soon"})"), TokenOf(R"({"exp": -1})"),
                                  TokenOf(R"({"exp": 1e300})"), std::string(20'000, 'x')}) {
    EXPECT_EQ(EndOfToken(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace satudata::targets
