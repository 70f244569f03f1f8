// File: servers_fixture.h
//
// Three servers at one PostgreSQL database, with files to synchronise.
#ifndef TESTS_E2E_SERVERS_FIXTURE_H_
#define TESTS_E2E_SERVERS_FIXTURE_H_

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/e2e/kills.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"
#include "tests/fakes/postgres_server.h"

namespace satudata::e2e {

inline constexpr size_t kServers = 3;
inline constexpr absl::Duration kPatience = absl::Seconds(120);

inline fakes::PostgresServer& Postgres() { return fakes::PostgresServer::Get(); }

class ServersTest : public testing::Test {
 protected:
  explicit ServersTest(std::vector<std::string> simulator_flags = {"--latency", "40ms"})
      : database_(Postgres().NewDatabase()),
        stack_({.simulator_flags = std::move(simulator_flags),
                .settings = {{"LEASE_TIME", "4s"},
                             {"SPLP_REQUEST_DEADLINE", "1s"},
                             {"SPLP_SETTLE_TIME", "1s"},
                             {"SIPD_REQUEST_DEADLINE", "1s"},
                             {"SIPD_SETTLE_TIME", "1s"}},
                .database_url = Postgres().Url(database_),
                .servers = kServers}) {}

  void Import(int count) {
    std::ofstream(stack_.Path("batch.jsonl")) << ExportedFiles(files_, count);
    // A database that comes back has it refused for a moment.
    ASSERT_TRUE(WaitUntil(
        [&] {
          return stack_.Ctl({"import", stack_.Path("batch.jsonl")}).code == 0;
        },
        kPatience));
    files_ += count;
  }
  std::string SyncAll() {
    const std::vector<nlohmann::json> lines = stack_.Ctl({"sync-all", "--detach", "-o", "json"}).Lines();
    EXPECT_FALSE(lines.empty());
    return lines.empty() ? "" : lines.front().value("runId", "");
  }
  std::string StateOf(const std::string& run_id) {
    const std::vector<nlohmann::json> lines = stack_.Ctl({"run", run_id, "-o", "json"}).Lines();
    return lines.empty() ? "" : lines.front().value("state", "");
  }
  bool HasEnded(const std::string& run_id) {
    const std::string state = StateOf(run_id);
    return !state.empty() && state != "STATE_QUEUED" && state != "STATE_RUNNING";
  }
  int64_t Requests() const { return stack_.Stats().value("requests", int64_t{0}); }
  std::string Sql(const std::string& sql) { return Postgres().Sql(sql, database_); }
  void ExpectAllIsWell() {
    const Finished last = stack_.Ctl({"sync-all"});
    EXPECT_EQ(last.code, 0) << last.output << last.errors;
    const Judgement judgement = stack_.JudgeAtTheEnd();
    EXPECT_TRUE(judgement.Clean()) << judgement;
    EXPECT_EQ(judgement.records[sync::State::kConfirmed] + judgement.records[sync::State::kUnchanged],
              2 * files_);
  }

  const std::string database_;
  Stack stack_;
  int files_ = 0;
};

}  // namespace satudata::e2e

#endif  // TESTS_E2E_SERVERS_FIXTURE_H_
