// Doubts that several deliveries share: who may send, and what is stored first.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

TargetTraits Traits() {
  return {.name = "t",
          .confirmation = Confirmation::kResponse,
          .max_concurrency = 4,
          .request_deadline = absl::Seconds(30),
          .settle_time = absl::Seconds(60)};
}

// A delivery whose only record is in doubt about a request of `send_time`.
LaneDelivery InDoubt(const std::string& id, const std::string& file_id, State state, absl::Time send_time) {
  LaneDelivery item = MakeDelivery(id, file_id, {{"a", "1"}}, kStart);
  Record& record = item.records.front();
  record.state = item.delivery.state = state;
  record.send_time = record.accept_time = send_time;
  record.sent_hash = record.hash;
  item.delivery.records = {};
  item.delivery.records[state] = 1;
  return item;
}

// The newest change in each delivery's row, in the order in which they are to be stored.
std::vector<std::string> Told(Lane& lane) {
  std::vector<std::string> told;
  for (const Change& change : lane.TakeChanges()) {
    for (const DeliveryChange& item : change.deliveries)
      told.push_back(absl::StrCat(item.delivery.delivery_id, " ", StateName(item.delivery.state)));
  }
  return told;
}

TEST(LaneDoubtTest, WhoConcludesFirstDoesNotSendWhileAnotherIsInDoubt) {
  const TargetTraits traits = Traits();
  LaneWorld world(traits, {}, 1);
  LaneLife life(traits, world, 1);
  life.Add(InDoubt("d2", "f2", State::kUnknown, life.now() - absl::Seconds(60)));
  life.Add(InDoubt("d1", "f1", State::kUnknown, life.now()));
  ASSERT_TRUE(life.LiveUntil([&] { return world.request_count > 0; }, absl::Hours(1)));
  EXPECT_GE(life.now() - kStart, traits.request_deadline + traits.settle_time);
}

TEST(LaneDoubtTest, AValueIsNotSentWhoseKeyWasWithdrawnSinceItWasPlanned) {
  const TargetTraits traits = Traits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  LaneDelivery item = MakeDelivery("d1", "f", {{"a", "1"}}, kStart);
  item.held = {{.target = "t", .key = "a", .hash = std::string(kWithdrawnHash), .confirm_time = kStart}};
  lane.Add(item, kStart);
  EXPECT_FALSE(std::holds_alternative<ClaimJob>(lane.Next(kStart)));
  EXPECT_EQ(Told(lane).back(), "d1 REJECTED");
  item.force = true;
  lane.Add(item, kStart);
  EXPECT_TRUE(std::holds_alternative<ClaimJob>(lane.Next(kStart)));
}

TEST(LaneDoubtTest, DeliveriesOfNoFileDoNotTakeOneAnothersPlace) {
  const TargetTraits traits = Traits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  lane.Add(MakeDelivery("d1", "", {{"a", "1"}}, kStart), kStart);
  lane.Add(MakeDelivery("d2", "", {{"b", "1"}}, kStart), kStart);
  EXPECT_EQ(lane.UnsettledCount("run"), 2);
  EXPECT_EQ(lane.queued_deliveries(), 2);
}

TEST(LaneDoubtTest, AnInheritedDoubtIsStoredBeforeItsFormerOwnerGivesItUp) {
  const TargetTraits traits = Traits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  lane.Add(InDoubt("d1", "f", State::kUnknown, kStart), kStart);
  LaneDelivery newer = MakeDelivery("d2", "f", {{"a", "2"}}, kStart);
  newer.delivery.run_id = "another run";
  lane.Add(std::move(newer), kStart);
  EXPECT_THAT(Told(lane), testing::ElementsAre("d1 UNKNOWN", "d2 UNKNOWN", "d1 CANCELLED"));
}

TEST(LaneDoubtTest, AnAcceptedRecordStaysAcceptedWhenItTakesOverADoubtAboutTheSameValue) {
  const TargetTraits traits = Traits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  lane.Add(InDoubt("d1", "f", State::kUnknown, kStart), kStart);
  lane.Add(InDoubt("d2", "f", State::kAccepted, kStart - absl::Seconds(1)), kStart);
  EXPECT_THAT(Told(lane), testing::ElementsAre("d1 UNKNOWN", "d2 ACCEPTED", "d1 CANCELLED"));
}

}  // namespace
}  // namespace satudata::sync
