#include "server/targets/json_texts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::targets {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

constexpr auto kNothing = std::nullopt;

std::optional<std::string> TextAt(absl::string_view json, absl::string_view pointer) {
  return TextsAt(json, {pointer}).front();
}

TEST(JsonTextsTest, FindsTextsAtTheirPlaces) {
  EXPECT_THAT(TextsAt(R"({"status":"success","data":{"dataset_id":"a","x":[1,{"y":2.5}]},"z":null})",
                      {"/data/dataset_id", "/status", "/data/other"}),
              ElementsAre(Optional(Eq("a")), Optional(Eq("success")), Eq(kNothing)));
  EXPECT_EQ(TextAt(R"("whole")", ""), "whole");
  EXPECT_EQ(TextAt(R"({"a":"tab\tand A"})", "/a"), "tab\tand A");
  EXPECT_EQ(TextAt(R"({"a":""})", "/a"), "");
}

TEST(JsonTextsTest, WhatIsNoTextIsNotFound) {
  for (const char* json : {R"({"a":1})", R"({"a":true})", R"({"a":null})", R"({"a":{"a":"x"}})",
                           R"({"a":["x"]})", R"(["x"])", R"([{"a":"x"}])", R"({"b":"x"})", "{}", "1"}) {
    EXPECT_EQ(TextAt(json, "/a"), kNothing) << json;
  }
  EXPECT_EQ(TextAt(R"({"a":["x"]})", "/a/0"), kNothing);
  EXPECT_EQ(TextAt(R"({"a":"x"})", "/a/b"), kNothing);
  EXPECT_EQ(TextAt(R"({"a":[{"b":"x"}]})", "/a/b"), kNothing);
}

TEST(JsonTextsTest, TheLastOfSeveralCounts) {
  EXPECT_EQ(TextAt(R"({"a":"x","a":"y"})", "/a"), "y");
  EXPECT_EQ(TextAt(R"({"a":"x","a":1})", "/a"), kNothing);
  EXPECT_EQ(TextAt(R"({"a":{"b":"x"},"a":{}})", "/a/b"), kNothing);
  EXPECT_EQ(TextAt(R"({"a":{"b":"x"},"a":[{"b":"y"}]})", "/a/b"), kNothing);
  EXPECT_EQ(TextAt(R"({"a":{"b":"x"},"c":{"b":"y"}})", "/a/b"), "x");
}

TEST(JsonTextsTest, HalfADocumentHoldsNothing) {
  const std::string json = R"({"a":"x","b":{"c":[1,2,"y"]}})";
  EXPECT_EQ(TextAt(json, "/a"), "x");
  for (size_t length = 0; length < json.size(); ++length) {
    EXPECT_EQ(TextAt(json.substr(0, length), "/a"), kNothing) << length;
  }
  EXPECT_EQ(TextAt(json + "}", "/a"), kNothing);
  EXPECT_EQ(TextAt(json + json, "/a"), kNothing);
  EXPECT_EQ(TextAt("{\"a\":\"\xFF\"}", "/a"), kNothing);
  EXPECT_EQ(TextAt(R"({"a":"x","b":1e999})", "/a"), kNothing);
}

TEST(JsonTextsTest, DepthIsNoDanger) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(TextAt("{\"b\":" + deep + ",\"a\":\"x\"}", "/a"), "x");
}

}  // namespace
}  // namespace satudata::targets
