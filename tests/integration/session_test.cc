// Signing in over real gRPC and a real database: what a browser sends and gets, and what a page may do with
// it.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "tests/fakes/fake_clock.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"
#include "tests/integration/test_store.h"

namespace satudata::rpc {
namespace {

using grpc::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr char kPassword[] = "padi jagung kedelai";
constexpr char kPath[] = "; Path=/satudata.integration.v1.SessionService/; ";

// What came back of a call.
template <typename Response>
struct Answered {
  grpc::Status status;
  Response response;
  std::string set_cookie;

  // `satudata_session=…`, as the browser sends it again.
  std::string cookie() const { return set_cookie.substr(0, set_cookie.find(';')); }
};
using AnsweredSession = Answered<v1::Session>;

class SessionTest : public testing::Test {
 protected:
  using Metadata = std::map<std::string, std::string>;
  using Sessions = v1::SessionService::Stub;
  using Accounts = v1::AccountService::Stub;

  template <typename Stub, typename Request, typename Response>
  Answered<Response> Call(std::unique_ptr<Stub> stub,
                          grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                          const Request& request, const Metadata& metadata) {
    grpc::ClientContext context;
    context.AddMetadata("accept-language", "en");
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    Answered<Response> answered;
    answered.status = ((*stub).*method)(&context, request, &answered.response);
    const auto cookies = context.GetServerInitialMetadata().equal_range("set-cookie");
    for (auto it = cookies.first; it != cookies.second; ++it) {
      EXPECT_THAT(answered.set_cookie, IsEmpty());
      answered.set_cookie = std::string(it->second.data(), it->second.size());
    }
    return answered;
  }
  AnsweredSession SignIn(const std::string& username, const std::string& password, Metadata metadata = {}) {
    v1::SignInRequest request;
    request.set_username(username);
    request.set_password(password);
    return Call(edge_.sessions(), &Sessions::SignIn, request, metadata);
  }
  AnsweredSession Refresh(const std::string& cookie) {
    return Call(edge_.sessions(), &Sessions::RefreshSession, v1::RefreshSessionRequest(), Cookies(cookie));
  }
  Answered<v1::SignOutResponse> SignOut(const std::string& cookie) {
    return Call(edge_.sessions(), &Sessions::SignOut, v1::SignOutRequest(), Cookies(cookie));
  }
  AnsweredSession Adopt(const std::string& token) {
    return Call(edge_.sessions(), &Sessions::AdoptToken, v1::AdoptTokenRequest(), Bearer(token));
  }
  static Metadata Cookies(const std::string& cookie) {
    return cookie.empty() ? Metadata() : Metadata{{"cookie", cookie}};
  }
  static Metadata Bearer(const std::string& token) { return {{"authorization", "Bearer " + token}}; }
  std::string Token(const std::string& role, absl::Duration lifetime = absl::Hours(1),
                    const std::string& username = "kepala") {
    return SignJwt({.id = "65f0", .username = username, .role = role, .expiry = clock_.Now() + lifetime},
                   kTestSecret, clock_.Now());
  }
  Answered<v1::Account> Create(const std::string& username, const std::string& role) {
    v1::CreateAccountRequest request;
    request.mutable_account()->set_username(username);
    request.mutable_account()->set_role(role);
    request.set_password(kPassword);
    return Call(edge_.accounts(), &Accounts::CreateAccount, request, Bearer(Token("Admin")));
  }
  Answered<v1::Account> Update(const std::string& username,
                               const std::function<void(v1::UpdateAccountRequest&)>& change) {
    v1::UpdateAccountRequest request;
    request.set_username(username);
    change(request);
    return Call(edge_.accounts(), &Accounts::UpdateAccount, request, Bearer(Token("Admin")));
  }
  grpc::Status Delete(const std::string& username) {
    v1::DeleteAccountRequest request;
    request.set_username(username);
    return Call(edge_.accounts(), &Accounts::DeleteAccount, request, Bearer(Token("Admin"))).status;
  }
  // How a call of this service ends with `token`.
  std::string ListTargetsWith(const std::string& token) {
    const auto answered =
        Call(edge_.targets(), &v1::TargetService::Stub::ListTargets, v1::ListTargetsRequest(), Bearer(token));
    return answered.status.ok() ? "OK" : ReasonOf(answered.status);
  }

