#include "server/rpc/text.h"

#include <string>

#include "gtest/gtest.h"

namespace satudata::rpc {
namespace {

TEST(Text, LeavesUtf8Alone) {
  const std::string text = "Kabupaten \xE2\x80\x93 \xF0\x9F\x8C\xBE\n";
  EXPECT_EQ(Utf8(text), text);
}

TEST(Text, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(Utf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");           // Overlong.
  EXPECT_EQ(Utf8("\xE2\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");           // Cut off.
  EXPECT_EQ(Utf8("\xED\xA0\x80").substr(0, 3), "\xEF\xBF\xBD");      // A surrogate.
  EXPECT_EQ(Utf8("\xF4\x90\x80\x80").substr(0, 3), "\xEF\xBF\xBD");  // Beyond U+10FFFF.
}

TEST(Text, ShortensAtACharactersBorder) {
  EXPECT_EQ(Shortened("padi", 4), "padi");
  EXPECT_EQ(Shortened("paditua", 6), "pad\xE2\x80\xA6");
  EXPECT_EQ(Shortened("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 6), "\xC3\xA9\xE2\x80\xA6");
  EXPECT_LE(Shortened(std::string(1 << 20, '\xFF'), 128).size(), 128U);
}

TEST(Text, TellsPlainText) {
  EXPECT_TRUE(IsPlainText(""));
  EXPECT_TRUE(IsPlainText("65f0-\xC3\xA9"));
  EXPECT_FALSE(IsPlainText("a\nb"));
  EXPECT_FALSE(IsPlainText(std::string("a\0b", 3)));
  EXPECT_FALSE(IsPlainText("\x7F"));
  EXPECT_FALSE(IsPlainText("\xFF"));
}

}  // namespace
}  // namespace satudata::rpc
