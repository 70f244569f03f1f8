// A server that is started and stopped again and again, each time in the middle of something else: it ends
// with the code that it promises, in bounded time, without a word of a sanitizer, and the next one finds all
// that was there.
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/e2e/kills.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"
#include "tests/fakes/postgres_server.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

// What it is doing when it is told to stop.
enum class Moment { kStarting, kIdle, kPlanning, kSending, kStreaming, kImporting, kHanging };
constexpr int kMoments = 7;
constexpr int kBatch = 60;
constexpr int kStreams = 50;
constexpr int kImported = 4000;
// Grace and some, also with sanitizers on a busy machine; far below any wait of the targets'.
constexpr absl::Duration kLongestStop = absl::Seconds(20);

class Stops {
 public:
  Stops(uint64_t seed, std::string database_url)
      : stack_({.simulator_flags = {"--latency", "10ms", "--hold", "60s", "--late-min", "100ms", "--late-max",
                                    "800ms", "--quirks", "reset-after=0.05,row-late=0.1"},
                .settings = {{"SPLP_REQUEST_DEADLINE", "1s"},
                             {"SIPD_REQUEST_DEADLINE", "1s"},
                             {"SHUTDOWN_GRACE", "2s"},
                             {"CIRCUIT_OPEN_TIME", "200ms"},
                             {"LEASE_TIME", "4s"}},
                .database_url = std::move(database_url)}),
        dice_(seed) {}

  void StopOnce() {
    const Moment moment = static_cast<Moment>(stops_++ % kMoments);
    SCOPED_TRACE(absl::StrCat("moment ", static_cast<int>(moment), " of stop ", stops_));
    if (moment == Moment::kStarting) StopInTheStart();
    BeginWork(moment);
    Stop(moment == Moment::kStarting);
    clients_.clear();
    for (const char* target : {"splp", "sipd"}) Outage(target, "off");
    stack_.StartServer();
  }
  void ExpectAllIsWell() { e2e::ExpectAllIsWell(stack_, files_); }

 private:
  int64_t Uniform(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(dice_);
  }
  int64_t Requests() const { return stack_.Stats().value("requests", int64_t{0}); }
  void Outage(const std::string& target, const std::string& mode) {
    stack_.Post("/admin/outage", {{"target", target}, {"mode", mode}});
  }

  // One that was not ready yet; the one that is stopped next is begun anew.
  void StopInTheStart() {
    stack_.server().Signal(SIGTERM);
    EXPECT_EQ(stack_.server().Wait(kLongestStop), 0) << stack_.server().Errors();
    stack_.BeginServer();
    // Nothing tells what it is at: the moment is one of chance.
    WaitUntil([] { return false; }, absl::Milliseconds(Uniform(0, 300)));
  }

  void Import(int count) {
    std::ofstream(stack_.Path("batch.jsonl")) << ExportedFiles(files_, count);
    ASSERT_EQ(stack_.Ctl({"import", stack_.Path("batch.jsonl")}).code, 0);
    files_ += count;
  }

  void BeginWork(Moment moment) {
    if (moment == Moment::kStarting || moment == Moment::kIdle) return;
    Import(kBatch);
    if (moment == Moment::kHanging) Outage(Uniform(0, 1) == 0 ? "splp" : "sipd", "hang");
    const int64_t begin = Requests();
    stack_.Ctl({"sync-all", "--detach"});
    if (moment == Moment::kStreaming) OpenStreams();
    if (moment == Moment::kImporting) BeginImport();
    const int64_t least = moment == Moment::kPlanning ? Uniform(0, 2) : Uniform(3, kBatch / 2);
    // A moment that does not come, since there is less to do than it takes, is as good as any by then.
    WaitUntil([&] { return Requests() >= begin + least; }, absl::Seconds(5));
  }

  void OpenStreams() {
    const std::vector<json> runs = stack_.Ctl({"runs", "--limit", "1", "-o", "json"}).Lines();
    ASSERT_FALSE(runs.empty());
    for (int i = 0; i < kStreams; ++i) {
      clients_.push_back(stack_.StartCtl({"watch", runs[0]["runId"]}, absl::StrCat("watch", i)));
    }
  }

  // The same files again, so that it does not matter how far it comes.
  void BeginImport() {
    std::ofstream lines(stack_.Path("again.jsonl"));
    for (int i = 0; i < kImported; i += files_) lines << ExportedFiles(0, files_);
    lines.close();
    clients_.push_back(stack_.StartCtl({"import", stack_.Path("again.jsonl")}, "import"));
  }

  void Stop(bool may_have_no_handler_yet) {
    Process& server = stack_.server();
    const bool is_twice = Uniform(0, 3) == 0;
    const absl::Time start = absl::Now();
    server.Signal(Uniform(0, 1) == 0 ? SIGTERM : SIGINT);
    if (is_twice) server.Signal(SIGTERM);
    const int code = server.Wait(kLongestStop);
    const bool is_good = code == 0 || (is_twice && code == 1) ||
                         (may_have_no_handler_yet && (code == -SIGTERM || code == -SIGINT));
    EXPECT_TRUE(is_good) << "ended with " << code << (is_twice ? " of two signals" : "") << " after "
                         << absl::Now() - start << ": " << server.Errors();
    for (const char* word : {"Sanitizer", "runtime error", "terminate called", "stopped with a loss"}) {
      EXPECT_FALSE(absl::StrContains(server.Errors(), word)) << server.Errors();
    }
  }

  Stack stack_;
  std::vector<std::unique_ptr<Process>> clients_;
  std::mt19937_64 dice_;
  int stops_ = 0;
  int files_ = 0;
};

void StopManyTimes(const std::string& database_url) {
  const uint64_t seed = KillSeed();
  std::cout << "SATUDATA_KILL_SEED=" << seed << std::endl;
  Stops stops(seed, database_url);
  for (int i = 0; i < SATUDATA_STOPS && !testing::Test::HasFatalFailure(); ++i) stops.StopOnce();
  stops.ExpectAllIsWell();
}

TEST(StopsTest, EachEndsInOrderAndNothingIsLost) { StopManyTimes(""); }

TEST(StopsTest, OnPostgresAsWell) {
  const fakes::PostgresServer& server = fakes::PostgresServer::Get();
  StopManyTimes(server.Url(server.NewDatabase()));
}

}  // namespace
}  // namespace satudata::e2e