  fakes::FakeClock clock_;
  const TestStore store_{clock_};
  RpcEdge edge_{{.accounts = store_.get(), .portal_url = "https://portal.example/masuk", .clock = &clock_}};
};

TEST_F(SessionTest, ASessionLivesFromSignInToSignOut) {
  ASSERT_TRUE(Create("Siti", "validator").status.ok());
  const AnsweredSession opened = SignIn("SITI", kPassword);
  ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
  EXPECT_EQ(opened.response.username(), "siti");
  EXPECT_EQ(opened.response.role(), "Validator");
  EXPECT_THAT(opened.response.permissions(), ElementsAre("read", "verify"));
  EXPECT_EQ(opened.response.access_expire_time().seconds(), absl::ToUnixSeconds(clock_.Now()) + 600);
  EXPECT_EQ(opened.response.expire_time().seconds(), absl::ToUnixSeconds(clock_.Now()) + 12 * 3600);
  EXPECT_EQ(ListTargetsWith(opened.response.access_token()), "OK");

  clock_.Advance(absl::Minutes(12));
  EXPECT_EQ(ListTargetsWith(opened.response.access_token()), "TOKEN_EXPIRED");
  const AnsweredSession refreshed = Refresh(opened.cookie());
  ASSERT_TRUE(refreshed.status.ok()) << refreshed.status.error_message();
  EXPECT_EQ(ListTargetsWith(refreshed.response.access_token()), "OK");
  EXPECT_EQ(refreshed.response.expire_time().seconds(), opened.response.expire_time().seconds());
  EXPECT_THAT(refreshed.set_cookie, IsEmpty());

  const auto left = SignOut(opened.cookie());
  EXPECT_TRUE(left.status.ok());
  EXPECT_THAT(left.set_cookie, StartsWith("satudata_session=; HttpOnly; "));
  EXPECT_THAT(left.set_cookie, HasSubstr("Max-Age=0"));
  EXPECT_EQ(ReasonOf(Refresh(opened.cookie()).status), "SESSION_ENDED");
}

TEST_F(SessionTest, TheCookieIsForThisServiceAndNoScript) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  const std::string cookie = SignIn("siti", kPassword).set_cookie;
  const std::vector<std::string> parts = absl::StrSplit(cookie, "; ");
  EXPECT_THAT(parts, ElementsAre(testing::MatchesRegex("satudata_session=[A-Za-z0-9_-]{43}"), "HttpOnly",
                                 "Secure", "SameSite=Strict", "Path=/satudata.integration.v1.SessionService/",
                                 "Max-Age=43200"));
}

TEST_F(SessionTest, AWrongPasswordAnUnknownNameAndADisabledAccountLookAlike) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  ASSERT_TRUE(Create("dewi", "Viewer").status.ok());
  ASSERT_TRUE(Update("dewi", [](auto& request) { request.set_disabled(true); }).status.ok());
  const auto describe = [](const grpc::Status& status) {
    return absl::StrCat(status.error_code(), " ", status.error_message(), " ", status.error_details());
  };
  const std::string wrong = describe(SignIn("siti", "bukan kata sandinya").status);
  EXPECT_THAT(wrong, StartsWith(absl::StrCat(StatusCode::UNAUTHENTICATED, " ")));
  EXPECT_THAT(wrong, HasSubstr("SIGN_IN_REFUSED"));
  EXPECT_EQ(describe(SignIn("nobody", "bukan kata sandinya").status), wrong);
  EXPECT_EQ(describe(SignIn("dewi", kPassword).status), wrong);
  EXPECT_EQ(describe(SignIn("no such name!", kPassword).status), wrong);
}

