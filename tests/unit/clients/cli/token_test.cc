#include "clients/cli/token.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cpp/address.h"
#include "server/base/hash.h"
#include "tests/fakes/fake_clock.h"
#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

std::string Decoded(absl::string_view part) {
  std::string text;
  EXPECT_TRUE(absl::WebSafeBase64Unescape(part, &text));
  return text;
}

void ExpectSignedWith(const std::string& token, absl::string_view secret) {
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(Decoded(parts[2]), base::HmacSha256(secret, absl::StrCat(parts[0], ".", parts[1])));
}

std::string ClaimsOf(const std::string& token) {
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  return parts.size() == 3 ? Decoded(parts[1]) : "";
}

class TokenTest : public ::testing::Test {
 protected:
  TokenTest() {
    std::string path = ::testing::TempDir() + "/ctl-XXXXXX";
    data_dir_ = mkdtemp(path.data());
  }
  ~TokenTest() override {
    for (const char* name : {"/jwt_secret", "/token"}) std::remove((data_dir_ + name).c_str());
    rmdir(data_dir_.c_str());
  }

  void Write(const std::string& name, const std::string& content) {
    std::ofstream(data_dir_ + "/" + name, std::ios::binary) << content;
  }

  std::string data_dir_;
  TestShell shell_;
};

TEST_F(TokenTest, MakesATokenThatItsSecretVouchesFor) {
  const std::string token = MakeToken({.user = "wayan",
                                       .role = "Operator",
                                       .issue_time = absl::FromUnixSeconds(1000),
                                       .expire_time = absl::FromUnixSeconds(4600)},
                                      "rahasia");
  ExpectSignedWith(token, "rahasia");
  EXPECT_EQ(Decoded(token.substr(0, token.find('.'))), R"({"alg":"HS256","typ":"JWT"})");
  EXPECT_EQ(ClaimsOf(token), R"({"id":"wayan","username":"wayan","role":"Operator","iat":1000,"exp":4600})");
}

