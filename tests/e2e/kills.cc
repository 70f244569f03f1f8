#include "tests/e2e/kills.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

constexpr int kBatch = 60;  // Files that come with each piece of work; one dataset and one value each.
constexpr int kStages = 4;
// A moment that does not come, since there is less to do than it takes, is as good as any by then.
constexpr absl::Duration kMomentLimit = absl::Seconds(10);
constexpr absl::Duration kPatience = absl::Seconds(180);

int64_t Applies(const json& stats) {
  return stats["splp"]["applies"].get<int64_t>() + stats["sipd"]["applies"].get<int64_t>();
}

}  // namespace

std::string ExportedFiles(int first, int count) {
  std::string lines;
  for (int i = first; i < first + count; ++i) {
    absl::StrAppend(
        &lines, R"({"_id":"berkas-)", i, R"(","name":"Berkas )", i,
        R"(","temadataset":"Kesehatan","metaData":{"produsen":"Dinas","cakupandata":"Kabupaten",)",
        R"("frekuensi":"Tahunan","dimensidataset":"Daerah"},"filename":")", i,
        R"(.csv","fileType":"csv","isPublic":true,"StatusVerifikasi":"Sudah Verifikasi",)",
        R"("indicatorValues":[{"kodeindikator":"1.02.)", 100000 + i, R"(","tahun":2024,"nilai":)", i,
        ".5}]}\n");
  }
  return lines;
}

void ExpectAllIsWell(Stack& stack, int files) {
  const auto none_open = [&] {
    for (const json& run : stack.Ctl({"runs", "-o", "json"}).Lines()) {
      const std::string state = run["state"];
      if (state == "STATE_QUEUED" || state == "STATE_RUNNING" || run.value("openCount", "0") != "0")
        return false;
    }
    return true;
  };
  EXPECT_TRUE(WaitUntil(none_open, kPatience));
  const Finished last = stack.Ctl({"sync-all"});
  EXPECT_EQ(last.code, 0) << last.output << last.errors;
  EXPECT_TRUE(WaitUntil(none_open, kPatience));
  const Judgement judgement = stack.JudgeAtTheEnd();
  EXPECT_TRUE(judgement.Clean()) << judgement;
  EXPECT_EQ(judgement.records[sync::State::kConfirmed] + judgement.records[sync::State::kUnchanged],
            2 * files);
}

uint64_t KillSeed() {
  uint64_t seed = 0;
  const char* given = std::getenv("SATUDATA_KILL_SEED");
  if (given != nullptr && absl::SimpleAtoi(given, &seed)) return seed;
  return std::random_device()();
}

// Both targets lose answers now and then, and SIPD shows late what it has accepted.
Stack::Options Kills::Options(std::string database_url) {
  return {.simulator_flags = {"--latency", "10ms", "--late-min", "100ms", "--late-max", "800ms", "--quirks",
                              "reset-after=0.05,error-503-after=0.05,row-late=0.1"},
          .settings = {{"SPLP_REQUEST_DEADLINE", "1s"},
                       {"SPLP_SETTLE_TIME", "1s"},
                       {"SIPD_REQUEST_DEADLINE", "1s"},
                       {"SIPD_SETTLE_TIME", "1s"},
                       {"LEASE_TIME", "4s"}},
          .database_url = std::move(database_url)};
}

Kills::Kills(uint64_t seed, std::string database_url)
    : stack_(Options(std::move(database_url))), dice_(seed) {}

int64_t Kills::Uniform(int64_t least, int64_t most) {
  return std::uniform_int_distribution<int64_t>(least, most)(dice_);
}

int64_t Kills::Requests() const { return stack_.Stats().value("requests", int64_t{0}); }

// Where a run is still under way the new files wait for a later one.
void Kills::BeginWork() {
  std::ofstream(stack_.Path("batch.jsonl")) << ExportedFiles(files_, kBatch);
  ASSERT_EQ(stack_.Ctl({"import", stack_.Path("batch.jsonl")}).code, 0);
  files_ += kBatch;
  stack_.Ctl({"sync-all", "--detach"});
}

void Kills::AwaitMoment(Stage stage) {
  if (stage == Stage::kConfirming) {
    WaitUntil([&] { return Applies(stack_.Stats()) >= 2 * files_; }, kMomentLimit);
    return;
  }
  constexpr int64_t kPlanning = 3;
  const int64_t begin = Requests();
  const int64_t moment = stage == Stage::kSending ? Uniform(kPlanning, kBatch) : Uniform(0, kPlanning);
  WaitUntil([&] { return Requests() >= begin + moment; }, kMomentLimit);
}

void Kills::KillOnce() {
  const Stage stage = static_cast<Stage>(kills_++ % kStages);
  if (stage != Stage::kStarting) BeginWork();
  AwaitMoment(stage);
  stack_.server().Signal(SIGKILL);
  ASSERT_EQ(stack_.server().Wait(absl::Seconds(30)), -SIGKILL) << stack_.server().Errors();
  stack_.StartServer();
}

}  // namespace satudata::e2e
