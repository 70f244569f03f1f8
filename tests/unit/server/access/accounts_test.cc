// Over a real database.
#include "server/access/accounts.h"

#include "gtest/gtest.h"
#include "server/access/password.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::access {
namespace {

using catalog::Reason;

constexpr char kPassword[] = "padi jagung kedelai";

class AccountsTest : public store::StoreTest {
 protected:
  AccountsTest() { OpenOn(directory_.Url("test.db")); }
  static Reason ReasonOf(const absl::Status& status) { return catalog::FailureOf(status).reason; }
  std::string HashOf(const std::string& username) {
    const auto account = store_->FindAccount(username);
    return account.ok() && account->has_value() ? (*account)->password_hash : "";
  }

  store::TempDirectory directory_;
  std::unique_ptr<Accounts> owned_;
  Accounts& accounts() {
    if (owned_ == nullptr) owned_ = std::make_unique<Accounts>(*store_, clock_);
    return *owned_;
  }
};

TEST_F(AccountsTest, KeepsANameInLowerCaseAndAHashOfThePassword) {
  const auto created =
      accounts().Create({.username = "Siti.N", .role = Role::kOperator, .password = kPassword}, "root");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->username, "siti.n");
  EXPECT_TRUE(IsPasswordOf(HashOf("siti.n"), kPassword));
  EXPECT_EQ(ReasonOf(accounts().Create({.username = "SITI.N", .password = kPassword}, "root").status()),
            Reason::kAccountExists);
}

TEST_F(AccountsTest, RefusesAWeakPassword) {
  EXPECT_EQ(ReasonOf(accounts().Create({.username = "siti", .password = "12345siti67890"}, "root").status()),
            Reason::kPasswordTooWeak);
  EXPECT_EQ(HashOf("siti"), "");
  ASSERT_TRUE(accounts().Create({.username = "siti", .password = kPassword}, "root").ok());
  const auto changed = accounts().Change("siti", {.role = Role::kAdmin, .password = "short"}, "root");
  EXPECT_EQ(ReasonOf(changed.status()), Reason::kPasswordTooWeak);
  EXPECT_EQ((*store_->FindAccount("siti"))->role, Role::kViewer) << "nothing of it was done";
}

TEST_F(AccountsTest, ChangesWhatIsAskedForAlone) {
  ASSERT_TRUE(
      accounts().Create({.username = "siti", .role = Role::kViewer, .password = kPassword}, "root").ok());
  const std::string hash = HashOf("siti");
  clock_.Advance(absl::Hours(1));
  const auto changed = accounts().Change("Siti", {.role = Role::kAdmin}, "root");
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(changed->role, Role::kAdmin);
  EXPECT_EQ(changed->update_time, clock_.Now());
  EXPECT_EQ(changed->create_time, clock_.Now() - absl::Hours(1));
  EXPECT_EQ(HashOf("siti"), hash);
  ASSERT_TRUE(accounts().Change("siti", {.password = "ubi talas singkong"}, "root").ok());
  EXPECT_TRUE(IsPasswordOf(HashOf("siti"), "ubi talas singkong"));
}

TEST_F(AccountsTest, AnUnknownAccountIsNotFound) {
  EXPECT_EQ(ReasonOf(accounts().Change("nobody", {.disabled = true}, "root").status()),
            Reason::kAccountNotFound);
  EXPECT_EQ(ReasonOf(accounts().Delete("nobody", "root")), Reason::kAccountNotFound);
}

}  // namespace
}  // namespace satudata::access
