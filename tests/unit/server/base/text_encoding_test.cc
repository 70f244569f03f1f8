#include "server/base/text_encoding.h"

#include <string>

#include "gtest/gtest.h"

namespace satudata::base {
namespace {

TEST(IsUtf8, HoldsForWellFormedText) {
  for (absl::string_view text : {"", "abc", "é", "−", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  EXPECT_TRUE(IsUtf8(absl::string_view("a\0b", 3)));
}

TEST(IsUtf8, DoesNotHoldForAnythingElse) {
  for (absl::string_view text : {"\x80", "\xE9", "caf\xE9!", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF",
                                 "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                 "\xE2\x88", "\xC3", "\xF0\x9F\x98", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(text));
  }
}

TEST(ToUtf8, LeavesUtf8Alone) {
  EXPECT_EQ(ToUtf8("Désa 1−2"), "Désa 1−2");
  EXPECT_EQ(ToUtf8(""), "");
}

TEST(ToUtf8, ReadsAnythingElseAsWindows1252) {
  EXPECT_EQ(ToUtf8("D\xE9sa"), "Désa");
  EXPECT_EQ(ToUtf8("\x80 \x93quoted\x94 \x96 \x85"), "€ “quoted” – …");
  EXPECT_EQ(ToUtf8("1\xA0"
                   "234"),
            "1\xC2\xA0"
            "234");
  EXPECT_EQ(ToUtf8("\xFF"), "ÿ");
}

TEST(ToUtf8, ReplacesTheBytesThatWindows1252DoesNotUse) {
  EXPECT_EQ(ToUtf8("\x81\x8D\x8F\x90\x9D"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(IsUtf8, LooksBehindLongRunsOfAscii) {
  for (int length = 0; length < 40; ++length) {
    const std::string ascii(length, 'a');
    EXPECT_TRUE(IsUtf8(ascii + "é" + ascii)) << length;
    EXPECT_FALSE(IsUtf8(ascii + "\xE9")) << length;
    EXPECT_FALSE(IsUtf8("\xE9" + ascii)) << length;
  }
}

TEST(AppendUtf8, WritesEveryLength) {
  std::string text;
  for (const uint32_t code : {0x41U, 0xE9U, 0x2212U, 0x1F600U}) AppendUtf8(code, text);
  EXPECT_EQ(text, "Aé−😀");
}

TEST(AppendUtf8, ReplacesWhatIsNoCharacter) {
  std::string text;
  for (const uint32_t code : {0xD800U, 0xDFFFU, 0x110000U}) AppendUtf8(code, text);
  EXPECT_EQ(text, "\uFFFD\uFFFD\uFFFD");
}

TEST(ToUtf8, AlwaysGivesUtf8) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_TRUE(IsUtf8(ToUtf8(std::string(1, static_cast<char>(byte))))) << byte;
  }
}

}  // namespace
}  // namespace satudata::base
