#include "server/targets/token_source.h"

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/targets/gateway.h"
#include "server/targets/verdicts.h"
#include "tests/fakes/fake_clock.h"
#include "tests/unit/server/targets/scripted_http_client.h"

namespace satudata::targets {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr absl::string_view kRefusedToken =
    R"({"code":"900901","message":"Invalid Credentials","description":"x"})";

http::Result TokenAnswer(absl::string_view token, int64_t seconds) {
  return AnswerOf(200, absl::StrCat(R"({"access_token":")", token, R"(","token_type":"Bearer","expires_in":)",
                                    seconds, "}"));
}

// An endpoint whose answers a function gives. Thread-safe if the function is.
class FunctionClient final : public http::HttpClient {
 public:
  using Function = std::function<http::Result(const http::Request&, const http::Limits&)>;
  explicit FunctionClient(Function function) : function_(std::move(function)) {}
  http::Result Do(const http::Request& request, const http::Limits& limits) override {
    return function_(request, limits);
  }
  void Abort() override {}

 private:
  Function function_;
};

class TokenSourceTest : public ::testing::Test {
 protected:
  OAuthOptions Options() {
    return {
        .token_path = "/oauth2/token", .client_id = "client", .client_secret = [this] { return secret_; }};
  }
  std::unique_ptr<TokenSource> Source(std::deque<http::Result> results, OAuthOptions options) {
    return std::make_unique<TokenSource>(
        std::move(options), std::make_unique<ScriptedHttpClient>(std::move(results), log_), clock_);
  }
  std::unique_ptr<TokenSource> Source(std::deque<http::Result> results) {
    return Source(std::move(results), Options());
  }
  static TokenSource::Lease Get(TokenSource& source) { return source.Get(base::Deadline::Infinite()); }

  fakes::FakeClock clock_;
  std::string secret_ = "hunter2";
  ScriptedHttpClient::Log log_;
};

TEST_F(TokenSourceTest, ShowsTheClientByBasicCredentials) {
  auto source = Source({TokenAnswer("t1", 3600)});
  EXPECT_EQ(Get(*source).token, "t1");
  ASSERT_THAT(log_.requests, SizeIs(1));
  const http::Request& request = log_.requests[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/oauth2/token");
  EXPECT_EQ(request.body, "grant_type=client_credentials");
  EXPECT_EQ(request.content_type, "application/x-www-form-urlencoded");
  EXPECT_THAT(request.headers,
              Contains(Pair("Authorization", absl::StrCat("Basic ", absl::Base64Escape("client:hunter2")))));
}

TEST_F(TokenSourceTest, ShowsTheClientInTheForm) {
  OAuthOptions options = Options();
  options.authentication = ClientAuthentication::kForm;
  options.scope = "read write";
  secret_ = "a&b";
  auto source = Source({TokenAnswer("t1", 3600)}, options);
  Get(*source);
  EXPECT_EQ(log_.requests.at(0).body,
            "grant_type=client_credentials&scope=read%20write&client_id=client&client_secret=a%26b");
  EXPECT_THAT(log_.requests[0].headers, testing::Not(Contains(Pair("Authorization", testing::_))));
}

TEST_F(TokenSourceTest, KeepsATokenUntilAMinuteBeforeItsEnd) {
  auto source = Source({TokenAnswer("t1", 3600), TokenAnswer("t2", 3600)});
  EXPECT_EQ(Get(*source).token, "t1");
  clock_.Advance(absl::Seconds(3539));
  EXPECT_EQ(Get(*source).token, "t1");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get(*source).token, "t2");
  EXPECT_THAT(log_.requests, SizeIs(2));
}

TEST_F(TokenSourceTest, AShortLifeIsUsedToItsHalf) {
  auto source = Source({TokenAnswer("t1", 10), TokenAnswer("t2", 10)});
  Get(*source);
  clock_.Advance(absl::Seconds(4));
  EXPECT_EQ(Get(*source).token, "t1");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get(*source).token, "t2");
}

