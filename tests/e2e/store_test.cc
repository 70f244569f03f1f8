// A backup that is restored after more was sent, and the move to PostgreSQL, with the built programs.
#include <csignal>
#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"
#include "tests/fakes/postgres_server.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class StoreCommandsTest : public testing::Test {
 protected:
  void StopServer() {
    stack_.server().Signal(SIGTERM);
    ASSERT_EQ(stack_.server().Wait(absl::Seconds(60)), 0) << stack_.server().Errors();
  }
  // The first half of the sample, as somebody imported it at first.
  void ImportHalf() {
    std::ifstream all(SamplePath("catalog.jsonl"));
    std::ofstream half(stack_.Path("half.jsonl"));
    std::string line;
    for (int i = 0; std::getline(all, line); ++i) {
      if (i % 2 == 0) half << line << "\n";
    }
    half.close();
    ASSERT_EQ(stack_.Ctl({"import", stack_.Path("half.jsonl")}).code, 0);
  }
  void ImportAll() { ASSERT_EQ(stack_.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0); }
  json Totals() const { return stack_.Truth()["totals"]; }

  Stack stack_{{.simulator_flags = {"--state", SamplePath("targets.json")}}};
};

TEST_F(StoreCommandsTest, ARestoredBackupAndAMoveToPostgresSendNothingTwice) {
  ImportHalf();
  stack_.Ctl({"sync-all"});
  const std::string backup = stack_.Path("backup.db");
  const Finished saved = stack_.Ctl({"store", "backup", backup});
  ASSERT_EQ(saved.code, 0) << saved.errors;
  EXPECT_EQ(stack_.Ctl({"store", "backup", backup}).code, 1);
  ImportAll();
  stack_.Ctl({"sync-all"});
  const json before = Totals();

  const Finished refused = stack_.Ctl({"store", "restored"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("is in use by a server"));
  StopServer();
  std::filesystem::remove(stack_.Path("data/integration.db-wal"));
  std::filesystem::remove(stack_.Path("data/integration.db-shm"));
  std::filesystem::rename(backup, stack_.Path("data/integration.db"));
  const Finished restored = stack_.Ctl({"store", "restored", "-o", "json"});
  ASSERT_EQ(restored.code, 0) << restored.errors;
  EXPECT_NE(restored.Lines().at(0)["unprovenCount"], "0");

  stack_.StartServer();
  ImportAll();
  stack_.Ctl({"sync-all"});
  EXPECT_EQ(Totals(), before) << "what the targets hold is not sent again";
  EXPECT_EQ(stack_.NeedlessSecondEffects(), 0);

  StopServer();
  const fakes::PostgresServer& server = fakes::PostgresServer::Get();
  const std::string target = server.Url(server.NewDatabase());
  std::ofstream(stack_.Path("new.env")) << "DATABASE_URL=" << target << "\n";
  const Finished copied = stack_.Ctl(
      {"store", "copy", "--from", stack_.database_url(), "--env-file", stack_.Path("new.env"), "-o", "json"});
  ASSERT_EQ(copied.code, 0) << copied.errors;
  EXPECT_NE(copied.Lines().at(0)["baseline"], "0");
  const Finished again = stack_.Ctl({"store", "copy", "--from", stack_.database_url(), "--to", target});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.errors, HasSubstr("create a new, empty database"));
  stack_.MoveTo(target);
  stack_.StartServer();
  stack_.Ctl({"sync-all"});
  EXPECT_EQ(Totals(), before) << "it goes on as if nothing had happened";
  const Judgement judgement = stack_.JudgeAtTheEnd();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

}  // namespace
}  // namespace satudata::e2e
