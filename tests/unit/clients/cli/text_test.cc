#include "clients/cli/text.h"

#include <gtest/gtest.h>

namespace satudata::cli {
namespace {

TEST(PrintableTest, KeepsOrdinaryText) {
  EXPECT_EQ(Printable("Jumlah Penduduk – 2024 ✓"), "Jumlah Penduduk – 2024 ✓");
}

TEST(PrintableTest, ShowsEscapeSequencesInsteadOfObeyingThem) {
  EXPECT_EQ(Printable("a\x1b[2Jb\x07"), "a\\x1b[2Jb\\x07");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");  // The one-character form of ESC [.
}

TEST(PrintableTest, ShowsWhatChangesTheDirectionOfText) { EXPECT_EQ(Printable("a\u202eb"), "a\\u202eb"); }

TEST(PrintableTest, FlattensLineEnds) { EXPECT_EQ(Printable("a\r\nb\tc"), "a  b c"); }

TEST(PrintableTest, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(Printable("\xff"), "\\xff");
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf");           // Overlong.
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // Surrogate.
  EXPECT_EQ(Printable("ok\xe2\x82"), "ok\\xe2\\x82");       // Cut.
}

TEST(PrintableTest, LinesKeepLineEndsAndTabs) {
  EXPECT_EQ(PrintableLines("a\r\n\tb\x1b"), "a\\x0d\n\tb\\x1b");
}

TEST(IsUtf8Test, TellsThemApart) {
  EXPECT_TRUE(IsUtf8("Jembrana ✓ 😀"));
  EXPECT_FALSE(IsUtf8("\xf5\x80\x80\x80"));
}

TEST(DisplayWidthTest, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("é"), 1);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth(""), 0);
}

TEST(FitTest, CutsWithAnEllipsis) {
  EXPECT_EQ(Fit("penduduk", 8), "penduduk");
  EXPECT_EQ(Fit("penduduk", 5), "pend…");
  EXPECT_EQ(Fit("日本語", 4), "日…");
  EXPECT_EQ(Fit("abc", 0), "");
}

TEST(PadTest, FillsToColumns) {
  EXPECT_EQ(PadRight("é", 3), "é  ");
  EXPECT_EQ(PadLeft("12", 4), "  12");
  EXPECT_EQ(PadRight("abc", 2), "abc");
}

TEST(WrapTest, BreaksAtBlanks) {
  EXPECT_EQ(Wrap("one two three four five six", "  ", 22), "  one two three four\n  five six\n");
  EXPECT_EQ(Wrap("", "  ", 22), "");
}

TEST(FormatCountTest, GroupsAsTheReaderDoes) {
  EXPECT_EQ(FormatCount(1234567, Language::kIndonesian), "1.234.567");
  EXPECT_EQ(FormatCount(1234567, Language::kEnglish), "1,234,567");
  EXPECT_EQ(FormatCount(999, Language::kEnglish), "999");
  EXPECT_EQ(FormatCount(-1000, Language::kEnglish), "-1,000");
  EXPECT_EQ(FormatCount(-100, Language::kEnglish), "-100");
}

TEST(FormatElapsedTest, GrowsWithTheTime) {
  EXPECT_EQ(FormatElapsed(absl::Seconds(42)), "0:42");
  EXPECT_EQ(FormatElapsed(absl::Seconds(725)), "12:05");
  EXPECT_EQ(FormatElapsed(absl::Seconds(3 * 3600 + 7 * 60 + 9)), "3:07:09");
  EXPECT_EQ(FormatElapsed(absl::Seconds(-5)), "0:00");
}

TEST(LanguageTest, FollowsTheLocale) {
  const auto with = [](const std::string& name, const std::string& value) {
    return DetectLanguage([=](absl::string_view asked) {
      return asked == name ? std::optional<std::string>(value) : std::nullopt;
    });
  };
  EXPECT_EQ(with("LANG", "en_US.UTF-8"), Language::kEnglish);
  EXPECT_EQ(with("LC_ALL", "en"), Language::kEnglish);
  EXPECT_EQ(with("LANG", "id_ID.UTF-8"), Language::kIndonesian);
  EXPECT_EQ(with("LANG", "C"), Language::kIndonesian);
  EXPECT_EQ(with("OTHER", "en"), Language::kIndonesian);
}

}  // namespace
}  // namespace satudata::cli