TEST_F(TokenSourceTest, AFailedRenewalLeavesTheOldTokenInUse) {
  auto source =
      Source({TokenAnswer("t1", 3600), AnswerOf(503, ""), AnswerOf(503, ""), TokenAnswer("t2", 60)});
  Get(*source);
  clock_.Advance(absl::Seconds(3550));
  EXPECT_EQ(Get(*source).token, "t1");
  EXPECT_EQ(Get(*source).token, "t1");
  EXPECT_THAT(log_.requests, SizeIs(2)) << "not at every request";
  clock_.Advance(absl::Seconds(55));  // Past its end.
  EXPECT_EQ(Get(*source).verdict.failure.reason, catalog::Reason::kTokenEndpointOutage);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(Get(*source).token, "t2");
}

TEST_F(TokenSourceTest, AFailureIsSharedForASecondUnlessTheSecretChanges) {
  auto source = Source({AnswerOf(401, R"({"error":"invalid_client"})"),
                        AnswerOf(401, R"({"error":"invalid_client"})"), TokenAnswer("t1", 3600)});
  const uint64_t version = source->credential_version();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Get(*source).verdict.failure.reason, catalog::Reason::kOauthClientRefused);
  }
  EXPECT_THAT(log_.requests, SizeIs(1));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get(*source).token, "");
  EXPECT_THAT(log_.requests, SizeIs(2));
  secret_ = "hunter3";
  EXPECT_NE(source->credential_version(), version);
  EXPECT_EQ(Get(*source).token, "t1");
}

TEST_F(TokenSourceTest, ADiscardedTokenIsAskedForOnce) {
  auto source = Source({TokenAnswer("t1", 3600), TokenAnswer("t2", 3600)});
  Get(*source);
  source->Discard("t1");
  source->Discard("t1");
  EXPECT_EQ(Get(*source).token, "t2");
  source->Discard("t1");  // Somebody who comes late with the old one.
  EXPECT_EQ(Get(*source).token, "t2");
  EXPECT_THAT(log_.requests, SizeIs(2));
}

TEST_F(TokenSourceTest, AsksNoLongerThanTheRequestHas) {
  absl::Duration given;
  TokenSource source(Options(),
                     std::make_unique<FunctionClient>([&](const http::Request&, const http::Limits& limits) {
                       given = limits.deadline.Remaining();
                       return FailureOf(http::TransportError::kTimeout, "no answer in time");
                     }),
                     clock_);
  source.Get(base::Deadline::After(clock_, absl::Seconds(3)));
  EXPECT_EQ(given, absl::Seconds(3));
  clock_.Advance(absl::Seconds(2));
  source.Get(base::Deadline::After(clock_, absl::Minutes(3)));
  EXPECT_EQ(given, absl::Seconds(15));
}

TEST_F(TokenSourceTest, WhoIsStoppedSaysNothingAboutTheEndpoint) {
  auto source = Source({FailureOf(http::TransportError::kAborted, "stopped"), TokenAnswer("t1", 3600)});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(source->Get(base::Deadline::Infinite().OrStop(stop.get_token())).token, "");
  EXPECT_EQ(Get(*source).token, "t1") << "another one asks at once";
}

TEST_F(TokenSourceTest, NoEvidenceHoldsASecret) {
  const std::string basic = absl::Base64Escape("client:hunter2");
  for (const http::Result& result :
       {TokenAnswer("t0p-s3cret", 3600), AnswerOf(200, R"({"access_token":"t0p-s3cret)"),
        AnswerOf(401, absl::StrCat("you sent ", basic, " that is hunter2"))}) {
    auto source = Source({result});
    const TokenSource::Lease lease = Get(*source);
    ASSERT_TRUE(lease.exchange.has_value());
    std::string all =
        absl::StrCat(lease.exchange->request_body, lease.exchange->answer_body, lease.exchange->error);
    for (const auto& [name, value] : lease.verdict.failure.args) absl::StrAppend(&all, value);
    for (const std::string& secret : {std::string("hunter2"), basic, std::string("t0p-s3cret")}) {
      EXPECT_FALSE(absl::StrContains(all, secret)) << all;
    }
  }
}

