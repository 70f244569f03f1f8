// Stopping and starting, as whoever runs the service sees it: by signals, exit codes, /readyz and the log.
#include <grpcpp/grpcpp.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "server/base/clock.h"
#include "server/store/durable_store.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"
#include "tests/integration/status_details.h"

namespace satudata::e2e {
namespace {

namespace v1 = ::satudata::integration::v1;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

int64_t CountLines(const std::string& text, const std::string& part) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  return std::count_if(lines.begin(), lines.end(),
                       [&](const std::string& line) { return absl::StrContains(line, part); });
}

// A client of WatchRun.
class Watcher {
 public:
  Watcher(Stack& stack, const std::string& run_id, int64_t after)
      : stub_(v1::IntegrationService::NewStub(
            grpc::CreateChannel(stack.server_address(), grpc::InsecureChannelCredentials()))) {
    const std::string token = stack.Ctl({"token", "--role", "Viewer", "--user", "budi"}).output;
    context_.AddMetadata("authorization", "Bearer " + token.substr(0, token.find('\n')));
    context_.AddMetadata("accept-language", "en");
    v1::WatchRunRequest request;
    request.set_run_id(run_id);
    request.set_after_sequence(after);
    stream_ = stub_->WatchRun(&context_, request);
  }
  bool Read(v1::RunEvent* event) {
    if (!stream_->Read(event)) return false;
    sequence_ = std::max(sequence_, event->sequence());
    return true;
  }
  // Reads to the end; the last event is kept.
  grpc::Status Finish() {
    for (v1::RunEvent event; Read(&event);) last_ = event;
    return stream_->Finish();
  }
  int64_t sequence() const { return sequence_; }
  const v1::RunEvent& last() const { return last_; }

 private:
  std::unique_ptr<v1::IntegrationService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::RunEvent>> stream_;
  int64_t sequence_ = 0;
  v1::RunEvent last_;
};

// No file of the server grows beyond 64 KiB: to SQLite, a disk that has no room. Its log is shorter.
constexpr rlim_t kFullDisk = 64 << 10;
void LimitFiles(Process& process, rlim_t bytes) {
  const rlimit limit{.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
  ASSERT_EQ(prlimit(process.pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
}

// A run of which a part is sent.
std::string StartRun(Stack& stack) {
  EXPECT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const std::string run_id =
      stack.Ctl({"sync-all", "--target", "splp", "--detach", "-o", "json"}).Lines().at(0)["runId"];
  EXPECT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["applies"] > 40; }, absl::Seconds(60)));
  return run_id;
}

void ExpectTheRunEndsRight(Stack& stack, const std::string& run_id) {
  const Finished watched = stack.Ctl({"watch", run_id, "-o", "json"});
  ASSERT_FALSE(watched.Lines().empty()) << watched.errors;
  EXPECT_EQ(watched.Lines().back()["snapshot"]["state"], "STATE_PARTIAL") << "the sample has files to refuse";
  EXPECT_EQ(stack.Truth()["totals"]["splp"]["held"], 372);
  int claims = 0;
  EXPECT_THAT(stack.FalseClaims(run_id, &claims), IsEmpty());
  EXPECT_EQ(claims, 372);
  EXPECT_EQ(stack.NeedlessSecondEffects(), 0);
}

TEST(StopTest, AnIdleServerEndsAtOnce) {
  absl::Duration best = absl::InfiniteDuration();
  Stack stack;
  for (int i = 0; i < 3; ++i) {
    if (i > 0) stack.StartServer();
    const absl::Time start = absl::Now();
    stack.server().Signal(SIGTERM);
    EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), 0) << stack.server().Errors();
    best = std::min(best, absl::Now() - start);
  }
  RecordProperty("idle_stop_ms", static_cast<int>(absl::ToInt64Milliseconds(best)));
  EXPECT_LT(best, absl::Milliseconds(200));
}

TEST(StopTest, UnderLoadItStopsInOrderAndTheStreamSaysWhereToGoOn) {
  Stack stack({.simulator_flags = {"--latency", "300ms"}, .settings = {{"DRAIN_DELAY", "1s"}}});
  const std::string run_id = StartRun(stack);
  Watcher watcher(stack, run_id, 0);
  v1::RunEvent event;
  ASSERT_TRUE(watcher.Read(&event));
  stack.server().Signal(SIGTERM);
  int status = 0;
  EXPECT_TRUE(WaitUntil(
      [&] {
        EXPECT_THAT(stack.AdminGet("/readyz", &status), testing::AnyOf("ok\n", "stopping\n"));
        return status == 503;
      },
      absl::Seconds(1)))
      << "not ready, while it still answers";
  stack.AdminGet("/healthz", &status);
  EXPECT_EQ(status, 200);
  const grpc::Status ended = watcher.Finish();
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(rpc::ReasonOf(ended), "SERVER_STOPPING");
  EXPECT_THAT(ended.error_message(), HasSubstr(absl::StrCat("resume at sequence ", watcher.sequence())));
  EXPECT_EQ(stack.server().Wait(absl::Seconds(15)), 0) << stack.server().Errors();
  EXPECT_EQ(CountLines(stack.server().Errors(), "\"stopped\""), 1);

  stack.StartServer();
  Watcher again(stack, run_id, watcher.sequence());
  EXPECT_TRUE(again.Finish().ok());
  EXPECT_EQ(again.last().snapshot().state(), v1::Run::STATE_PARTIAL);
  ExpectTheRunEndsRight(stack, run_id);
}