TEST_F(SessionTest, AKnownAndAnUnknownNameAreSlowedDownAlike) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  const auto answers_to = [this](const std::string& username) {
    std::vector<std::string> answers;
    for (int i = 0; i < 9; ++i) {
      const grpc::Status status = SignIn(username, "bukan kata sandinya").status;
      const int64_t wait = RetrySecondsOf(status);
      answers.push_back(absl::StrCat(ReasonOf(status), " ", wait));
      clock_.Advance(absl::Seconds(wait));
    }
    return answers;
  };
  const std::vector<std::string> answers = answers_to("siti");
  EXPECT_THAT(answers, ElementsAre("SIGN_IN_REFUSED 0", "SIGN_IN_REFUSED 0", "SIGN_IN_REFUSED 0",
                                   "SIGN_IN_REFUSED 0", "TOO_MANY_ATTEMPTS 1", "SIGN_IN_REFUSED 0",
                                   "TOO_MANY_ATTEMPTS 2", "SIGN_IN_REFUSED 0", "TOO_MANY_ATTEMPTS 4"));
  EXPECT_EQ(answers_to("nobody"), answers);
}

TEST_F(SessionTest, WhoHasToWaitIsRefusedWithTheRightPasswordToo) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  const AnsweredSession running = SignIn("siti", kPassword);
  for (int i = 0; i < 4; ++i) SignIn("siti", "bukan kata sandinya");
  const grpc::Status refused = SignIn("siti", kPassword).status;
  EXPECT_EQ(refused.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_ATTEMPTS");
  EXPECT_EQ(refused.error_message(), "Signing in failed too often. Wait 1 seconds, then try again.");
  EXPECT_TRUE(Refresh(running.cookie()).status.ok()) << "a running session has nothing to do with it";
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(SignIn("siti", kPassword).status.ok());
  EXPECT_EQ(ReasonOf(SignIn("siti", "bukan kata sandinya").status), "SIGN_IN_REFUSED") << "forgotten by now";
}

TEST_F(SessionTest, ASourceThatGuessesManyNamesHasToWait) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  const Metadata guesser = {{"x-forwarded-for", "203.0.113.7, 10.0.0.1"}};
  for (int i = 0; i < 21; ++i) {
    EXPECT_EQ(ReasonOf(SignIn(absl::StrCat("name", i), "x", guesser).status), "SIGN_IN_REFUSED") << i;
  }
  EXPECT_EQ(ReasonOf(SignIn("siti", kPassword, guesser).status), "TOO_MANY_ATTEMPTS");
  EXPECT_TRUE(SignIn("siti", kPassword, {{"x-forwarded-for", "203.0.113.8"}}).status.ok());
}

TEST_F(SessionTest, ASessionEndsAfterTwelveHoursWhateverIsDone) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  const std::string cookie = SignIn("siti", kPassword).cookie();
  for (int hour = 0; hour < 11; ++hour) {
    clock_.Advance(absl::Hours(1));
    ASSERT_TRUE(Refresh(cookie).status.ok()) << hour;
  }
  clock_.Advance(absl::Minutes(57));
  const AnsweredSession last = Refresh(cookie);
  ASSERT_TRUE(last.status.ok());
  EXPECT_EQ(last.response.access_expire_time().seconds(), last.response.expire_time().seconds());
  clock_.Advance(absl::Minutes(3));
  const AnsweredSession ended = Refresh(cookie);
  EXPECT_EQ(ended.status.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(ended.status), "SESSION_ENDED");
  EXPECT_THAT(ended.set_cookie, HasSubstr("Max-Age=0"));
}

