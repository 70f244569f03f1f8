#include "server/base/log.h"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::base {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Gathers lines; the sink is called under its own lock, so no other is needed.
class LogTest : public ::testing::Test {
 protected:
  LogTest() {
    SetLogSink([this](absl::string_view line) { lines_.emplace_back(line); });
  }
  ~LogTest() override {
    SetMinimumSeverity(Severity::kInfo);
    SetLogSink([](absl::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); });
  }

  std::vector<std::string> lines_;
};

TEST_F(LogTest, WritesOneObjectALine) {
  Log(Severity::kWarning, "target is slow", {{"target", "sipd"}, {"seconds", "30"}});
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0],
              HasSubstr(R"("severity":"WARNING","message":"target is slow","target":"sipd","seconds":"30"})"
                        "\n"));
  EXPECT_THAT(lines_[0], ::testing::StartsWith(R"({"time":"20)"));
}

TEST_F(LogTest, CannotBeMadeToForgeALine) {
  Log(Severity::kInfo, "a\nb", {{"name\"", "x\"}\n{\"severity\":\"ERROR"}});
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_EQ(std::count(lines_[0].begin(), lines_[0].end(), '\n'), 1);
  EXPECT_THAT(lines_[0], HasSubstr(R"("a\nb","name\"":"x\"}\n{\"severity\":\"ERROR")"));
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheMinimum) {
  Log(Severity::kDebug, "too fine");
  EXPECT_THAT(lines_, IsEmpty());
  SetMinimumSeverity(Severity::kDebug);
  Log(Severity::kDebug, "now wanted");
  EXPECT_THAT(lines_, SizeIs(1));
  SetMinimumSeverity(Severity::kError);
  Log(Severity::kWarning, "not severe enough");
  EXPECT_THAT(lines_, SizeIs(1));
}

TEST_F(LogTest, KeepsLinesOfSeveralThreadsWhole) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int j = 0; j < 100; ++j) Log(Severity::kInfo, "line", {{"text", std::string(100, 'x')}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_THAT(lines_, SizeIs(400));
  for (const std::string& line : lines_) EXPECT_TRUE(absl::EndsWith(line, "x\"}\n"));
}

TEST(ParseSeverity, KnowsFourWordsInAnyCase) {
  Severity severity = Severity::kInfo;
  EXPECT_TRUE(ParseSeverity("debug", &severity));
  EXPECT_EQ(severity, Severity::kDebug);
  EXPECT_TRUE(ParseSeverity("Warning", &severity));
  EXPECT_EQ(severity, Severity::kWarning);
  EXPECT_TRUE(ParseSeverity("ERROR", &severity));
  EXPECT_EQ(severity, Severity::kError);
  EXPECT_FALSE(ParseSeverity("loud", &severity));
  EXPECT_EQ(severity, Severity::kError);
}

struct EscapeCase {
  const char* name;
  std::string text;
  std::string escaped;
  friend void PrintTo(const EscapeCase& c, std::ostream* out) { *out << c.name; }
};

class JsonEscapeTest : public ::testing::TestWithParam<EscapeCase> {};

TEST_P(JsonEscapeTest, GivesTheInsideOfAJsonString) {
  EXPECT_EQ(JsonEscape(GetParam().text), GetParam().escaped);
}

const char kReplacement[] = "\xEF\xBF\xBD";

INSTANTIATE_TEST_SUITE_P(
    Texts, JsonEscapeTest,
    ::testing::Values(EscapeCase{"Empty", "", ""}, EscapeCase{"Plain", "Data 2024", "Data 2024"},
                      EscapeCase{"Quote", "a\"b", "a\\\"b"}, EscapeCase{"Backslash", "a\\b", "a\\\\b"},
                      EscapeCase{"Newline", "a\nb", "a\\nb"}, EscapeCase{"Tab", "a\tb", "a\\tb"},
                      EscapeCase{"CarriageReturn", "a\rb", "a\\u000db"},
                      EscapeCase{"Zero", std::string("a\0b", 3), "a\\u0000b"},
                      EscapeCase{"Escape", "\x1B[31m", "\\u001b[31m"}, EscapeCase{"TwoBytes", "é", "é"},
                      EscapeCase{"ThreeBytes", "−", "−"}, EscapeCase{"FourBytes", "😀", "😀"},
                      EscapeCase{"Latin1", "caf\xE9", absl::StrCat("caf", kReplacement)},
                      EscapeCase{"CutOff", "\xE2\x88", absl::StrCat(kReplacement, kReplacement)},
                      EscapeCase{"Overlong", "\xC0\xAF", absl::StrCat(kReplacement, kReplacement)},
                      EscapeCase{"Surrogate", "\xED\xA0\x80",
                                 absl::StrCat(kReplacement, kReplacement, kReplacement)},
                      EscapeCase{"BeyondUnicode", "\xF4\x90\x80\x80",
                                 absl::StrCat(kReplacement, kReplacement, kReplacement, kReplacement)}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace satudata::base
