// The rules of sessions over a real database, and what becomes of them when it fails. What a browser sees of
// them is in tests/integration/session_test.cc.
#include "server/access/sessions.h"

#include <functional>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "server/access/accounts.h"
#include "server/base/hash.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::access {
namespace {

using catalog::Reason;

constexpr char kPassword[] = "padi jagung kedelai";

absl::Status Unavailable() {
  return catalog::FailureStatus(absl::StatusCode::kUnavailable, {.reason = Reason::kStoreUnavailable});
}

// A store that can be made to fail, and in which something can happen between two calls.
class TroubledStore final : public AccountStore {
 public:
  explicit TroubledStore(AccountStore& store) : store_(store) {}

  bool reads_fail = false;
  bool writes_fail = false;
  std::function<void()> after_find;  // Once.

  absl::Status CreateAccount(const Account& account) override {
    return writes_fail ? Unavailable() : store_.CreateAccount(account);
  }
  absl::StatusOr<std::optional<Account>> FindAccount(absl::string_view username) override {
    if (reads_fail) return Unavailable();
    auto account = store_.FindAccount(username);
    if (after_find != nullptr) std::exchange(after_find, nullptr)();
    return account;
  }
  absl::StatusOr<std::vector<Account>> ListAccounts(absl::string_view after, int64_t limit) override {
    return store_.ListAccounts(after, limit);
  }
  absl::StatusOr<bool> HasEnabledAccount() override { return store_.HasEnabledAccount(); }
  absl::StatusOr<Account> UpdateAccount(absl::string_view username, const AccountChange& change,
                                        absl::Time now) override {
    return store_.UpdateAccount(username, change, now);
  }
  absl::Status DeleteAccount(absl::string_view username) override { return store_.DeleteAccount(username); }
  absl::Status OpenSession(const WebSession& session, int64_t most) override {
    return writes_fail ? Unavailable() : store_.OpenSession(session, most);
  }
  absl::StatusOr<bool> OpenAccountSession(const WebSession& session, const Account& verified,
                                          int64_t most) override {
    if (writes_fail) return Unavailable();
    return store_.OpenAccountSession(session, verified, most);
  }
  absl::StatusOr<std::optional<WebSession>> FindSession(absl::string_view key) override {
    if (reads_fail) return Unavailable();
    auto session = store_.FindSession(key);
    if (after_find != nullptr) std::exchange(after_find, nullptr)();
    return session;
  }
  absl::StatusOr<bool> UseSession(absl::string_view key, absl::Time use_time, absl::Time end_time) override {
    if (writes_fail) return Unavailable();
    return store_.UseSession(key, use_time, end_time);
  }
  absl::Status EndSession(absl::string_view key) override {
    return writes_fail ? Unavailable() : store_.EndSession(key);
  }
  absl::Status ForgetEndedSessions(absl::Time now, int64_t limit) override {
    return store_.ForgetEndedSessions(now, limit);
  }

 private:
  AccountStore& store_;
};

class SessionsTest : public store::StoreTest {
 protected:
  SessionsTest() { OpenOn(directory_.Url("test.db")); }
  void SetUp() override {
    troubled_ = std::make_unique<TroubledStore>(*store_);
    sessions_ = std::make_unique<Sessions>(*troubled_, clock_, SessionOptions());
    ASSERT_TRUE(Accounts(*store_, clock_)
                    .Create({.username = "siti", .role = Role::kOperator, .password = kPassword}, "root")
                    .ok());
  }
  absl::StatusOr<OpenedSession> SignIn(const std::string& password = kPassword) {
    auto attempt = sessions_->BeginSignIn("Siti", "10.0.0.1");
    if (!attempt.ok()) return attempt.status();
    return sessions_->SignIn(*std::move(attempt), password);
  }
  static Reason ReasonOf(const absl::Status& status) { return catalog::FailureOf(status).reason; }
  bool IsKept(const std::string& secret) {
    const auto session = store_->FindSession(base::Sha256Hex(secret));
    return session.ok() && session->has_value();
  }

  store::TempDirectory directory_;
  std::unique_ptr<TroubledStore> troubled_;
  std::unique_ptr<Sessions> sessions_;
};

TEST_F(SessionsTest, OnlyTheHashOfTheSecretIsKept) {
  const auto opened = SignIn();
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->secret.size(), 43U);
  EXPECT_TRUE(IsKept(opened->secret));
  EXPECT_FALSE((*store_->FindSession(opened->secret)).has_value());
  EXPECT_NE(SignIn()->secret, opened->secret);
}

TEST_F(SessionsTest, ASessionSpeaksForItsAccount) {
  const auto opened = SignIn();
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->session.identity.id, "local:siti");
  EXPECT_EQ(opened->session.identity.username, "siti");
  EXPECT_EQ(opened->session.identity.role, "Operator");
  EXPECT_EQ((*store_->FindAccount("siti"))->sign_in_time, clock_.Now());
}

TEST_F(SessionsTest, AnAccountThatChangesWhileThePasswordIsCheckedOpensNothing) {
  const auto races = {
      std::function([this] { (void)store_->UpdateAccount("siti", {.disabled = true}, clock_.Now()); }),
      std::function([this] { (void)store_->UpdateAccount("siti", {.role = Role::kAdmin}, clock_.Now()); }),
      std::function([this] { (void)store_->UpdateAccount("siti", {.password_hash = "x"}, clock_.Now()); }),
      std::function([this] { (void)store_->DeleteAccount("siti"); })};
  for (const auto& race : races) {
    (void)store_->DeleteAccount("siti");
    ASSERT_TRUE(Accounts(*store_, clock_)
                    .Create({.username = "siti", .role = Role::kOperator, .password = kPassword}, "root")
                    .ok());
    troubled_->after_find = race;
    EXPECT_EQ(ReasonOf(SignIn().status()), Reason::kSignInRefused);
  }
}

