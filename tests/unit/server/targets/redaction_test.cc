#include "server/targets/redaction.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::targets {
namespace {

std::string Clean(const std::vector<std::string>& secrets, std::string text) {
  Redactor redactor;
  for (const std::string& secret : secrets) redactor.Add(secret);
  redactor.Clean(text);
  return text;
}

TEST(RedactorTest, RemovesEverySpelling) {
  const std::string secret = "a/b+c=&\"d'<";
  for (const char* echo : {
           "a/b+c=&\"d'<",
           R"(a/b+c=&\"d'<)",              // JSON.
           R"(a\/b+c=&\"d'<)",             // JSON of PHP.
           "a/b+c=&amp;&quot;d&#39;&lt;",  // HTML.
           "a%2Fb%2Bc%3D%26%22d%27%3C",    // A URL.
           "a%2fb%2bc%3d%26%22d%27%3c",    // A URL, in lower case.
       }) {
    EXPECT_EQ(Clean({secret}, absl::StrCat("<", echo, ">")), "<[redacted]>") << echo;
  }
}

TEST(RedactorTest, SeesThroughQuotedQuotationsAndMixedSpellings) {
  for (const char* echo : {R"(k\/e\"y&)", R"(k/e"y\u0026)", "k%2fe%22y&amp;", "k&#x2F;e&quot;y%26"}) {
    EXPECT_EQ(Clean({"k/e\"y&"}, absl::StrCat(echo, "&", echo, "\\")), "[redacted]&[redacted]\\") << echo;
  }
}

TEST(RedactorTest, RemovesWhatResemblesAnEscapeItself) {
  EXPECT_EQ(Clean({"key%25of"}, "a key%25of b"), "a [redacted] b");
  EXPECT_EQ(Clean({"key%25of"}, "a key%2525of b"), "a [redacted] b");
  EXPECT_EQ(Clean({"x&amp;y"}, "a x&amp;y b x&amp;amp;y c"), "a [redacted] b [redacted] c");
  EXPECT_EQ(Clean({"a\\b"}, R"(a\u005cb a\\b a&#92;b a&#x5C;b)"),
            "[redacted] [redacted] [redacted] [redacted]");
}

TEST(RedactorTest, LeavesWhatOnlyResemblesASecret) {
  for (const char* text : {"k/e", "k//e", "%", "%2", "&am", "\\", "\\u00", "a k% b", ""}) {
    EXPECT_EQ(Clean({"k/e\"y&"}, text), text);
  }
}

TEST(RedactorTest, TheLongerOfTwoSecretsGoesFirst) {
  EXPECT_EQ(Clean({"abc", "abcdef"}, "abcdef abc"), "[redacted] [redacted]");
  EXPECT_EQ(Clean({"abcdef", "abc"}, "abcdef abc"), "[redacted] [redacted]");
}

TEST(RedactorTest, NoSecretChangesNothing) { EXPECT_EQ(Clean({""}, "text"), "text"); }

TEST(RedactorTest, AnExcerptHoldsNoHalfOfASecret) {
  Redactor redactor;
  redactor.Add("s3cret-key-0001");
  for (size_t before = 80; before <= 100; ++before) {
    const std::string kept = redactor.Excerpt(absl::StrCat(std::string(before, 'x'), "s3cret-key-0001"), 100);
    EXPECT_FALSE(absl::StrContains(kept, "s3c")) << kept;
    EXPECT_LE(kept.size(), 100U);
  }
}

TEST(RedactorTest, CleansAllThatAVerdictSays) {
  Redactor redactor;
  redactor.Add("s3cret");
  sync::Verdict verdict;
  verdict.failure = {.reason = catalog::Reason::kRefusedByTarget,
                     .args = {{"detail", "x s3cret"}},
                     .field_violations = {{"s3cret", "s3cret"}},
                     .target_code = "s3cret"};
  verdict.records = {{.failure = verdict.failure, .remote_id = "s3cret"}};
  redactor.Clean(verdict);
  EXPECT_EQ(verdict.failure.args.at("detail"), "x [redacted]");
  EXPECT_EQ(verdict.failure.field_violations[0].field, "[redacted]");
  EXPECT_EQ(verdict.failure.field_violations[0].description, "[redacted]");
  EXPECT_EQ(verdict.failure.target_code, "[redacted]");
  EXPECT_EQ(verdict.records[0].failure.args.at("detail"), "x [redacted]");
  EXPECT_EQ(verdict.records[0].remote_id, "[redacted]");
}

}  // namespace
}  // namespace satudata::targets