TEST(StopTest, RequestsThatOutlastTheGraceAreReadBackByTheNextProcess) {
  Stack stack({.simulator_flags = {"--latency", "1500ms"}, .settings = {{"SHUTDOWN_GRACE", "100ms"}}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const std::string run_id =
      stack.Ctl({"sync-all", "--target", "splp", "--detach", "-o", "json"}).Lines().at(0)["runId"];
  ASSERT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["applies"] > 0; }, absl::Seconds(60)));
  const absl::Time start = absl::Now();
  stack.server().Signal(SIGTERM);
  EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), 0) << "UNKNOWN is stored: nothing is lost";
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  stack.StartServer();
  EXPECT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["applies"] > 20; }, absl::Seconds(60)));
  EXPECT_EQ(stack.NeedlessSecondEffects(), 0);
  int claims = 0;
  EXPECT_THAT(stack.FalseClaims(run_id, &claims), IsEmpty());
}

TEST(StopTest, AFullDiskIsSaidAndTheRunGoesOnWhenThereIsRoom) {
  Stack stack({.simulator_flags = {"--latency", "20ms"}});
  const std::string run_id = StartRun(stack);
  LimitFiles(stack.server(), kFullDisk);
  int status = 0;
  std::string answer;
  ASSERT_TRUE(WaitUntil(
      [&] {
        answer = stack.AdminGet("/readyz", &status);
        return status == 503;
      },
      absl::Seconds(30)));
  EXPECT_THAT(answer, HasSubstr("the database takes no writes: "));
  EXPECT_THAT(answer, HasSubstr("see that its disk works and has room"));
  stack.AdminGet("/healthz", &status);
  EXPECT_EQ(status, 200) << "a restart would not make room";
  EXPECT_EQ(stack.Ctl({"runs"}).code, 0) << "reading goes on";
  LimitFiles(stack.server(), RLIM_INFINITY);
  ExpectTheRunEndsRight(stack, run_id);
  stack.AdminGet("/readyz", &status);
  EXPECT_EQ(status, 200);
  EXPECT_EQ(CountLines(stack.server().Errors(), "the database takes no writes"), 1)
      << stack.server().Errors();
  EXPECT_EQ(CountLines(stack.server().Errors(), "the database takes writes again"), 1);
}

// Deliveries that `watch -o json` has shown as CONFIRMED; its last line may be half.
std::set<std::string> ToldConfirmed(const std::string& output) {
  std::set<std::string> told;
  for (const absl::string_view line : absl::StrSplit(output, '\n')) {
    const json event = json::parse(std::string(line), nullptr, /*allow_exceptions=*/false);
    if (!event.is_object() || !event.contains("delivery")) continue;
    const json& delivery = event["delivery"];
    if (delivery["state"] == "STATE_CONFIRMED") told.insert(delivery["deliveryId"].get<std::string>());
  }
  return told;
}

// What the database says without a server.
std::set<std::string> StoredConfirmed(const Stack& stack, const std::string& run_id) {
  base::SystemClock clock;
  const auto store =
      store::OpenStore({.database_url = "sqlite:///" + stack.Path("data/integration.db")}, clock);
  EXPECT_TRUE(store.ok()) << store.status();
  const auto rows = (*store)->ListDeliveries({.run_id = run_id}, {.limit = 1000});
  EXPECT_TRUE(rows.ok()) << rows.status();
  std::set<std::string> stored;
  for (const sync::Delivery& delivery : *rows) {
    if (delivery.state == sync::State::kConfirmed) stored.insert(delivery.delivery_id);
  }
  return stored;
}

