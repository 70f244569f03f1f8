#include "server/targets/answer_text.h"

#include "gtest/gtest.h"

namespace satudata::targets {
namespace {

TEST(LooksLikeHtmlTest, GoesByTheFirstBytes) {
  EXPECT_TRUE(LooksLikeHtml("<!DOCTYPE html><p>"));
  EXPECT_TRUE(LooksLikeHtml("\xEF\xBB\xBF\r\n  <HTML lang='id'>"));
  EXPECT_TRUE(LooksLikeHtml("<!-- blocked --><html>"));
  EXPECT_FALSE(LooksLikeHtml(""));
  EXPECT_FALSE(LooksLikeHtml("{\"a\":\"<html>\"}"));
  EXPECT_FALSE(LooksLikeHtml("<fault><code>1</code></fault>"));
}

TEST(ParseJsonTest, TakesOneWholeTextOnly) {
  EXPECT_TRUE(ParseJson("{\"a\":1}").is_object());
  EXPECT_TRUE(ParseJson(" [] ").is_array());
  for (const char* text : {"", "{", "{}{}", "{\"a\":}", "nul", "\xff"}) {
    EXPECT_TRUE(ParseJson(text).is_discarded()) << text;
  }
}

TEST(ParseJsonTest, TakesNothingThatIsDeeperThanAStackIsHigh) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(ParseJson(nested(100)).is_array());
  EXPECT_TRUE(ParseJson(nested(101)).is_discarded());
  EXPECT_TRUE(ParseJson(nested(500'000)).is_discarded());
  EXPECT_EQ(ParseJson("[\"" + std::string(200, '[') + "\\\"[\"]").size(), 1U);
}

TEST(TextMemberTest, ReadsScalarsAsText) {
  const auto object = ParseJson(R"({"s":"a","i":900901,"b":true,"n":null,"o":{},"l":[]})");
  EXPECT_EQ(TextMember(object, "s"), "a");
  EXPECT_EQ(TextMember(object, "i"), "900901");
  EXPECT_EQ(TextMember(object, "b"), "true");
  for (const char* name : {"n", "o", "l", "missing"}) EXPECT_EQ(TextMember(object, name), "") << name;
  EXPECT_EQ(TextMember(ParseJson("[1]"), "s"), "");
  EXPECT_EQ(TextMember(ParseJson("{"), "s"), "");
}

TEST(XmlElementTest, FindsByLocalName) {
  const char* xml =
      "<?xml version='1.0'?><a:fault xmlns:a='u'><a:codes>no</a:codes><a:code x='1'> 7 "
      "</a:code><b/></a:fault>";
  EXPECT_EQ(XmlElement(xml, "code"), "7");
  EXPECT_EQ(XmlElement(xml, "b"), "");
  EXPECT_EQ(XmlElement(xml, "message"), "");
  EXPECT_EQ(XmlElement("<code>7", "code"), "");
  EXPECT_EQ(XmlElement("<code", "code"), "");
  EXPECT_EQ(XmlElement("<code/>", "code"), "");
}

TEST(ExcerptTest, CutsBetweenCharacters) {
  EXPECT_EQ(Excerpt("abc", 10), "abc");
  EXPECT_EQ(Excerpt("abc", 2), "ab");
  EXPECT_EQ(Excerpt("a\xC3\xA9z", 2), "a");
  EXPECT_EQ(Excerpt("a\xC3\xA9z", 3), "a\xC3\xA9");
  EXPECT_EQ(Excerpt("", 0), "");
}

TEST(ExcerptTest, ReplacesWhatIsNotUtf8) {
  constexpr char kReplaced[] = "\xEF\xBF\xBD";
  EXPECT_EQ(Excerpt("\xFF", 10), kReplaced);
  EXPECT_EQ(Excerpt("a\xC3", 10), std::string("a") + kReplaced);
  EXPECT_EQ(Excerpt("\xC0\x80", 10), std::string(kReplaced) + kReplaced);  // Overlong.
  EXPECT_EQ(Excerpt("\xED\xA0\x80", 3), kReplaced);                        // A surrogate, cut.
  EXPECT_EQ(Excerpt("\xF4\x90\x80\x80", 3), kReplaced);                    // Beyond U+10FFFF.
  EXPECT_EQ(Excerpt("\xF0\x9F\x98\x80", 4), "\xF0\x9F\x98\x80");
  EXPECT_EQ(Excerpt("\xE2\x82\xAC", 3), "\xE2\x82\xAC");
}

}  // namespace
}  // namespace satudata::targets
