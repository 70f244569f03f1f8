// File: engine_fixture.h
//
// A real store on disk, two targets in memory, the engine with its threads.
#ifndef TESTS_UNIT_SERVER_SYNC_ENGINE_FIXTURE_H_
#define TESTS_UNIT_SERVER_SYNC_ENGINE_FIXTURE_H_

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/clock.h"
#include "server/catalog/catalog.h"
#include "server/store/durable_store.h"
#include "server/sync/engine.h"
#include "tests/fakes/fake_target.h"
#include "tests/unit/server/sync/signal.h"

namespace satudata::sync {

// Knows how many deliveries have reached a final state, also after their run has ended.
class SettledCounter final : public Observer {
 public:
  void OnDeliverySettled(absl::string_view, State, absl::Duration) override {
    base::MutexLock lock(&mu_);
    ++settled_;
    changed_.SignalAll();
  }
  void OnRecordSettled(absl::string_view, State, int64_t) override {}
  void OnExchange(absl::string_view, const Exchange&) override {}
  void OnRetry(absl::string_view, catalog::Reason) override {}
  void OnRunStarted(RunKind) override {}
  void OnRunEnded(RunKind, RunState) override {}
  void OnChunkLost(absl::string_view) override {
    base::MutexLock lock(&mu_);
    ++lost_chunks_;
    changed_.SignalAll();
  }
  void OnChunksExpired(int64_t count) override {
    base::MutexLock lock(&mu_);
    ++looks_;
    expired_seen_ |= count > 0;
    changed_.SignalAll();
  }

  int settled() {
    base::MutexLock lock(&mu_);
    return settled_;
  }
  int lost_chunks() {
    base::MutexLock lock(&mu_);
    return lost_chunks_;
  }
  void AwaitLostChunks(int count) {
    base::MutexLock lock(&mu_);
    while (lost_chunks_ < count) changed_.Wait(&mu_);
  }
  // Chunks that stand still have been seen.
  void AwaitExpired() {
    base::MutexLock lock(&mu_);
    while (!expired_seen_) changed_.Wait(&mu_);
  }
  // Somebody has looked for them once more.
  void AwaitLook() {
    base::MutexLock lock(&mu_);
    const int seen = looks_;
    while (looks_ == seen) changed_.Wait(&mu_);
  }

  void Await(int count) {
    base::MutexLock lock(&mu_);
    while (settled_ < count) changed_.Wait(&mu_);
  }

 private:
  base::Mutex mu_;
  base::CondVar changed_;
  int settled_ ABSL_GUARDED_BY(mu_) = 0;
  int lost_chunks_ ABSL_GUARDED_BY(mu_) = 0;
  int looks_ ABSL_GUARDED_BY(mu_) = 0;
  bool expired_seen_ ABSL_GUARDED_BY(mu_) = false;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() {
    directory_ =
        std::filesystem::temp_directory_path() / absl::StrCat("engine-test-", getpid(), "-", base::NewUuid());
    std::filesystem::create_directories(directory_);
    splp_ = std::make_unique<FakeTarget>(TargetTraits{.name = "splp",
                                                      .confirmation = Confirmation::kResponse,
                                                      .max_concurrency = 4,
                                                      .request_deadline = absl::Milliseconds(50),
                                                      .settle_time = absl::Milliseconds(50),
                                                      .confirm_wait = absl::Seconds(5),
                                                      .read_interval = absl::Milliseconds(10)});
    sipd_ = std::make_unique<FakeTarget>(TargetTraits{.name = "sipd",
                                                      .confirmation = Confirmation::kReadBack,
                                                      .reads_tables = true,
                                                      .max_batch_records = 10,
                                                      .max_concurrency = 2,
                                                      .request_deadline = absl::Milliseconds(50),
                                                      .settle_time = absl::Milliseconds(50),
                                                      .confirm_wait = absl::Seconds(5),
                                                      .read_interval = absl::Milliseconds(10),
                                                      .withdraws = true});
    Open();
  }
  ~EngineTest() override {
    Close();
    std::filesystem::remove_all(directory_);
  }

