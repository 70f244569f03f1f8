#include "server/sync/target_worker.h"

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

class TargetWorkerTest : public EngineTest {};

// A run ends by the counts in the store once its targets have nothing more to wait for: that must not be said
// before the last outcome is on its way there.
TEST_F(TargetWorkerTest, WhatIsNotUnsettledAnyMoreHasBeenSubmitted) {
  const SteadyTime time(clock_);
  std::atomic<bool> is_submitted = false;
  std::future<bool> counted;
  Signal done;
  std::unique_ptr<TargetWorker> worker;
  const auto submit = [&](Change change, std::function<void(const absl::Status&)> stored) {
    const bool is_last = !change.deliveries.empty() && IsFinal(change.deliveries.back().delivery.state);
    if (is_last) {
      counted = std::async(std::launch::async, [&] {
        while (worker->UnsettledCount("run") > 0) std::this_thread::yield();
        return is_submitted.load();
      });
      counted.wait_for(std::chrono::milliseconds(200));  // Long enough to be told too early.
      is_submitted = true;
      done.Raise();
    }
    if (stored) stored(absl::OkStatus());
  };
  worker = std::make_unique<TargetWorker>(
      TargetWorker::Dependencies{.target = splp_.get(),
                                 .store = store_.get(),
                                 .observer = &observer_,
                                 .clock = &clock_,
                                 .time = &time,
                                 .uniform = base::SeededUniform(1),
                                 .submit = submit,
                                 .on_settled = [](const std::vector<Settled>&) {},
                                 .on_moved = [](std::vector<LaneDelivery>) {}},
      LaneOptions());
  std::vector<LaneDelivery> deliveries;
  deliveries.push_back(MakeDelivery("d1", "f1", {{"a", "1"}}, time.Now()));
  deliveries.back().generation = store_->Generation();
  worker->Add(std::move(deliveries));
  ASSERT_TRUE(done.Wait());
  EXPECT_TRUE(counted.get());
  worker->Stop(absl::Seconds(10));
}

}  // namespace
}  // namespace satudata::sync
