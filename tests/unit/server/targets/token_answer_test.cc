#include "server/targets/token_answer.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::targets {
namespace {

using catalog::Reason;
using sync::VerdictKind;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

TokenAnswer Judge(int status, std::string body, http::Headers headers = {}) {
  return JudgeTokenAnswer({.status = status, .headers = std::move(headers), .body = std::move(body)}, kNow);
}

absl::Duration LifetimeWith(absl::string_view expires_in) {
  return Judge(200, absl::StrCat(R"({"access_token":"t","token_type":"Bearer")", expires_in, "}")).lifetime;
}

TEST(TokenAnswerTest, TakesATokenAndItsLifetime) {
  const TokenAnswer answer =
      Judge(200, R"({"access_token":"eyJ.a-b_c","scope":"default","token_type":"bearer","expires_in":3600})");
  EXPECT_EQ(answer.token, "eyJ.a-b_c");
  EXPECT_EQ(answer.lifetime, absl::Hours(1));
  EXPECT_EQ(answer.verdict.kind, VerdictKind::kJudged);
}

TEST(TokenAnswerTest, AnOddLifetimeIsBounded) {
  EXPECT_EQ(LifetimeWith(R"(,"expires_in":"1800")"), absl::Minutes(30));
  EXPECT_EQ(LifetimeWith(R"(,"expires_in":0.2)"), absl::Seconds(1));
  EXPECT_EQ(LifetimeWith(R"(,"expires_in":9223372036854775807)"), absl::Hours(24));
  EXPECT_EQ(LifetimeWith(R"(,"expires_in":1e300)"), absl::Hours(24));
  for (const char* odd : {"", R"(,"expires_in":null)", R"(,"expires_in":"soon")", R"(,"expires_in":0)",
                          R"(,"expires_in":-1)", R"(,"expires_in":"nan")", R"(,"expires_in":[3600])"}) {
    EXPECT_EQ(LifetimeWith(odd), absl::Minutes(5)) << odd;
  }
}

TEST(TokenAnswerTest, WhatIsWrongWithUsIsTheOperators) {
  for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
           {401, R"({"error_description":"Client Authentication failed.","error":"invalid_client"})"},
           {400, R"({"error":"unsupported_grant_type"})"},
           {200, R"({"error":"unauthorized_client"})"},
           {401, ""},
           {403, R"({"code":"900908","message":"Resource forbidden","description":"no"})"},
           {404, R"({"code":"404","message":"Not found"})"},
           {302, ""}}) {
    const TokenAnswer answer = Judge(status, body);
    EXPECT_EQ(answer.token, "");
    EXPECT_EQ(answer.verdict.kind, VerdictKind::kUnauthorized) << status << body;
    EXPECT_EQ(answer.verdict.failure.reason, Reason::kOauthClientRefused) << status << body;
    EXPECT_TRUE(answer.verdict.needs_operator);
    EXPECT_EQ(answer.verdict.effect, sync::Effect::kNone);
  }
}

TEST(TokenAnswerTest, WhatIsWrongWithTheEndpointIsAnOutage) {
  for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
           {500, R"({"error":"server_error"})"},
           {503, "<html>maintenance</html>"},
           {400, R"({"error":"temporarily_unavailable"})"},
           {200, "<!DOCTYPE html><html>maintenance</html>"},
           {403, "<html>firewall</html>"},
           {200, ""},
           {200, "[]"},
           {200, R"({"access_token":"half-a-tok)"},
           {200, R"({"access_token":""})"},
           {200, R"({"access_token":["t"]})"},
           {200, R"({"access_token":"two words"})"},
           {200, "{\"access_token\":\"line\\nbreak\"}"},
           {200, absl::StrCat(R"({"access_token":")", std::string(9000, 't'), "\"}")},
           {200, R"({"access_token":"t","token_type":"mac"})"}}) {
    const TokenAnswer answer = Judge(status, body);
    EXPECT_EQ(answer.token, "") << body;
    EXPECT_EQ(answer.verdict.kind, VerdictKind::kOutage) << status << body;
    EXPECT_EQ(answer.verdict.failure.reason, Reason::kTokenEndpointOutage) << status << body;
    EXPECT_EQ(catalog::OwnerOf(answer.verdict.failure.reason), catalog::Owner::kTarget);
    EXPECT_FALSE(answer.verdict.needs_operator);
    EXPECT_EQ(answer.verdict.effect, sync::Effect::kNone);
    EXPECT_FALSE(absl::StrContains(answer.verdict.failure.args.at("detail"), "half-a-tok"));
  }
}

TEST(TokenAnswerTest, AThrottledEndpointSaysWhen) {
  const TokenAnswer answer = Judge(429, "", {{"Retry-After", "30"}});
  EXPECT_EQ(answer.verdict.kind, VerdictKind::kThrottled);
  EXPECT_EQ(answer.verdict.retry_at, kNow + absl::Seconds(30));
}

TEST(TokenAnswerTest, NobodyWaitsForYears) {
  for (const char* years : {"99999999999", "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    const http::Answer answer{.status = 429, .headers = {{"Retry-After", years}}};
    EXPECT_EQ(JudgeTokenAnswer(answer, absl::UnixEpoch()).verdict.retry_at,
              absl::UnixEpoch() + absl::Hours(24 * 7));
  }
}

TEST(TokenAnswerTest, ASleepingTenantWarmsUp) {
  const TokenAnswer answer =
      Judge(404, R"({"code":"404","type":"Status report","message":"Not Found","description":"x"})");
  EXPECT_EQ(answer.verdict.kind, VerdictKind::kWarmingUp);
}

TEST(TokenAnswerTest, NoAnswerIsAnOutageUnlessTheCertificateIsWrong) {
  using http::TransportError;
  for (TransportError error : {TransportError::kConnect, TransportError::kTimeout, TransportError::kBroken,
                               TransportError::kTooLarge, TransportError::kAborted}) {
    const sync::Verdict verdict = JudgeTokenTransportError({.error = error, .error_detail = "d"});
    EXPECT_EQ(verdict.failure.reason, Reason::kTokenEndpointOutage);
    EXPECT_EQ(verdict.effect, sync::Effect::kNone);
  }
  const sync::Verdict verdict =
      JudgeTokenTransportError({.error = TransportError::kCertificate, .error_detail = "d"});
  EXPECT_EQ(verdict.failure.reason, Reason::kCertificateUntrusted);
  EXPECT_TRUE(verdict.needs_operator);
}

}  // namespace
}  // namespace satudata::targets
