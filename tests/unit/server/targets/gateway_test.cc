#include "server/targets/gateway.h"

#include <deque>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/trace.h"
#include "server/targets/verdicts.h"
#include "tests/unit/server/targets/scripted_http_client.h"

namespace satudata::targets {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr absl::string_view kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr absl::string_view kSecret = "s3cret-key-0001";

CredentialHeader Credential(std::string name, std::string prefix, std::string secret) {
  return {.name = std::move(name), .prefix = std::move(prefix), .secret = [secret] { return secret; }};
}

class GatewayTest : public ::testing::Test {
 protected:
  Reply Do(GatewayOptions options, std::deque<http::Result> results, absl::string_view traceparent = "",
           std::string body = "") {
    Gateway gateway(std::move(options), std::make_unique<ScriptedHttpClient>(std::move(results), log_));
    const Call call = {.operation = "op", .method = "POST", .path = "/p?q=1", .body = std::move(body)};
    return gateway.Do(call, base::Deadline::Infinite(), traceparent,
                      [](const http::Answer& answer, absl::Time) { return Unknown({.text = answer.body}); });
  }
  ScriptedHttpClient::Log log_;
};

TEST_F(GatewayTest, AddsEveryCredentialThatHasASecret) {
  GatewayOptions options = {.base_path = "/t/pali"};
  options.credentials = {Credential("AuthorizationSPLP", "Bearer ", "a"), Credential("x-api-key", "", "b"),
                         Credential("empty", "", ""), CredentialHeader()};
  Do(options, {AnswerOf(200, "")});
  ASSERT_EQ(log_.requests.size(), 1U);
  EXPECT_EQ(log_.requests[0].path, "/t/pali/p?q=1");
  EXPECT_THAT(log_.requests[0].headers,
              ElementsAre(Pair("Accept", "application/json"), Pair("traceparent", ::testing::_),
                          Pair("AuthorizationSPLP", "Bearer a"), Pair("x-api-key", "b")));
}

TEST_F(GatewayTest, AsksForTheSecretEachTime) {
  int reads = 0;
  CredentialHeader credential;
  credential.secret = [&reads] { return absl::StrCat("key-", ++reads); };
  Gateway gateway({.credentials = {credential}},
                  std::make_unique<ScriptedHttpClient>(
                      std::deque<http::Result>{AnswerOf(200, ""), AnswerOf(200, "")}, log_));
  const auto judge = [](const http::Answer&, absl::Time) { return Judged({}); };
  gateway.Do({.path = "/"}, base::Deadline::Infinite(), "", judge);
  gateway.Do({.path = "/"}, base::Deadline::Infinite(), "", judge);
  EXPECT_THAT(log_.requests[0].headers, Contains(Pair("Authorization", "Bearer key-1")));
  EXPECT_THAT(log_.requests[1].headers, Contains(Pair("Authorization", "Bearer key-2")));
}

TEST_F(GatewayTest, PassesOnATraceThatIsOne) {
  Do({}, {AnswerOf(200, "")}, kTraceparent);
  Do({}, {AnswerOf(200, "")}, "00-x\r\nEvil: 1");
  EXPECT_THAT(log_.requests[0].headers, Contains(Pair("traceparent", std::string(kTraceparent))));
  EXPECT_THAT(log_.requests[1].headers,
              Contains(Pair("traceparent", ::testing::ResultOf(base::IsTraceparent, true))))
      << "one of its own";
}

TEST_F(GatewayTest, RequestsForTheWorkOfAThreadHaveItsTrace) {
  const base::TraceScope scope(kTraceparent);
  Do({}, {AnswerOf(200, "")});
  EXPECT_THAT(log_.requests[0].headers, Contains(Pair("traceparent", std::string(kTraceparent))));
}

TEST_F(GatewayTest, KeepsTheEvidence) {
  http::Result result = AnswerOf(422, "refused");
  result.start_time = absl::FromUnixSeconds(1'700'000'000);
  result.duration = absl::Seconds(2);
  const Reply reply = Do({}, {result}, "", "{\"a\":1}");
  EXPECT_EQ(reply.exchanges.back().operation, "op");
  EXPECT_EQ(reply.exchanges.back().http_code, 422);
  EXPECT_EQ(reply.exchanges.back().request_body, "{\"a\":1}");
  EXPECT_EQ(reply.exchanges.back().answer_body, "refused");
  EXPECT_EQ(reply.exchanges.back().start_time, result.start_time);
  EXPECT_EQ(reply.exchanges.back().duration, result.duration);
  EXPECT_EQ(reply.exchanges.back().verdict, sync::VerdictKind::kUnknown);
  EXPECT_EQ(reply.exchanges.back().error, "");
}

TEST_F(GatewayTest, KeepsWhyThereWasNoAnswer) {
  const Reply reply = Do({}, {FailureOf(http::TransportError::kBroken, "cut")});
  EXPECT_EQ(reply.exchanges.back().http_code, 0);
  EXPECT_EQ(reply.exchanges.back().error, "cut");
  EXPECT_EQ(reply.verdict.kind, sync::VerdictKind::kOutage);
  EXPECT_EQ(reply.exchanges.back().verdict, sync::VerdictKind::kOutage);
}

TEST_F(GatewayTest, NoSecretSurvivesAnEcho) {
  GatewayOptions options;
  options.credentials = {Credential("Authorization", "Bearer ", std::string(kSecret))};
  const std::string echo = absl::StrCat("you sent Bearer ", kSecret, ", twice: ", kSecret);
  const Reply reply = Do(options, {AnswerOf(401, echo)}, "", echo);
  for (const std::string& kept : {reply.exchanges.back().answer_body, reply.exchanges.back().request_body,
                                  reply.verdict.failure.args.at("detail")}) {
    EXPECT_THAT(kept, Not(HasSubstr(std::string(kSecret))));
    EXPECT_THAT(kept, HasSubstr("[redacted]"));
  }
}

TEST_F(GatewayTest, NoSecretSurvivesByHalvesAtTheCut) {
  GatewayOptions options = {.kept_body_bytes = 100};
  options.credentials = {Credential("Authorization", "", std::string(kSecret))};
  const std::string echo = absl::StrCat(std::string(95, 'x'), kSecret, " and more");
  const Reply reply = Do(options, {AnswerOf(200, echo)});
  EXPECT_THAT(reply.exchanges.back().answer_body, Not(HasSubstr("s3c")));
  EXPECT_LE(reply.exchanges.back().answer_body.size(), 100U);
}

TEST_F(GatewayTest, CutsBodiesAndMendsTheirText) {
  const Reply reply = Do({.kept_body_bytes = 10}, {AnswerOf(200,
                                                            "\xFF"
                                                            "0123456789")});
  EXPECT_EQ(reply.exchanges.back().answer_body,
            "\xEF\xBF\xBD"
            "0123456");
}

TEST_F(GatewayTest, AbortReachesTheClient) {
  Gateway gateway({}, std::make_unique<ScriptedHttpClient>(std::deque<http::Result>(), log_));
  gateway.Abort();
  EXPECT_EQ(log_.aborts, 1);
}

}  // namespace
}  // namespace satudata::targets