TEST_F(SessionTest, ASessionEndsAfterTwoQuietHours) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  const std::string cookie = SignIn("siti", kPassword).cookie();
  clock_.Advance(absl::Hours(2) - absl::Seconds(1));
  EXPECT_TRUE(Refresh(cookie).status.ok());
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(ReasonOf(Refresh(cookie).status), "SESSION_ENDED");
}

TEST_F(SessionTest, AChangeOfTheAccountEndsItsSessions) {
  const std::map<std::string, std::function<void()>> changes = {
      {"role", [this] { Update("siti", [](auto& request) { request.set_role("Viewer"); }); }},
      {"password",
       [this] { Update("siti", [](auto& request) { request.set_password("ubi talas singkong"); }); }},
      {"disabled", [this] { Update("siti", [](auto& request) { request.set_disabled(true); }); }},
      {"deleted", [this] { Delete("siti"); }},
      {"deleted and made anew", [this] { Delete("siti"), Create("siti", "Operator"); }}};
  for (const auto& [name, change] : changes) {
    Delete("siti");
    ASSERT_TRUE(Create("siti", "Operator").status.ok());
    const std::string first = SignIn("siti", kPassword).cookie();
    const std::string second = SignIn("siti", kPassword).cookie();
    ASSERT_TRUE(Refresh(first).status.ok());
    change();
    EXPECT_EQ(ReasonOf(Refresh(first).status), "SESSION_ENDED") << name;
    EXPECT_EQ(ReasonOf(Refresh(second).status), "SESSION_ENDED") << name;
  }
}

TEST_F(SessionTest, AChangeThatChangesNothingEndsNothing) {
  ASSERT_TRUE(Create("siti", "Operator").status.ok());
  const std::string cookie = SignIn("siti", kPassword).cookie();
  ASSERT_TRUE(Update("siti", [](auto& request) {
                request.set_role("OPERATOR");
                request.set_disabled(false);
              }).status.ok());
  EXPECT_TRUE(Refresh(cookie).status.ok());
}

TEST_F(SessionTest, OneUserHasTwentySessionsAtMost) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  ASSERT_TRUE(Create("dewi", "Viewer").status.ok());
  const std::string other = SignIn("dewi", kPassword).cookie();
  std::vector<std::string> cookies;
  for (int i = 0; i < 21; ++i) {
    cookies.push_back(SignIn("siti", kPassword).cookie());
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(ReasonOf(Refresh(cookies[0]).status), "SESSION_ENDED");
  EXPECT_TRUE(Refresh(cookies[1]).status.ok());
  EXPECT_TRUE(Refresh(cookies[20]).status.ok());
  EXPECT_TRUE(Refresh(other).status.ok());
}

TEST_F(SessionTest, AnAdoptedTokenOpensASessionThatEndsWithIt) {
  const AnsweredSession adopted = Adopt(Token("Operator", absl::Minutes(25)));
  ASSERT_TRUE(adopted.status.ok()) << adopted.status.error_message();
  EXPECT_EQ(adopted.response.username(), "kepala");
  EXPECT_EQ(adopted.response.role(), "Operator");
  EXPECT_THAT(adopted.response.permissions(), Not(testing::Contains("manage-accounts")));
  EXPECT_THAT(adopted.set_cookie, HasSubstr("Max-Age=1500"));
  clock_.Advance(absl::Minutes(20));
  const AnsweredSession refreshed = Refresh(adopted.cookie());
  ASSERT_TRUE(refreshed.status.ok());
  EXPECT_EQ(refreshed.response.access_expire_time().seconds(), adopted.response.expire_time().seconds());
  // Adopting what it issued makes nothing longer.
  EXPECT_EQ(Adopt(refreshed.response.access_token()).response.expire_time().seconds(),
            adopted.response.expire_time().seconds());
  clock_.Advance(absl::Minutes(5));
  EXPECT_EQ(ReasonOf(Refresh(adopted.cookie()).status), "SESSION_ENDED");
  // Verifiers forgive a minute; a session does not begin in it.
  EXPECT_EQ(ReasonOf(Adopt(refreshed.response.access_token()).status), "TOKEN_EXPIRED");
}

