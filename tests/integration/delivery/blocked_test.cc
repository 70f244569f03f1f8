// Records that a firewall refuses, among many that it lets through.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"

namespace satudata {
namespace {

using sync::State;

constexpr int kFiles = 300;

DeliveryTimes ShortTimes() {
  return {.request_deadline = absl::Milliseconds(700),
          .settle_time = absl::Milliseconds(200),
          .confirm_wait = absl::Seconds(60),
          .read_interval = absl::Milliseconds(100)};
}

class BlockedTest : public testing::TestWithParam<std::vector<int>> {};

TEST_P(BlockedTest, ThePoisonedAreFoundAndAllOthersArrive) {
  simulator::Options options;
  for (const int file : GetParam()) options.poison.push_back(MadeKey(file));
  DeliverySystem system(std::move(options), "", ShortTimes());
  system.Import(MakeCatalogue({.files = kFiles, .with_values = true}));
  const sync::Run run = system.RunToTheEnd(system.SyncAll({"sipd"}));

  const auto poisoned = static_cast<int64_t>(GetParam().size());
  EXPECT_EQ(run.Counts()[State::kConfirmed], kFiles - poisoned);
  EXPECT_EQ(run.Counts()[State::kRejected], poisoned);
  for (const sync::DeliveryDetail& detail : system.Deliveries(run.run_id)) {
    const sync::Record& record = detail.records.at(0);
    const bool is_poisoned = std::any_of(GetParam().begin(), GetParam().end(),
                                         [&](int file) { return record.key == MadeKey(file); });
    EXPECT_EQ(record.state, is_poisoned ? State::kRejected : State::kConfirmed) << record.key;
    if (is_poisoned) {
      EXPECT_EQ(record.failure.reason, catalog::Reason::kBlockedByFirewall);
    }
  }
  const Judgement judgement = system.Judge();
  EXPECT_THAT(judgement.false_confirmed, testing::IsEmpty());
  EXPECT_THAT(judgement.contradictions, testing::IsEmpty());
  EXPECT_EQ(judgement.needless_second_effects, 0);

  const int64_t pushes = system.RequestCount("sipd.push_dssd");
  std::cout << poisoned << " of " << kFiles << " poisoned: " << pushes << " pushes" << std::endl;
  // The batches; for each of the poisoned two halves seven times, and twice more alone. A batch of the first
  // claim may be smaller than the most.
  EXPECT_LE(pushes, 5 + poisoned * (2 * 7 + 2));
}

INSTANTIATE_TEST_SUITE_P(Poisoned, BlockedTest,
                         testing::Values(std::vector<int>{137}, std::vector<int>{5, 150, 151}),
                         [](const auto& info) { return absl::StrCat(info.param.size()); });

}  // namespace
}  // namespace satudata
