// user add, list, set, remove; and where a new password comes from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <fstream>
#include <optional>
#include <string>

#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPassword[] = "padi jagung kedelai";

class UsersTest : public ::testing::Test {
 protected:
  UsersTest() {
    std::string path = ::testing::TempDir() + "/password-XXXXXX";
    close(mkstemp(path.data()));
    file_ = path;
    shell_.server.accounts.create_account = [this](const v1::CreateAccountRequest& request,
                                                   v1::Account* account) {
      created_ = request;
      *account = request.account();
      return grpc::Status::OK;
    };
    shell_.server.accounts.update_account = [this](const v1::UpdateAccountRequest& request,
                                                   v1::Account* account) {
      updated_ = request;
      account->set_username(request.username());
      return grpc::Status::OK;
    };
  }
  ~UsersTest() override { std::remove(file_.c_str()); }

  void WriteFile(const std::string& content) { std::ofstream(file_, std::ios::binary) << content; }
  // A person at a terminal who types these lines.
  void Types(std::deque<std::optional<std::string>> lines) {
    typed_ = std::move(lines);
    shell_.surroundings.hidden_line = [this]() -> std::optional<std::string> {
      if (typed_.empty()) return std::nullopt;
      std::optional<std::string> line = typed_.front();
      typed_.pop_front();
      return line;
    };
  }

  std::string file_;
  std::deque<std::optional<std::string>> typed_;
  std::optional<v1::CreateAccountRequest> created_;
  std::optional<v1::UpdateAccountRequest> updated_;
  TestShell shell_;
};

TEST_F(UsersTest, AddsAUserWithThePasswordFromStandardInput) {
  shell_.standard_input = std::string(kPassword) + "\nanother line\n";
  const Ran ran = shell_.Run({"user", "add", "siti", "--role", "operator"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  ASSERT_TRUE(created_.has_value());
  EXPECT_EQ(created_->account().username(), "siti");
  EXPECT_EQ(created_->account().role(), "operator");
  EXPECT_EQ(created_->password(), kPassword);
  EXPECT_THAT(ran.out, HasSubstr("siti"));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("padi")));
}

TEST_F(UsersTest, TakesTheFirstLineOfAPasswordFile) {
  Types({"not asked for"});
  for (const std::string end : {"", "\n", "\r\n", "\nmore\n"}) {
    WriteFile(kPassword + end);
    created_.reset();
    EXPECT_EQ(shell_.Run({"user", "add", "siti", "--role", "Viewer", "--password-file", file_}).exit_code,
              ExitCode::kGood);
    ASSERT_TRUE(created_.has_value());
    EXPECT_EQ(created_->password(), kPassword);
  }
}

