// The small pieces that settings are read with.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/main/command_line.h"
#include "server/main/listen_address.h"
#include "server/main/secret.h"
#include "server/main/setting_sources.h"
#include "server/main/setting_table.h"
#include "server/main/text_file.h"
#include "server/store/process_lock.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/temporary_directory.h"

namespace satudata::main {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(EnvFile, ReadsWhatPeopleWrite) {
  const auto variables = ParseEnvFile(
      "# the portal's\nPORT=5000\nexport JWT_SECRET='a b#c'\nURL=http://x/?a=b # comment\n"
      "QUOTED=\"x\" # more\nEMPTY=\n\n  SPACED =  y  \r\n");
  ASSERT_TRUE(variables.ok()) << variables.status();
  EXPECT_THAT(*variables,
              ElementsAre(Pair("EMPTY", ""), Pair("JWT_SECRET", "a b#c"), Pair("PORT", "5000"),
                          Pair("QUOTED", "x"), Pair("SPACED", "y"), Pair("URL", "http://x/?a=b")));
}

TEST(EnvFile, NamesTheLineThatIsNone) {
  for (const char* text :
       {"A=1\nnonsense\n", "A=1\n=x\n", "A=1\nB='open\n", "A=1\nB=\"x\" y\n", "A=1\n7B=x\n"}) {
    EXPECT_THAT(ParseEnvFile(text).status().ToString(), HasSubstr("line 2")) << text;
  }
  EXPECT_THAT(ParseEnvFile("hunter2").status().ToString(), Not(HasSubstr("hunter2")));
}

TEST(SettingTable, EverySettingIsExplained) {
  for (const SettingRow& row : AllSettings()) {
    EXPECT_EQ(FindSetting(row.name), &row) << row.name;
    EXPECT_EQ(row.help.empty(), row.exposure == Exposure::kNotYet) << row.name;
  }
  EXPECT_EQ(FlagName("TLS_CLIENT_CA_FILE"), "--tls-client-ca-file");
  EXPECT_EQ(FindSetting("NOPE"), nullptr);
}

TEST(ListenAddress, IsHostAndPort) {
  EXPECT_EQ(ParseListenAddress("127.0.0.1:50051")->port, 50051);
  EXPECT_EQ(ParseListenAddress("[::1]:0")->host, "::1");
  EXPECT_EQ(ParseListenAddress("localhost:1")->host, "localhost");
  for (const char* text :
       {"", ":", ":80", "80", "a:", "a:b", "a:-1", "a:65536", "::1:80", "[a]:1", "[::1]", "a:+1"}) {
    EXPECT_FALSE(ParseListenAddress(text).has_value()) << text;
  }
}

TEST(ListenAddress, KnowsLoopback) {
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"}) {
    EXPECT_TRUE(ParseListenAddress(text)->IsLoopback()) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.go.id:1"}) {
    EXPECT_FALSE(ParseListenAddress(text)->IsLoopback()) << text;
  }
}

absl::StatusOr<CommandLine> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "integration-server");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

TEST(CommandLine, HasAFlagForEverySettingButSecrets) {
  const auto line = Parse({"--grpc-listen", "127.0.0.1:0", "--log-level=debug", "--env-file", "x.env"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->action, Action::kServe);
  EXPECT_EQ(line->flags.at("GRPC_LISTEN"), "127.0.0.1:0");
  EXPECT_EQ(line->flags.at("LOG_LEVEL"), "debug");
  EXPECT_EQ(line->env_file, "x.env");
  for (const SettingRow& row : AllSettings()) {
    const std::string flag = FlagName(row.name);
    EXPECT_EQ(Parse({flag.c_str(), "x"}).ok(), row.exposure == Exposure::kFlag) << flag;
  }
}

TEST(CommandLine, PrintsHelpAndVersion) {
  EXPECT_THAT(Parse({"--help"})->text,
              testing::AllOf(HasSubstr("--grpc-listen"), HasSubstr("EXTERNAL_API_KEY"),
                             HasSubstr("GRPC_LISTEN=127.0.0.1:50051")));
  EXPECT_THAT(Parse({"--version"})->text, HasSubstr("integration-server "));
  EXPECT_EQ(Parse({"--check-config"})->action, Action::kCheckConfig);
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  for (const char* argument : {"--nope", "stray", "--grpc-listen"}) {
    const auto line = Parse({argument});
    EXPECT_EQ(line.status().code(), absl::StatusCode::kInvalidArgument) << argument;
    EXPECT_THAT(std::string(line.status().message()), HasSubstr("--help"));
  }
}

TEST(TextFile, WritesAtOnceAndReads) {
  const fakes::TemporaryDirectory directory;
  const std::string path = directory.Path("addresses.json");
  ASSERT_TRUE(WriteTextFile(path, "{}").ok());
  ASSERT_TRUE(WriteTextFile(path, "{\"a\": 1}").ok());
  EXPECT_EQ(ReadTextFile(path).value(), "{\"a\": 1}");
  EXPECT_EQ(ReadTextFile(directory.Path("none")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(ReadTextFile(directory.Write("huge", std::string(2 << 20, 'x'))).ok());
  EXPECT_FALSE(WriteTextFile(directory.Path("no/such/directory"), "x").ok());
}

TEST(Secret, FollowsItsFile) {
  const fakes::TemporaryDirectory directory;
  fakes::FakeClock clock;
  const auto secret = FileSecret(directory.Write("key", "old\n"), clock);
  ASSERT_TRUE(secret.ok());
  EXPECT_EQ((*secret)(), "old");
  directory.Write("key", "new\n");
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ((*secret)(), "new");
  directory.Write("key", "");  // In the middle of being replaced.
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ((*secret)(), "new");
  EXPECT_FALSE(FileSecret(directory.Path("none"), clock).ok());
  EXPECT_FALSE(FileSecret(directory.Path("key"), clock).ok());
}

TEST(ProcessLock, IsHeldOnce) {
  const fakes::TemporaryDirectory directory;
  const std::string path = directory.Path("deep/test.db");
  auto first = store::ProcessLock::Take(path);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = store::ProcessLock::Take(path);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("in use by another server"));
  first->reset();
  EXPECT_TRUE(store::ProcessLock::Take(path).ok());
}

}  // namespace
}  // namespace satudata::main
