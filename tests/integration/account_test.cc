// Accounts over real gRPC and a real database.
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"
#include "tests/integration/generic_call.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"
#include "tests/integration/test_store.h"

namespace satudata::rpc {
namespace {

using grpc::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kPassword[] = "padi jagung kedelai";

class AccountTest : public testing::Test {
 protected:
  using Stub = v1::AccountService::Stub;

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response, const char* role = "Admin") {
    grpc::ClientContext context;
    edge_.SignIn(context, role);
    context.AddMetadata("accept-language", "en");
    const auto stub = edge_.accounts();
    return ((*stub).*method)(&context, request, response);
  }
  static v1::CreateAccountRequest NewAccount(const std::string& username, const std::string& password) {
    v1::CreateAccountRequest request;
    request.mutable_account()->set_username(username);
    request.mutable_account()->set_role("viewer");
    request.set_password(password);
    return request;
  }
  void Create(const std::string& username) {
    v1::Account account;
    const grpc::Status status = Call(&Stub::CreateAccount, NewAccount(username, kPassword), &account);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  fakes::FakeClock clock_;
  const TestStore store_{clock_};
  RpcEdge edge_{{.accounts = store_.get(), .clock = &clock_}};
};

TEST_F(AccountTest, DisablingDoesNotWaitForThoseWhoTrySignIn) {
  Create("siti");
  std::promise<void> over;
  const std::shared_future<void> until = over.get_future().share();
  while (edge_.password_executor().Execute([until] { until.wait(); })) {
  }
  v1::UpdateAccountRequest update;
  update.set_username("siti");
  update.set_disabled(true);
  v1::Account account;
  const grpc::Status status = Call(&Stub::UpdateAccount, update, &account);
  over.set_value();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(account.disabled());
}

TEST_F(AccountTest, AnAccountIsMadeChangedAndRemoved) {
  v1::CreateAccountRequest request = NewAccount("Siti", kPassword);
  request.mutable_account()->set_disabled(true);
  v1::Account account;
  ASSERT_TRUE(Call(&Stub::CreateAccount, request, &account).ok());
  EXPECT_EQ(account.username(), "siti");
  EXPECT_EQ(account.role(), "Viewer");
  EXPECT_TRUE(account.disabled());
  EXPECT_FALSE(account.has_sign_in_time());

  clock_.Advance(absl::Hours(1));
  v1::UpdateAccountRequest update;
  update.set_username("SITI");
  update.set_role("ADMIN");
  update.set_disabled(false);
  ASSERT_TRUE(Call(&Stub::UpdateAccount, update, &account).ok());
  EXPECT_EQ(account.role(), "Admin");
  EXPECT_FALSE(account.disabled());
  EXPECT_EQ(account.update_time().seconds() - account.create_time().seconds(), 3600);

  v1::DeleteAccountRequest removal;
  removal.set_username("siti");
  v1::DeleteAccountResponse removed;
  EXPECT_TRUE(Call(&Stub::DeleteAccount, removal, &removed).ok());
  const grpc::Status again = Call(&Stub::DeleteAccount, removal, &removed);
  EXPECT_EQ(again.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(again), "ACCOUNT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Call(&Stub::UpdateAccount, update, &account)), "ACCOUNT_NOT_FOUND");
}

TEST_F(AccountTest, ANameIsTakenOnceInAnyCase) {
  Create("siti");
  v1::Account account;
  const grpc::Status again = Call(&Stub::CreateAccount, NewAccount("SITI", kPassword), &account);
  EXPECT_EQ(again.error_code(), StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(ReasonOf(again), "ACCOUNT_EXISTS");
}

TEST_F(AccountTest, AWeakPasswordIsRefusedWithoutRepeatingIt) {
  v1::Account account;
  for (const char* password : {"zwak12345", "zwak-siti-zwak"}) {
    const grpc::Status status = Call(&Stub::CreateAccount, NewAccount("siti", password), &account);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(ReasonOf(status), "PASSWORD_TOO_WEAK");
    EXPECT_THAT(status.error_message() + status.error_details(), Not(HasSubstr("zwak")));
  }
}

TEST_F(AccountTest, ListsByNamePageByPage) {
  for (const char* name : {"dewi", "agus", "siti"}) Create(name);
  v1::ListAccountsRequest request;
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    v1::ListAccountsResponse response;
    ASSERT_TRUE(Call(&Stub::ListAccounts, request, &response).ok());
    EXPECT_LE(response.accounts_size(), 2);
    for (const v1::Account& account : response.accounts()) names.push_back(account.username());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("agus", "dewi", "siti"));
  request.set_page_token("nonsense");
  v1::ListAccountsResponse response;
  EXPECT_EQ(ReasonOf(Call(&Stub::ListAccounts, request, &response)), "PAGE_TOKEN_INVALID");
}

TEST_F(AccountTest, AnAdminAloneMayAsk) {
  Create("siti");
  for (const char* role : {"Operator", "Validator", "Viewer"}) {
    v1::ListAccountsResponse response;
    const grpc::Status status = Call(&Stub::ListAccounts, v1::ListAccountsRequest(), &response, role);
    EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED) << role;
    EXPECT_EQ(ErrorInfoOf(status).metadata().at("permission"), "manage-accounts");
  }
}

// However many are tried at once: four passwords are looked at, then the name has to wait.
TEST_F(AccountTest, ManyGuessesAtOnceAreNoWayAroundTheLimit) {
  Create("siti");
  v1::SignInRequest guess;
  guess.set_username("siti");
  guess.set_password("bukan kata sandinya");
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<GenericCall>> calls;
  for (int i = 0; i < 50; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    calls.push_back(std::make_unique<GenericCall>(edge_.channel(), *contexts.back(),
                                                  "/satudata.integration.v1.SessionService/SignIn",
                                                  guess.SerializeAsString()));
  }
  int looked_at = 0;
  for (const auto& call : calls) {
    const std::string reason = ReasonOf(call->Await());
    if (reason == "SIGN_IN_REFUSED") ++looked_at;
    EXPECT_TRUE(reason == "SIGN_IN_REFUSED" || reason == "TOO_MANY_ATTEMPTS") << reason;
  }
  EXPECT_EQ(looked_at, 4);
}

// A caller who goes away while he waits his turn neither blocks the others nor is counted.
TEST_F(AccountTest, CallsThatAreGivenUpLeaveNothingBehind) {
  Create("siti");
  v1::SignInRequest request;
  request.set_username("siti");
  request.set_password(kPassword);
  const auto sign_in_within = [&](absl::Duration limit) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(limit));
    v1::Session session;
    return edge_.sessions()->SignIn(&context, request, &session);
  };
  for (int i = 0; i < 30; ++i) sign_in_within(absl::Milliseconds(i % 3));
  // While those that were not noticed in time are still under way, they count.
  grpc::Status status = sign_in_within(absl::Seconds(20));
  for (int i = 0; i < 10'000 && ReasonOf(status) == "TOO_MANY_ATTEMPTS"; ++i) {
    std::this_thread::yield();
    status = sign_in_within(absl::Seconds(20));
  }
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace satudata::rpc