  void Open() {
    auto store = store::OpenStore(
        {.database_url = absl::StrCat("sqlite:///", (directory_ / "test.db").string())}, clock_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    catalog_ =
        std::make_unique<catalog::Catalog>(*store_, clock_, catalog::ContentOptions{.directory = directory_});
    engine_ = Engine::Create(options_, {.store = store_.get(),
                                        .catalog = catalog_.get(),
                                        .targets = {splp_.get(), sipd_.get()},
                                        .observer = &observer_,
                                        .clock = &clock_,
                                        .uniform = base::SeededUniform(1)});
    ASSERT_TRUE(engine_->Resume().ok());
  }
  void Close() {
    engine_.reset();
    catalog_.reset();
    store_.reset();
  }

  static catalog::FileWithValues MakeFile(
      const std::string& id, const std::vector<std::pair<std::string, std::string>>& values,
      catalog::Verification verification = catalog::Verification::kVerified) {
    catalog::FileWithValues item;
    item.file = {.file_id = id, .name = absl::StrCat("Data ", id), .verification = verification};
    item.file.has_inline_values = !values.empty();
    int64_t position = 0;
    for (const auto& [code, value] : values) {
      catalog::IndicatorValue entry;
      entry.position = ++position;
      entry.kodeindikator = code;
      entry.tahun = "2024";
      entry.raw_value = value;
      entry.value = value;
      item.values.push_back(std::move(entry));
    }
    return item;
  }
  std::vector<catalog::FileWithValues> MakeFiles(int count) {
    std::vector<catalog::FileWithValues> files;
    for (int i = 0; i < count; ++i) files.push_back(MakeFile(absl::StrCat("f", 100 + i), {}));
    return files;
  }
  void Import(std::vector<catalog::FileWithValues> files) {
    for (const auto& outcome : catalog_->Import(std::move(files)))
      ASSERT_TRUE(outcome.ok()) << outcome.status();
  }

  SyncRequest All(std::vector<std::string> targets = {"splp", "sipd"}) {
    return {.kind = RunKind::kSyncAll, .targets = std::move(targets), .requested_by = "tester"};
  }
  SyncRequest One(const std::string& file_id, std::vector<std::string> targets = {"splp", "sipd"}) {
    return {.kind = RunKind::kSyncFile,
            .file_id = file_id,
            .targets = std::move(targets),
            .requested_by = "tester"};
  }

  // Everything that a watch tells until it ends.
  std::vector<RunEvent> WatchToTheEnd(const std::string& run_id, int64_t after = 0) {
    Signal signal;
    auto watch = engine_->Watch(run_id, after);
    EXPECT_TRUE(watch.ok()) << watch.status();
    std::vector<RunEvent> events;
    if (!watch.ok()) return events;
    (*watch)->SetWaker([&] { signal.Raise(); });
    while (true) {
      auto batch = (*watch)->Read(100);
      EXPECT_TRUE(batch.ok()) << batch.status();
      if (!batch.ok()) return events;
      for (RunEvent& event : batch->events) events.push_back(std::move(event));
      if (batch->ended) return events;
      if (batch->events.empty() && !signal.Wait()) {
        ADD_FAILURE() << "the run did not end";
        return events;
      }
    }
  }
  sync::Run RunToTheEnd(SyncRequest request) {
    auto run = engine_->StartRun(std::move(request));
    EXPECT_TRUE(run.ok()) << run.status();
    if (!run.ok()) return {};
    return std::get<sync::Run>(WatchToTheEnd(run->run_id).back().event);
  }
  // Refuses for so long that a delivery is DEFERRED at once: it is certain that nothing was applied.
  static SendResult ComeBackLater() {
    SendResult result = FakeTarget::Fail(VerdictKind::kOutage, Effect::kNone, catalog::Reason::kTargetOutage);
    result.verdict.retry_at = absl::Now() + absl::Hours(1);
    return result;
  }
  std::vector<Delivery> Deliveries(const std::string& run_id) {
    return *store_->ListDeliveries({.run_id = run_id}, {.limit = 1000});
  }

  base::SystemClock clock_;
  SettledCounter observer_;
  // Requests go side by side from the start, and a circuit that opens is tried again soon.
  EngineOptions options_ = {
      .default_kodepemda = "9901",
      .target_control = {.first_concurrency = 8, .breaker = {.open_time = absl::Milliseconds(100)}}};
  std::filesystem::path directory_;
  std::unique_ptr<FakeTarget> splp_;
  std::unique_ptr<FakeTarget> sipd_;
  std::unique_ptr<store::DurableStore> store_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace satudata::sync

#endif  // TESTS_UNIT_SERVER_SYNC_ENGINE_FIXTURE_H_
