// What access::AccountStore promises, whatever the engine.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using access::Account;
using access::Origin;
using access::Role;
using access::WebSession;
using catalog::FailureOf;
using catalog::Reason;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kMost = 20;

class AccountContractTest : public StoreContractTest {
 protected:
  Account MakeAccount(const std::string& username, Role role = Role::kOperator) {
    return {.username = username,
            .role = role,
            .password_hash = "$y$hash of " + username,
            .create_time = clock_.Now(),
            .update_time = clock_.Now()};
  }
  Account Create(const std::string& username) {
    Account account = MakeAccount(username);
    EXPECT_TRUE(store_->CreateAccount(account).ok());
    return account;
  }
  WebSession MakeSession(const std::string& key, const std::string& username = "siti") {
    return {.key = key,
            .identity = {.id = "local:" + username, .username = username, .role = "Operator"},
            .origin = Origin::kAccount,
            .create_time = clock_.Now(),
            .use_time = clock_.Now(),
            .expire_time = clock_.Now() + absl::Hours(12),
            .end_time = clock_.Now() + absl::Hours(2)};
  }
  WebSession MakeTokenSession(const std::string& key) {
    WebSession session = MakeSession(key);
    session.identity = {.id = "65f0", .username = "siti", .role = ""};
    session.origin = Origin::kToken;
    return session;
  }
  bool OpenFor(const Account& account, const std::string& key) {
    const auto opened = store_->OpenAccountSession(MakeSession(key, account.username), account, kMost);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.value_or(false);
  }
  // Which of `keys` are there.
  std::vector<std::string> Kept(const std::vector<std::string>& keys) {
    std::vector<std::string> kept;
    for (const std::string& key : keys) {
      const auto session = store_->FindSession(key);
      EXPECT_TRUE(session.ok()) << session.status();
      if (session.ok() && session->has_value()) kept.push_back(key);
    }
    return kept;
  }
  std::vector<std::string> Names(const std::string& after, int64_t limit) {
    std::vector<std::string> names;
    const auto accounts = store_->ListAccounts(after, limit);
    EXPECT_TRUE(accounts.ok()) << accounts.status();
    for (const Account& account : *accounts) names.push_back(account.username);
    return names;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, AccountContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(AccountContractTest, AnAccountComesBackAsItWasCreated) {
  Account account = MakeAccount("siti.n@dinas", Role::kValidator);
  account.disabled = true;
  ASSERT_TRUE(store_->CreateAccount(account).ok());
  Reopen();
  const auto found = *store_->FindAccount("siti.n@dinas");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->username, account.username);
  EXPECT_EQ(found->role, account.role);
  EXPECT_EQ(found->password_hash, account.password_hash);
  EXPECT_TRUE(found->disabled);
  EXPECT_EQ(found->create_time, account.create_time);
  EXPECT_EQ(found->sign_in_time, std::nullopt);
  EXPECT_EQ(*store_->FindAccount("siti"), std::nullopt);
}

TEST_P(AccountContractTest, ANameIsTakenOnce) {
  Create("siti");
  const absl::Status again = store_->CreateAccount(MakeAccount("siti", Role::kAdmin));
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(FailureOf(again).reason, Reason::kAccountExists);
  EXPECT_EQ((*store_->FindAccount("siti"))->role, Role::kOperator);
}

TEST_P(AccountContractTest, ListsByNameInPages) {
  EXPECT_THAT(Names("", 10), IsEmpty());
  for (const char* name : {"dewi", "agus", "siti", "budi"}) Create(name);
  EXPECT_THAT(Names("", 3), ElementsAre("agus", "budi", "dewi"));
  EXPECT_THAT(Names("dewi", 3), ElementsAre("siti"));
}

TEST_P(AccountContractTest, KnowsWhetherAnybodyCanSignIn) {
  EXPECT_FALSE(*store_->HasEnabledAccount());
  Create("siti");
  EXPECT_TRUE(*store_->HasEnabledAccount());
  ASSERT_TRUE(store_->UpdateAccount("siti", {.disabled = true}, clock_.Now()).ok());
  EXPECT_FALSE(*store_->HasEnabledAccount());
}

TEST_P(AccountContractTest, AChangeThatMattersEndsTheAccountsSessionsAndNoOthers) {
  const std::vector<access::AccountChange> changes = {
      {.role = Role::kAdmin}, {.password_hash = "$y$another"}, {.disabled = true}};
  for (const access::AccountChange& change : changes) {
    (void)store_->DeleteAccount("siti");
    const Account siti = Create("siti");
    (void)store_->DeleteAccount("dewi");
    ASSERT_TRUE(OpenFor(siti, "s1") && OpenFor(siti, "s2") && OpenFor(Create("dewi"), "d1"));
    const auto changed = store_->UpdateAccount("siti", change, clock_.Now());
    ASSERT_TRUE(changed.ok()) << changed.status();
    EXPECT_EQ(changed->role, change.role.value_or(siti.role));
    EXPECT_THAT(Kept({"s1", "s2", "d1"}), ElementsAre("d1"));
  }
}

TEST_P(AccountContractTest, AChangeThatChangesNothingKeepsThem) {
  const Account siti = Create("siti");
  ASSERT_TRUE(OpenFor(siti, "s1"));
  ASSERT_TRUE(store_->UpdateAccount("siti", {.role = siti.role, .disabled = false}, clock_.Now()).ok());
  EXPECT_THAT(Kept({"s1"}), ElementsAre("s1"));
}

TEST_P(AccountContractTest, RemovingAnAccountEndsItsSessionsButNotThoseOfTokensWithItsName) {
  ASSERT_TRUE(OpenFor(Create("siti"), "s1"));
  ASSERT_TRUE(store_->OpenSession(MakeTokenSession("t1"), kMost).ok());
  ASSERT_TRUE(store_->DeleteAccount("siti").ok());
  EXPECT_THAT(Kept({"s1", "t1"}), ElementsAre("t1"));
  EXPECT_EQ(FailureOf(store_->DeleteAccount("siti")).reason, Reason::kAccountNotFound);
  EXPECT_EQ(FailureOf(store_->UpdateAccount("siti", {}, clock_.Now()).status()).reason,
            Reason::kAccountNotFound);
}

TEST_P(AccountContractTest, ASessionIsOpenedOnlyForTheAccountAsItWasVerified) {
  const Account verified = Create("siti");
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(OpenFor(verified, "s0"));
  EXPECT_EQ((*store_->FindAccount("siti"))->sign_in_time, clock_.Now());
  const std::vector<access::AccountChange> changes = {
      {.role = Role::kAdmin}, {.password_hash = "$y$another"}, {.disabled = true}};
  for (const access::AccountChange& change : changes) {
    (void)store_->DeleteAccount("siti");
    Create("siti");
    ASSERT_TRUE(store_->UpdateAccount("siti", change, clock_.Now()).ok());
    EXPECT_FALSE(OpenFor(verified, "s1"));
  }
  ASSERT_TRUE(store_->DeleteAccount("siti").ok());
  EXPECT_FALSE(OpenFor(verified, "s1"));
  EXPECT_THAT(Kept({"s0", "s1"}), IsEmpty());
}

TEST_P(AccountContractTest, ASessionComesBackAsItWasOpened) {
  WebSession session = MakeTokenSession("t1");
  session.expire_time = clock_.Now() + absl::Minutes(25);
  session.end_time = session.expire_time;
  ASSERT_TRUE(store_->OpenSession(session, kMost).ok());
  Reopen();
  const auto found = *store_->FindSession("t1");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->identity.id, "65f0");
  EXPECT_EQ(found->identity.username, "siti");
  EXPECT_EQ(found->identity.role, "");
  EXPECT_EQ(found->origin, Origin::kToken);
  EXPECT_EQ(found->create_time, session.create_time);
  EXPECT_EQ(found->expire_time, session.expire_time);
  EXPECT_EQ(found->end_time, session.end_time);
}

