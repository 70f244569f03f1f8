// One target is down for a whole run: the other does not notice, people are told once, and what was meant for
// the one that is down arrives by itself when it is back.
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/log.h"
#include "server/base/mutex.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"
#include "tests/simulator/gateway.h"

namespace satudata {
namespace {

using simulator::Outage;
using simulator::System;
using sync::State;

constexpr int kFiles = 60;

// What is logged while it lives. Before the engine, whose threads log.
class LogLines {
 public:
  LogLines() {
    base::SetLogSink([this](absl::string_view line) {
      base::MutexLock lock(&mu_);
      lines_.emplace_back(line);
    });
  }
  ~LogLines() {
    base::SetLogSink([](absl::string_view line) { std::cerr << line; });
  }
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;

  int Count(absl::string_view text) {
    base::MutexLock lock(&mu_);
    int count = 0;
    for (const std::string& line : lines_) count += absl::StrContains(line, text) ? 1 : 0;
    return count;
  }

 private:
  base::Mutex mu_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mu_);
};

class DownTest : public testing::TestWithParam<Outage> {
 protected:
  DownTest() : system_(Hanging(), testing::TempDir(), Times(), Engine()) {
    system_.Import(MakeCatalogue({.files = kFiles, .with_values = true}));
  }

  static simulator::Options Hanging() {
    simulator::Options options;
    options.hold = absl::Minutes(1);
    return options;
  }
  static DeliveryTimes Times() {
    return {.request_deadline = absl::Milliseconds(300),
            .settle_time = absl::Seconds(2),
            .confirm_wait = absl::Seconds(60),
            .read_interval = absl::Milliseconds(50)};
  }
  // The run does not wait for what is down for longer than a second; nor would the other target, could it not
  // be known that this one is down, be waited for by less than an hour.
  static sync::EngineOptions Engine() {
    sync::EngineOptions options = QuickEngine();
    options.target_control.in_run_wait = absl::Seconds(1);
    options.judge_wait = absl::Hours(1);
    return options;
  }
  static const char* SaysDown() { return "target does not work"; }
  static const char* SaysUp() { return "target works again"; }
  // Requests that met the outage.
  int64_t InVain() {
    int64_t sum = 0;
    const nlohmann::json stats = system_.Stats();
    for (const auto& [operation, figures] : stats["operations"].items()) {
      sum += figures["refused"].value("outage", 0);
    }
    return sum;
  }
  sync::TargetStatus Sipd() { return system_.engine().Targets().front(); }

  LogLines log_;
  DeliverySystem system_;
};

TEST_P(DownTest, NobodyElseNoticesAndItIsSaidOnce) {
  system_.simulator().gateway().SetOutage(System::kSipd, GetParam());
  const sync::Run ended = system_.RunToTheEnd(system_.SyncAll());
  EXPECT_EQ(ended.counts.at("splp")[State::kConfirmed], kFiles);
  EXPECT_EQ(ended.counts.at("sipd")[State::kDeferred], kFiles);
  EXPECT_EQ(ended.state, sync::RunState::kPartial);
  EXPECT_TRUE(system_.store().Health().ok()) << "a target's outage is not ours";
  ASSERT_EQ(Sipd().traits.name, "sipd");
  EXPECT_NE(Sipd().circuit, sync::Circuit::kClosed);

  // While it is probed in vain, another run goes its way.
  const int64_t in_vain = InVain();
  Await([&] { return InVain() >= in_vain + 2; });
  EXPECT_EQ(system_.RunToTheEnd(system_.SyncAll({"splp"})).state, sync::RunState::kSucceeded);
  EXPECT_EQ(log_.Count(SaysDown()), 1);
  EXPECT_EQ(log_.Count(SaysUp()), 0);

  system_.simulator().gateway().SetOutage(System::kSipd, Outage::kOff);
  Await([&] { return system_.store().GetRun(ended.run_id)->OpenCount() == 0; });
  EXPECT_EQ(system_.store().GetRun(ended.run_id)->counts.at("sipd")[State::kConfirmed], kFiles);
  EXPECT_EQ(log_.Count(SaysDown()), 1);
  EXPECT_EQ(log_.Count(SaysUp()), 1);
  const Judgement judgement = system_.Judge();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

INSTANTIATE_TEST_SUITE_P(Ways, DownTest, testing::Values(Outage::kRefuse, Outage::kHang, Outage::k503),
                         [](const auto& info) {
                           if (info.param == Outage::kRefuse) return "Refuses";
                           return info.param == Outage::kHang ? "Hangs" : "Answers503";
                         });

}  // namespace
}  // namespace satudata