TEST(StopTest, AKillWhileTheDiskIsFullTakesBackNothingThatWasTold) {
  Stack stack({.simulator_flags = {"--latency", "100ms", "--slots", "8"}});  // It takes some seconds.
  const std::string run_id = StartRun(stack);
  const auto watch = stack.StartCtl({"watch", run_id, "-o", "json"}, "watch");
  ASSERT_TRUE(WaitUntil([&] { return !ToldConfirmed(watch->Output()).empty(); }, absl::Seconds(30)));
  LimitFiles(stack.server(), kFullDisk);
  int status = 0;
  ASSERT_TRUE(
      WaitUntil([&] { return stack.AdminGet("/readyz", &status), status == 503; }, absl::Seconds(30)));
  stack.server().Signal(SIGKILL);
  ASSERT_EQ(stack.server().Wait(absl::Seconds(30)), -SIGKILL);
  watch->Signal(SIGKILL);
  watch->Wait(absl::Seconds(30));
  const std::set<std::string> stored = StoredConfirmed(stack, run_id);
  for (const std::string& delivery_id : ToldConfirmed(watch->Output())) {
    EXPECT_TRUE(stored.contains(delivery_id)) << delivery_id;
  }
  EXPECT_LT(stored.size(), 372U);
  stack.StartServer();
  stack.Ctl({"watch", run_id});
  const Judgement judgement = stack.JudgeAtTheEnd({"splp"});
  EXPECT_TRUE(judgement.Clean()) << judgement;
  EXPECT_EQ(judgement.records[sync::State::kConfirmed], 372);
}

TEST(StopTest, AStopWhileTheDatabaseFailsEndsInItsGraceAndSaysWhatItCost) {
  Stack stack({.simulator_flags = {"--latency", "20ms"}, .settings = {{"SHUTDOWN_GRACE", "1s"}}});
  const std::string run_id = StartRun(stack);
  LimitFiles(stack.server(), kFullDisk);
  int status = 0;
  ASSERT_TRUE(
      WaitUntil([&] { return stack.AdminGet("/readyz", &status), status == 503; }, absl::Seconds(30)));
  const absl::Time start = absl::Now();
  stack.server().Signal(SIGTERM);
  EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), 1);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(CountLines(stack.server().Errors(), "stopped with a loss"), 1) << stack.server().Errors();
  EXPECT_THAT(stack.server().Errors(), HasSubstr("changes were not stored: the database takes no writes"));
  stack.StartServer();
  ExpectTheRunEndsRight(stack, run_id);
}

TEST(StopTest, ASecondSignalEndsItAtOnce) {
  Stack stack({.simulator_flags = {"--latency", "20ms"}, .settings = {{"SHUTDOWN_GRACE", "60s"}}});
  const std::string run_id = StartRun(stack);
  LimitFiles(stack.server(), kFullDisk);
  int status = 0;
  ASSERT_TRUE(
      WaitUntil([&] { return stack.AdminGet("/readyz", &status), status == 503; }, absl::Seconds(30)));
  stack.server().Signal(SIGTERM);
  ASSERT_TRUE(
      WaitUntil([&] { return absl::StrContains(stack.server().Errors(), "stopping"); }, absl::Seconds(10)));
  EXPECT_TRUE(stack.server().IsRunning()) << "it has a minute";
  const absl::Time start = absl::Now();
  stack.server().Signal(SIGINT);
  EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), 1);
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  EXPECT_EQ(CountLines(stack.server().Errors(), "stop forced"), 1);
  stack.StartServer();
  ExpectTheRunEndsRight(stack, run_id);
}

TEST(StartTest, ADatabaseThatCannotBeUsedStopsTheStartWithOneLineAndStaysAsItIs) {
  Stack stack;
  const auto start = [&](const std::string& path) {
    return stack.RunProgram({"env", "SPLP_API_URL=http://127.0.0.1:1/x", "EXTERNAL_API_KEY=k",
                             "DATABASE_URL=sqlite:///" + path, "GRPC_LISTEN=127.0.0.1:0",
                             "ADMIN_LISTEN=127.0.0.1:0",
                             std::string(SATUDATA_BIN_DIR) + "/integration-server"});
  };
  const auto expect_refused = [&](const std::string& path, const std::string& why) {
    const Finished refused = start(path);
    EXPECT_EQ(refused.code, 2) << refused.errors;
    EXPECT_EQ(CountLines(refused.errors, "integration-server: "), 1) << refused.errors;
    EXPECT_EQ(CountLines(refused.errors, "\"ERROR\""), 0) << refused.errors;
    EXPECT_THAT(refused.errors, HasSubstr(why));
  };
  const std::string text(5000, 'x');
  std::ofstream(stack.Path("text")) << text;
  expect_refused(stack.Path("text"), "is not a SQLite database");
  EXPECT_EQ(std::filesystem::file_size(stack.Path("text")), text.size());
  std::filesystem::create_directories(stack.Path("directory"));
  expect_refused(stack.Path("directory"), "is a directory");
  std::string foreign = "SQLite format 3";
  foreign.resize(4096, '\0');
  std::ofstream(stack.Path("foreign"), std::ios::binary) << foreign;
  expect_refused(stack.Path("foreign"), "is the database of another program");
}

}  // namespace
}  // namespace satudata::e2e