TEST_F(UsersTest, AsksTwiceOnATerminal) {
  Types({kPassword, kPassword});
  const Ran ran = shell_.Run({"user", "add", "siti", "--role", "Viewer"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(created_->password(), kPassword);
  EXPECT_EQ(ran.err, "New password: \nOnce more: \n");
}

TEST_F(UsersTest, TwoPasswordsThatDifferAreNone) {
  Types({kPassword, "padi jagung kedele"});
  const Ran ran = shell_.Run({"user", "add", "siti", "--role", "Viewer"});
  EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("the two passwords differ"));
  EXPECT_FALSE(created_.has_value());
}

TEST_F(UsersTest, CtrlCAtTheQuestionEndsIt) {
  Types({kPassword});
  EXPECT_EQ(shell_.Run({"user", "add", "siti", "--role", "Viewer"}).exit_code, ExitCode::kInterrupted);
  EXPECT_FALSE(created_.has_value());
}

TEST_F(UsersTest, WithoutAPasswordNothingIsAsked) {
  for (const std::string input : {"", "\n"}) {
    shell_.standard_input = input;
    const Ran ran = shell_.Run({"user", "add", "siti", "--role", "Viewer"});
    EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
    EXPECT_THAT(ran.err, HasSubstr("the password is empty"));
  }
  EXPECT_EQ(
      shell_.Run({"user", "add", "siti", "--role", "Viewer", "--password-file", "/nonexistent"}).exit_code,
      ExitCode::kUsage);
  shell_.standard_input = "s\xff\n";
  EXPECT_THAT(shell_.Run({"user", "add", "siti", "--role", "Viewer"}).err, HasSubstr("not UTF-8"));
  EXPECT_EQ(shell_.server.notes.calls(), 0);
}

TEST_F(UsersTest, ListsUsers) {
  shell_.server.accounts.list_accounts = [](const v1::ListAccountsRequest& request,
                                            v1::ListAccountsResponse* response) {
    v1::Account& account = *response->add_accounts();
    account.set_username(request.page_token().empty() ? "agus" : "siti");
    account.set_role("Viewer");
    account.set_disabled(!request.page_token().empty());
    if (request.page_token().empty()) response->set_next_page_token("more");
    account.mutable_create_time()->set_seconds(1'700'000'000);
    return grpc::Status::OK;
  };
  const Ran ran = shell_.Run({"user", "list"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_THAT(Lines(ran.out),
              ElementsAre(HasSubstr("LAST SIGN-IN"), HasSubstr("active"), HasSubstr("disabled")));
  EXPECT_THAT(Lines(shell_.Run({"user", "list", "-o", "json"}).out),
              ElementsAre(HasSubstr("\"username\":\"agus\""), HasSubstr("\"disabled\":true")));
}

TEST_F(UsersTest, SetsWhatIsGivenAlone) {
  EXPECT_EQ(shell_.Run({"user", "set", "siti", "--disable"}).exit_code, ExitCode::kGood);
  EXPECT_TRUE(updated_->disabled());
  EXPECT_FALSE(updated_->has_role() || updated_->has_password());

  EXPECT_EQ(shell_.Run({"user", "set", "siti", "--enable", "--role", "Admin"}).exit_code, ExitCode::kGood);
  EXPECT_TRUE(updated_->has_disabled() && !updated_->disabled());
  EXPECT_EQ(updated_->role(), "Admin");

  shell_.standard_input = std::string(kPassword) + "\n";
  EXPECT_EQ(shell_.Run({"user", "set", "siti", "--password"}).exit_code, ExitCode::kGood);
  EXPECT_EQ(updated_->password(), kPassword);
  EXPECT_FALSE(updated_->has_disabled());

  WriteFile("ubi talas singkong\n");
  EXPECT_EQ(shell_.Run({"user", "set", "siti", "--password-file", file_}).exit_code, ExitCode::kGood);
  EXPECT_EQ(updated_->password(), "ubi talas singkong");
}

TEST_F(UsersTest, WrongUsageAsksNothing) {
  const std::vector<std::vector<std::string>> wrong = {{"user"},
                                                       {"user", "fly"},
                                                       {"user", "add", "siti"},
                                                       {"user", "add", "siti", "--role", "root"},
                                                       {"user", "set", "siti"},
                                                       {"user", "set", "siti", "--enable", "--disable"},
                                                       {"user", "remove"}};
  for (const std::vector<std::string>& arguments : wrong) {
    const Ran ran = shell_.Run(arguments);
    EXPECT_EQ(ran.exit_code, ExitCode::kUsage) << ::testing::PrintToString(arguments);
    EXPECT_THAT(ran.err, HasSubstr("integrationctl: "));
    EXPECT_THAT(ran.out, IsEmpty());
  }
  EXPECT_EQ(shell_.server.notes.calls(), 0);
}

TEST_F(UsersTest, RemovesAUser) {
  std::string removed;
  shell_.server.accounts.delete_account = [&](const v1::DeleteAccountRequest& request,
                                              v1::DeleteAccountResponse*) {
    removed = request.username();
    return grpc::Status::OK;
  };
  const Ran ran = shell_.Run({"user", "remove", "siti"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_EQ(removed, "siti");
  EXPECT_THAT(ran.err, HasSubstr("Removed: siti"));
}

TEST_F(UsersTest, ARefusalIsShownWithItsReason) {
  shell_.standard_input = "short\n";
  shell_.server.accounts.create_account = [](const v1::CreateAccountRequest&, v1::Account*) {
    return RefusalStatus(grpc::StatusCode::INVALID_ARGUMENT, "PASSWORD_TOO_WEAK", "too easy", "password");
  };
  const Ran ran = shell_.Run({"user", "add", "siti", "--role", "Viewer"});
  EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("[PASSWORD_TOO_WEAK]"));
}

TEST_F(UsersTest, CompletionKnowsTheVerbsBelowIt) {
  EXPECT_THAT(shell_.RunExactly({"completion", "bash"}).out,
              HasSubstr("user) flags=\"add list set remove --help --role --password-file"));
  EXPECT_THAT(shell_.RunExactly({"completion", "fish"}).out,
              HasSubstr("-n '__fish_seen_subcommand_from user' -a 'add list set remove'"));
}

}  // namespace
}  // namespace satudata::cli
