// Local accounts and sessions of the built programs: an operator makes an account, somebody signs in.
#include <csignal>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "tests/e2e/browser.h"
#include "tests/e2e/stack.h"

namespace satudata::e2e {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kPassword[] = "padi jagung kedelai";

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status outer;
  google::rpc::ErrorInfo info;
  outer.ParseFromString(status.error_details());
  for (const google::protobuf::Any& any : outer.details()) any.UnpackTo(&info);
  return info.reason();
}

class SignInTest : public testing::Test {
 protected:
  std::string PasswordFile(const std::string& password) {
    std::ofstream(stack_.Path("password")) << password << "\n";
    return stack_.Path("password");
  }

  Stack stack_;
};

TEST_F(SignInTest, AnAccountFromTheCommandLineSignsInUntilItIsDisabled) {
  const Finished added =
      stack_.Ctl({"user", "add", "Siti", "--role", "operator", "-o", "json"}, PasswordFile(kPassword));
  ASSERT_EQ(added.code, 0) << added.errors;
  EXPECT_EQ(added.Lines().at(0)["username"], "siti");
  EXPECT_EQ(added.Lines().at(0)["role"], "Operator");

  Browser browser(stack_.server_address());
  EXPECT_EQ(ReasonOf(browser.SignIn("siti", "bukan kata sandinya")), "SIGN_IN_REFUSED");
  EXPECT_THAT(browser.cookie(), IsEmpty());
  const grpc::Status signed_in = browser.SignIn("siti", kPassword);
  ASSERT_TRUE(signed_in.ok()) << signed_in.error_message();
  EXPECT_EQ(browser.session().role(), "Operator");

  // The token is as good as any for the rest of the API, to which accounts do not belong.
  const std::string token = browser.session().access_token();
  EXPECT_EQ(stack_.Ctl({"targets", "--token", token}).code, 0);
  const Finished denied = stack_.Ctl({"user", "list", "--token", token});
  EXPECT_EQ(denied.code, 3);
  EXPECT_THAT(denied.errors, HasSubstr("PERMISSION_DENIED"));

  ASSERT_EQ(stack_.Ctl({"user", "set", "siti", "--disable"}).code, 0);
  EXPECT_EQ(ReasonOf(browser.Refresh()), "SESSION_ENDED");
  EXPECT_THAT(browser.cookie(), IsEmpty());
  EXPECT_EQ(ReasonOf(browser.SignIn("siti", kPassword)), "SIGN_IN_REFUSED");
  EXPECT_EQ(stack_.Ctl({"user", "list", "-o", "json"}).Lines().at(0)["disabled"], true);
  EXPECT_EQ(stack_.Ctl({"user", "remove", "siti"}).code, 0);
  EXPECT_THAT(stack_.Ctl({"user", "list", "-o", "json"}).output, IsEmpty());
}

TEST_F(SignInTest, ASessionOutlivesTheServer) {
  ASSERT_EQ(
      stack_.Ctl({"user", "add", "siti", "--role", "Viewer", "--password-file", PasswordFile(kPassword)})
          .code,
      0);
  Browser before(stack_.server_address());
  ASSERT_TRUE(before.SignIn("siti", kPassword).ok());
  stack_.server().Signal(SIGTERM);
  ASSERT_EQ(stack_.server().Wait(absl::Seconds(20)), 0);
  stack_.StartServer();
  Browser after(stack_.server_address());
  after.set_cookie(before.cookie());
  EXPECT_TRUE(after.Refresh().ok());
  EXPECT_TRUE(after.SignOut().ok());
  EXPECT_THAT(after.cookie(), IsEmpty());
  after.set_cookie(before.cookie());
  EXPECT_EQ(ReasonOf(after.Refresh()), "SESSION_ENDED");
}

TEST_F(SignInTest, ANewPasswordTakesThePlaceOfTheOld) {
  ASSERT_EQ(stack_.Ctl({"user", "add", "siti", "--role", "Viewer"}, PasswordFile(kPassword)).code, 0);
  Browser browser(stack_.server_address());
  ASSERT_TRUE(browser.SignIn("siti", kPassword).ok());
  const Finished weak = stack_.Ctl({"user", "set", "siti", "--password"}, PasswordFile("siti-siti-siti"));
  EXPECT_EQ(weak.code, 2);
  EXPECT_THAT(weak.errors, HasSubstr("PASSWORD_TOO_WEAK"));
  EXPECT_THAT(weak.errors, Not(HasSubstr("siti-siti")));
  EXPECT_TRUE(browser.Refresh().ok()) << "nothing was changed";
  ASSERT_EQ(stack_.Ctl({"user", "set", "siti", "--password"}, PasswordFile("ubi talas singkong")).code, 0);
  EXPECT_EQ(ReasonOf(browser.Refresh()), "SESSION_ENDED");
  EXPECT_EQ(ReasonOf(browser.SignIn("siti", kPassword)), "SIGN_IN_REFUSED");
  EXPECT_TRUE(browser.SignIn("siti", "ubi talas singkong").ok());
}

}  // namespace
}  // namespace satudata::e2e