TEST_P(AccountContractTest, OfOneUserTheOldestSessionEnds) {
  const Account siti = Create("siti");
  ASSERT_TRUE(OpenFor(Create("dewi"), "d1"));
  ASSERT_TRUE(store_->OpenSession(MakeTokenSession("t1"), kMost).ok());
  std::vector<std::string> keys;
  for (int i = 0; i < 23; ++i) {
    keys.push_back(absl::StrCat("s", i));
    ASSERT_TRUE(OpenFor(siti, keys.back()));
    // Some in the same moment.
    if (i % 2 == 0) clock_.Advance(absl::Seconds(1));
  }
  const std::vector<std::string> kept = Kept(keys);
  EXPECT_EQ(kept.size(), 20U);
  EXPECT_EQ(kept.back(), "s22");
  EXPECT_THAT(Kept({"s0", "d1", "t1"}), ElementsAre("d1", "t1"));
}

TEST_P(AccountContractTest, AUseMovesTheEnd) {
  ASSERT_TRUE(OpenFor(Create("siti"), "s1"));
  clock_.Advance(absl::Hours(1));
  EXPECT_TRUE(*store_->UseSession("s1", clock_.Now(), clock_.Now() + absl::Hours(2)));
  EXPECT_EQ((*store_->FindSession("s1"))->use_time, clock_.Now());
  EXPECT_EQ((*store_->FindSession("s1"))->end_time, clock_.Now() + absl::Hours(2));
  ASSERT_TRUE(store_->EndSession("s1").ok());
  EXPECT_FALSE(*store_->UseSession("s1", clock_.Now(), clock_.Now()));
  EXPECT_TRUE(store_->EndSession("s1").ok()) << "twice is no error";
}

TEST_P(AccountContractTest, ForgetsSoManyOfWhatHasEnded) {
  const Account siti = Create("siti");
  for (const char* key : {"s1", "s2", "s3"}) {
    ASSERT_TRUE(OpenFor(siti, key));
    clock_.Advance(absl::Minutes(1));
  }
  ASSERT_TRUE(store_->ForgetEndedSessions(clock_.Now(), 10).ok());
  EXPECT_THAT(Kept({"s1", "s2", "s3"}), ElementsAre("s1", "s2", "s3"));
  clock_.Advance(absl::Hours(2));
  ASSERT_TRUE(store_->ForgetEndedSessions(clock_.Now(), 2).ok());
  EXPECT_THAT(Kept({"s1", "s2", "s3"}), ElementsAre("s3"));
  ASSERT_TRUE(store_->OpenSession(MakeTokenSession("t1"), kMost).ok());
  EXPECT_THAT(Kept({"s3", "t1"}), ElementsAre("t1")) << "an opening takes some along";
}

}  // namespace
}  // namespace satudata::store