TEST_F(TokenTest, EscapesNamesInClaims) {
  const std::string token =
      MakeToken({.user = "a\"b", .role = "Viewer", .issue_time = {}, .expire_time = {}}, "s");
  EXPECT_NE(ClaimsOf(token).find(R"("username":"a\"b")"), std::string::npos);
}

TEST_F(TokenTest, VerbReadsTheSecretOfTheDataDirectory) {
  Write("jwt_secret", "from-the-file\n");
  const Ran ran =
      shell_.RunExactly({"--data-dir", data_dir_, "token", "--role", "operator", "--user", "made"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  ASSERT_EQ(Lines(ran.out).size(), 1u);
  ExpectSignedWith(Lines(ran.out)[0], "from-the-file");
  EXPECT_NE(ClaimsOf(Lines(ran.out)[0]).find(R"("role":"Operator")"), std::string::npos);
}

TEST_F(TokenTest, VariableComesBeforeFileVariableBeforeDataDirectory) {
  Write("jwt_secret", "third");
  Write("token", "second\n");
  const std::vector<std::string> arguments = {"token", "--role",     "Admin",  "--user",
                                              "u",     "--data-dir", data_dir_};
  shell_.variables["JWT_SECRET_FILE"] = data_dir_ + "/token";
  ExpectSignedWith(Lines(shell_.RunExactly(arguments).out).at(0), "second");
  shell_.variables["JWT_SECRET"] = "first";
  ExpectSignedWith(Lines(shell_.RunExactly(arguments).out).at(0), "first");
}

TEST_F(TokenTest, ExpiresWhenToldTo) {
  fakes::FakeClock clock(absl::FromUnixSeconds(1000));
  shell_.surroundings.clock = &clock;
  shell_.variables["JWT_SECRET"] = "s";
  const Ran ran =
      shell_.RunExactly({"token", "--role", "Admin", "--user", "u", "--expires", "30m", "-o", "json"});
  EXPECT_NE(ran.out.find(R"("expireTime":"1970-01-01T00:46:40Z")"), std::string::npos);
  EXPECT_EQ(ran.out.find('\n'), ran.out.size() - 1);
}

TEST_F(TokenTest, RefusesUnknownRolesAndDurations) {
  shell_.variables["JWT_SECRET"] = "s";
  EXPECT_EQ(shell_.RunExactly({"token", "--role", "King", "--user", "u"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(shell_.RunExactly({"token", "--role", "Admin", "--user", "u", "--expires", "soon"}).exit_code,
            ExitCode::kUsage);
  EXPECT_EQ(shell_.RunExactly({"token", "--role", "Admin", "--user", "u", "--expires", "-1h"}).exit_code,
            ExitCode::kUsage);
  EXPECT_EQ(shell_.RunExactly({"token", "--role", "Admin"}).exit_code, ExitCode::kUsage);
}

TEST_F(TokenTest, SaysWhereItLookedForASecret) {
  const Ran ran = shell_.RunExactly({"--data-dir", data_dir_, "token", "--role", "Admin", "--user", "u"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess);
  EXPECT_NE(ran.err.find(data_dir_ + "/jwt_secret"), std::string::npos);
  Write("jwt_secret", "\n");
  EXPECT_EQ(shell_.RunExactly({"--data-dir", data_dir_, "token", "--role", "Admin", "--user", "u"}).exit_code,
            ExitCode::kNoAccess);
}

class AccessTest : public TokenTest {
 protected:
  AccessTest() {
    shell_.server.targets.list_targets = [](const auto&, auto*) { return grpc::Status::OK; };
  }
  std::string SentToken(std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"--server", shell_.server.address()});
    flags.push_back("targets");
    EXPECT_EQ(shell_.RunExactly(flags).exit_code, ExitCode::kGood);
    return shell_.server.notes.Header("authorization");
  }
};

TEST_F(AccessTest, SendsTheTokenThatIsGiven) {
  EXPECT_EQ(SentToken({"--token", "abc"}), "Bearer abc");
  Write("token", "from-file\n");
  EXPECT_EQ(SentToken({"--token-file", data_dir_ + "/token"}), "Bearer from-file");
  shell_.variables["INTEGRATION_TOKEN"] = "from-variable";
  EXPECT_EQ(SentToken({}), "Bearer from-variable");
  EXPECT_EQ(SentToken({"--token", "abc"}), "Bearer abc");
}

TEST_F(AccessTest, MakesAnAdminTokenForAServerOnThisMachine) {
  Write("jwt_secret", "local");
  shell_.variables["USER"] = "made";
  const std::string header = SentToken({"--data-dir", data_dir_});
  ASSERT_EQ(header.rfind("Bearer ", 0), 0u);
  ExpectSignedWith(header.substr(7), "local");
  EXPECT_NE(ClaimsOf(header.substr(7)).find(R"("username":"made","role":"Admin")"), std::string::npos);
}

TEST_F(AccessTest, SendsNoneWhenThereIsNone) { EXPECT_EQ(SentToken({"--data-dir", data_dir_}), ""); }

TEST_F(AccessTest, RefusesWhatIsNoToken) {
  Write("token", "two words\n");
  const Ran ran = shell_.Run({"--token-file", data_dir_ + "/token", "targets"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess);
  EXPECT_NE(ran.err.find("is not a token"), std::string::npos);
  EXPECT_EQ(shell_.Run({"--token-file", data_dir_ + "/none", "targets"}).exit_code, ExitCode::kNoAccess);
  EXPECT_EQ(shell_.server.notes.calls(), 0);
}

TEST_F(AccessTest, TokenAndTokenFileExcludeEachOther) {
  EXPECT_EQ(shell_.Run({"--token", "a", "--token-file", "b", "targets"}).exit_code, ExitCode::kUsage);
}

TEST(IsLoopbackTest, KnowsThisMachineByName) {
  for (const char* server :
       {"127.0.0.1:50051", "127.8.8.8:1", "localhost:50051", "LOCALHOST:1", "[::1]:50051",
        "dns:///localhost:50051", "ipv4:127.0.0.1:50051", "unix:/run/i.sock"}) {
    EXPECT_TRUE(integration::IsLoopback(server)) << server;
  }
}

TEST(IsLoopbackTest, IsNotFooledBySimilarNames) {
  for (const char* server :
       {"127.0.0.1.example.com:50051", "localhost.example.com:1", "10.0.0.1:50051", "example.com:50051",
        "[2001:db8::1]:50051", "", ":50051", "dns:///integration:50051"}) {
    EXPECT_FALSE(integration::IsLoopback(server)) << server;
  }
}

}  // namespace
}  // namespace satudata::cli