TEST_F(SessionTest, AnAdoptedTokenWithoutARoleStaysWithoutOne) {
  const AnsweredSession adopted = Adopt(Token("", absl::Hours(1), "Budi"));
  ASSERT_TRUE(adopted.status.ok()) << adopted.status.error_message();
  EXPECT_EQ(adopted.response.role(), "Viewer") << "as the roles file says";
  const JwtVerifier verifier({.secret = kTestSecret}, clock_);
  const auto claims = verifier.Verify(Refresh(adopted.cookie()).response.access_token());
  ASSERT_TRUE(claims.ok());
  EXPECT_EQ(claims->role, "");
  EXPECT_EQ(claims->id, "65f0");
  EXPECT_EQ(claims->username, "Budi");
}

TEST_F(SessionTest, WhatIsNoGoodTokenIsNotAdopted) {
  EXPECT_EQ(ReasonOf(Adopt("nonsense").status), "TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Adopt(Token("", absl::Hours(1), "stranger")).status), "ROLE_MISSING");
  EXPECT_EQ(ReasonOf(Adopt(Token("root")).status), "ROLE_MISSING");
  EXPECT_EQ(ReasonOf(Adopt(Token("Admin", -absl::Hours(1))).status), "TOKEN_EXPIRED");
}

TEST_F(SessionTest, OtherCookiesAreNoSession) {
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  const std::string cookie = SignIn("siti", kPassword).cookie();
  EXPECT_TRUE(Refresh("theme=dark; " + cookie + "; lang=id").status.ok());
  for (const std::string& bad :
       {std::string(), std::string("theme=dark"), cookie + "; " + cookie, cookie + "x", "x" + cookie,
        cookie.substr(0, cookie.size() - 1), "satudata_session=" + std::string(43, 'A')}) {
    const AnsweredSession refused = Refresh(bad);
    EXPECT_EQ(ReasonOf(refused.status), "SESSION_ENDED") << bad;
    EXPECT_THAT(refused.set_cookie, HasSubstr("Max-Age=0")) << bad;
    EXPECT_TRUE(SignOut(bad).status.ok()) << bad;
  }
  EXPECT_TRUE(Refresh(cookie).status.ok()) << "none of them ended it";
}

TEST_F(SessionTest, TellsHowOneCanSignIn) {
  const auto options = [this] {
    return Call(edge_.sessions(), &Sessions::GetSignInOptions, v1::GetSignInOptionsRequest(), {}).response;
  };
  EXPECT_FALSE(options().password());
  EXPECT_EQ(options().portal_url(), "https://portal.example/masuk");
  ASSERT_TRUE(Create("siti", "Viewer").status.ok());
  EXPECT_TRUE(options().password());
  Update("siti", [](auto& request) { request.set_disabled(true); });
  EXPECT_FALSE(options().password());
}

TEST_F(SessionTest, APasswordIsNotRepeatedInARefusal) {
  const std::string secret(600, 'q');
  const grpc::Status status = SignIn("siti", secret).status;
  EXPECT_EQ(ReasonOf(status), "FIELD_INVALID");
  EXPECT_THAT(status.error_message() + status.error_details(), Not(HasSubstr("qqq")));
  v1::CreateAccountRequest request;
  request.mutable_account()->set_username("siti");
  request.mutable_account()->set_role("Viewer");
  request.set_password(std::string("padi\0jagung kedelai", 19));
  const auto refused = Call(edge_.accounts(), &Accounts::CreateAccount, request, Bearer(Token("Admin")));
  EXPECT_EQ(ReasonOf(refused.status), "FIELD_INVALID");
  EXPECT_THAT(refused.status.error_message() + refused.status.error_details(), Not(HasSubstr("jagung")));
}

}  // namespace
}  // namespace satudata::rpc