TEST_F(SessionsTest, AHashThatIsNoneLetsNobodyIn) {
  ASSERT_TRUE(store_->UpdateAccount("siti", {.password_hash = "not a hash"}, clock_.Now()).ok());
  EXPECT_EQ(ReasonOf(SignIn().status()), Reason::kSignInRefused);
  EXPECT_EQ(ReasonOf(SignIn("not a hash").status()), Reason::kSignInRefused);
}

TEST_F(SessionsTest, WhatTheDatabaseFailedIsNoFailureToSignIn) {
  troubled_->reads_fail = true;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ReasonOf(SignIn("wrong").status()), Reason::kStoreUnavailable);
  troubled_->reads_fail = false;
  troubled_->writes_fail = true;
  EXPECT_EQ(ReasonOf(SignIn().status()), Reason::kStoreUnavailable);
  troubled_->writes_fail = false;
  EXPECT_TRUE(SignIn().ok());
}

TEST_F(SessionsTest, WhoIsSignedInStaysSoWhileTheDatabaseTakesNoWrites) {
  const auto opened = SignIn();
  troubled_->writes_fail = true;
  clock_.Advance(absl::Minutes(90));
  EXPECT_TRUE(sessions_->Refresh(opened->secret).ok());
  clock_.Advance(absl::Minutes(30));
  EXPECT_EQ(ReasonOf(sessions_->Refresh(opened->secret).status()), Reason::kSessionEnded)
      << "the use could not be noted";
}

TEST_F(SessionsTest, ASessionThatCannotBeLookedUpIsNotOver) {
  const auto opened = SignIn();
  troubled_->reads_fail = true;
  EXPECT_EQ(ReasonOf(sessions_->Refresh(opened->secret).status()), Reason::kStoreUnavailable);
  troubled_->reads_fail = false;
  EXPECT_TRUE(sessions_->Refresh(opened->secret).ok());
}

TEST_F(SessionsTest, ASessionThatEndsWhileItIsRefreshedIsOver) {
  const auto opened = SignIn();
  clock_.Advance(absl::Minutes(5));
  troubled_->after_find = [&] { (void)store_->EndSession(base::Sha256Hex(opened->secret)); };
  EXPECT_EQ(ReasonOf(sessions_->Refresh(opened->secret).status()), Reason::kSessionEnded);
}

// A database that was mended by hand.
TEST_F(SessionsTest, ASessionWithoutItsAccountIsOver) {
  const auto opened = SignIn();
  auto session = *store_->FindSession(base::Sha256Hex(opened->secret));
  ASSERT_TRUE(store_->DeleteAccount("siti").ok());
  ASSERT_TRUE(store_->OpenSession(*session, 20).ok());
  EXPECT_EQ(ReasonOf(sessions_->Refresh(opened->secret).status()), Reason::kSessionEnded);
}

TEST_F(SessionsTest, EndedSessionsAreForgotten) {
  const auto first = SignIn();
  clock_.Advance(absl::Hours(2) - absl::Seconds(1));
  ASSERT_TRUE(sessions_->ForgetEnded().ok());
  EXPECT_TRUE(IsKept(first->secret));
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(sessions_->ForgetEnded().ok());
  EXPECT_FALSE(IsKept(first->secret));

  const auto second = SignIn();
  clock_.Advance(absl::Hours(3));
  EXPECT_TRUE(SignIn().ok());
  EXPECT_FALSE(IsKept(second->secret)) << "with the next one that is opened";
}

// The wall clock may be set back or forward; neither makes a session longer than it is.
TEST_F(SessionsTest, AClockThatIsSetBackDoesNotThrowAnybodyOut) {
  const auto opened = SignIn();
  clock_.SetWallTime(clock_.Now() - absl::Hours(1));
  const auto refreshed = sessions_->Refresh(opened->secret);
  ASSERT_TRUE(refreshed.ok());
  EXPECT_EQ(refreshed->expire_time, opened->session.expire_time);
}

TEST_F(SessionsTest, AnAdoptedSessionHasNothingToDoWithAccountsOfThatName) {
  const auto adopted =
      sessions_->Adopt({.id = "65f0", .username = "siti", .role = "Viewer"}, clock_.Now() + absl::Hours(1));
  ASSERT_TRUE(adopted.ok());
  ASSERT_TRUE(store_->DeleteAccount("siti").ok());
  EXPECT_TRUE(sessions_->Refresh(adopted->secret).ok());
}

TEST_F(SessionsTest, AnAdoptedSessionEndsTwelveHoursLaterAtMost) {
  const auto adopted = sessions_->Adopt({.id = "65f0"}, absl::InfiniteFuture());
  ASSERT_TRUE(adopted.ok());
  EXPECT_EQ(adopted->session.expire_time, clock_.Now() + absl::Hours(12));
  EXPECT_EQ(ReasonOf(sessions_->Adopt({.id = "65f0"}, clock_.Now()).status()), Reason::kTokenExpired);
}

}  // namespace
}  // namespace satudata::access