// Many senders come at once; the endpoint answers only when all are there.
TEST_F(TokenSourceTest, ManySendersOneRequest) {
  constexpr int kSenders = 16;
  std::atomic<int> requests = 0;
  std::atomic<int> arrived = 0;
  absl::Notification go;
  TokenSource source(Options(),
                     std::make_unique<FunctionClient>([&](const http::Request&, const http::Limits&) {
                       ++requests;
                       go.WaitForNotification();
                       return TokenAnswer("t1", 3600);
                     }),
                     clock_);
  std::vector<std::thread> senders;
  std::vector<std::string> tokens(kSenders);
  for (int i = 0; i < kSenders; ++i) {
    senders.emplace_back([&, i] {
      if (++arrived == kSenders) go.Notify();
      tokens[static_cast<size_t>(i)] = Get(source).token;
    });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(requests, 1);
  for (const std::string& token : tokens) EXPECT_EQ(token, "t1");
}

// The gateway in front of it.
class TokenGatewayTest : public TokenSourceTest {
 protected:
  Reply Do(std::deque<http::Result> tokens, std::deque<http::Result> answers) {
    Gateway gateway({}, std::make_unique<ScriptedHttpClient>(std::move(answers), target_log_),
                    Source(std::move(tokens)));
    return gateway.Do(
        {.operation = "op", .method = "POST", .path = "/p", .body = "{}"}, base::Deadline::Infinite(), "",
        [](const http::Answer& answer, absl::Time) {
          if (answer.status == 200) return Judged({});
          const bool is_scope = absl::StrContains(answer.body, "900910");
          return Unauthorized(
              {.http_code = answer.status, .code = is_scope ? "900910" : "900901", .text = answer.body});
        });
  }
  ScriptedHttpClient::Log target_log_;
};

TEST_F(TokenGatewayTest, TheFirstHeaderCarriesTheToken) {
  const Reply reply = Do({TokenAnswer("t1", 3600)}, {AnswerOf(200, "echo t1")});
  EXPECT_EQ(reply.verdict.kind, sync::VerdictKind::kJudged);
  EXPECT_THAT(target_log_.requests.at(0).headers, Contains(Pair("Authorization", "Bearer t1")));
  ASSERT_THAT(reply.exchanges, SizeIs(2));
  EXPECT_EQ(reply.exchanges[0].operation, "oauth_token");
  EXPECT_EQ(reply.exchanges[1].answer_body, "echo [redacted]");
}

TEST_F(TokenGatewayTest, ARefusedTokenIsRenewedAndTheRequestReplayedOnce) {
  const Reply reply = Do({TokenAnswer("t1", 3600), TokenAnswer("t2", 3600)},
                         {AnswerOf(401, std::string(kRefusedToken)), AnswerOf(200, "")});
  EXPECT_EQ(reply.verdict.kind, sync::VerdictKind::kJudged);
  ASSERT_THAT(target_log_.requests, SizeIs(2));
  EXPECT_THAT(target_log_.requests[1].headers, Contains(Pair("Authorization", "Bearer t2")));
  EXPECT_EQ(target_log_.requests[1].body, "{}");
  EXPECT_THAT(reply.exchanges, SizeIs(4));
}

TEST_F(TokenGatewayTest, ASecondRefusalIsFinal) {
  const Reply reply = Do({TokenAnswer("t1", 3600), TokenAnswer("t2", 3600), TokenAnswer("t3", 3600)},
                         {AnswerOf(401, std::string(kRefusedToken)),
                          AnswerOf(401, std::string(kRefusedToken)), AnswerOf(200, "")});
  EXPECT_EQ(reply.verdict.kind, sync::VerdictKind::kUnauthorized);
  EXPECT_THAT(target_log_.requests, SizeIs(2));
  EXPECT_THAT(log_.requests, SizeIs(2));
}

TEST_F(TokenGatewayTest, NoTokenMendsAMissingSubscription) {
  const Reply reply = Do({TokenAnswer("t1", 3600)}, {AnswerOf(403, "900910")});
  EXPECT_EQ(reply.verdict.kind, sync::VerdictKind::kUnauthorized);
  EXPECT_THAT(target_log_.requests, SizeIs(1));
}

TEST_F(TokenGatewayTest, WithoutATokenNothingIsSent) {
  const Reply reply = Do({AnswerOf(503, "")}, {AnswerOf(200, "")});
  EXPECT_EQ(reply.verdict.failure.reason, catalog::Reason::kTokenEndpointOutage);
  EXPECT_EQ(reply.verdict.effect, sync::Effect::kNone);
  EXPECT_THAT(target_log_.requests, SizeIs(0));
  EXPECT_THAT(reply.exchanges, SizeIs(1));
}

}  // namespace
}  // namespace satudata::targets
