#include "server/base/trace.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/log.h"

namespace satudata::base {
namespace {

constexpr char kTrace[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr char kTraceId[] = "0af7651916cd43dd8448eb211c80319c";

TEST(IsTraceparentTest, TakesTheExactFormOnly) {
  EXPECT_TRUE(IsTraceparent(kTrace));
  for (const char* text : {"", "00", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\n",
                           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"}) {
    EXPECT_FALSE(IsTraceparent(text)) << text;
  }
}

TEST(NewTraceparentTest, BeginsATraceEachTime) {
  EXPECT_TRUE(IsTraceparent(NewTraceparent()));
  EXPECT_NE(TraceIdOf(NewTraceparent()), TraceIdOf(NewTraceparent()));
}

TEST(TraceScopeTest, NestsAndEnds) {
  EXPECT_EQ(CurrentTraceparent(), "");
  {
    const TraceScope outer(kTrace);
    EXPECT_EQ(CurrentTraceparent(), kTrace);
    {
      const TraceScope nobody("no trace");
      EXPECT_EQ(CurrentTraceparent(), "");
    }
    EXPECT_EQ(TraceIdOf(CurrentTraceparent()), kTraceId);
  }
  EXPECT_EQ(CurrentTraceparent(), "");
}

TEST(TraceScopeTest, LinesOfTheLogNameIt) {
  std::string line;
  SetLogSink([&line](absl::string_view text) { line = std::string(text); });
  const TraceScope scope(kTrace);
  Log(Severity::kError, "x");
  SetLogSink([](absl::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); });
  EXPECT_THAT(line, testing::HasSubstr("\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\""));
}

TEST(JsonEscapeTest, LetsNoControlCharacterThrough) {
  EXPECT_EQ(JsonEscape("a\x1b[31m\x7f\xC2\x9B\xC2\xA9"), "a\\u001b[31m\\u007f\\u009b\xC2\xA9");
}

}  // namespace
}  // namespace satudata::base
