#include "server/sync/lane.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

TargetTraits ReadBackTraits() {
  return {.name = "t",
          .confirmation = Confirmation::kReadBack,
          .reads_tables = true,
          .max_batch_records = 10,
          .max_concurrency = 4,
          .request_deadline = absl::Seconds(30),
          .settle_time = absl::Seconds(60)};
}

TargetTraits ResponseTraits() {
  return {.name = "t", .confirmation = Confirmation::kResponse, .max_concurrency = 4};
}

// One lane in its world, for tests that tell a story.
struct Story {
  explicit Story(TargetTraits traits_in, Fates fates = {})
      : traits(std::move(traits_in)), world(traits, fates, 1), life(traits, world, 1) {}
  State StateOf(const std::string& id) { return life.deliveries.at(id).state; }
  const Record& RecordOf(const std::string& id, int64_t position = 0) {
    return life.records.at({id, position});
  }
  bool LiveToTheEnd(absl::Duration limit = absl::Hours(100)) {
    return life.LiveUntil([this] { return life.AllFinal(); }, limit);
  }
  bool LiveUntilSettled(absl::Duration limit = absl::Hours(1)) {
    return life.LiveUntil([this] { return life.lane().UnsettledCount("run") == 0; }, limit);
  }

  TargetTraits traits;
  LaneWorld world;
  LaneLife life;
};

TEST(LaneTest, AnAnswerThatNamesTheRecordConfirmsIt) {
  Story story(ResponseTraits());
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kConfirmed);
  EXPECT_EQ(story.RecordOf("d1").remote_id, "r-a");
  EXPECT_EQ(story.life.baselines.at("a").hash, "h1");
  EXPECT_EQ(story.world.request_count, 1);
}

TEST(LaneTest, IsDurablySendingBeforeAnythingIsSent) {
  Story story(ResponseTraits());
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  story.life.LiveUntil([&] { return story.world.request_count == 1; }, absl::Hours(1));
  EXPECT_EQ(story.StateOf("d1"), State::kSending);
}

TEST(LaneTest, NothingOfAClaimThatWasNotStoredIsSent) {
  const TargetTraits traits = ResponseTraits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
  ASSERT_TRUE(std::holds_alternative<ClaimJob>(lane.Next(now)));
  lane.OnClaimFailed(now);
  EXPECT_TRUE(std::holds_alternative<ClaimJob>(lane.Next(now)));
}

TEST(LaneTest, AcceptedIsConfirmedOnlyByAReadBack) {
  Story story(ReadBackTraits());
  story.life.Add(MakeDelivery("d1", "f1", {{"s.a", "1"}, {"s.b", "2"}}, story.life.now()));
  story.life.LiveUntil([&] { return story.StateOf("d1") == State::kAccepted; }, absl::Minutes(1));
  ASSERT_EQ(story.StateOf("d1"), State::kAccepted);
  EXPECT_EQ(story.world.read_count, 0);
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kConfirmed);
  EXPECT_EQ(story.world.request_count, 1);
  EXPECT_EQ(story.world.read_count, 1);
}

TEST(LaneTest, RecordsOfManyFilesShareARequest) {
  Story story(ReadBackTraits());
  for (int i = 0; i < 5; ++i) {
    const std::string n = absl::StrCat(i);
    story.life.Add(MakeDelivery("d" + n, "f" + n, {{"s.a" + n, "1"}, {"s.b" + n, "2"}}, story.life.now()));
  }
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.world.request_count, 1);
}

TEST(LaneTest, AnUnknownKeyIsLookedUpBeforeItIsSent) {
  Story story(ReadBackTraits());
  story.world.Put("s.same", {.hash = "h1", .value = "1"});
  story.world.Put("s.final", {.hash = "h9", .value = "9", .final = true});
  story.world.Put("s.other", {.hash = "h8", .value = "8"});
  story.life.Add(MakeDelivery("d1", "f1",
                              {{"s.same", "1"}, {"s.final", "2"}, {"s.other", "3"}, {"s.new", "4"}},
                              story.life.now(), /*previous_known=*/false));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.RecordOf("d1", 0).state, State::kUnchanged);
  EXPECT_TRUE(story.life.baselines.at("s.same").adopted);
  EXPECT_EQ(story.RecordOf("d1", 1).state, State::kRejected);
  EXPECT_EQ(story.RecordOf("d1", 1).failure.reason, Reason::kTargetValueFinal);
  EXPECT_EQ(story.RecordOf("d1", 2).state, State::kConfirmed);
  EXPECT_EQ(story.RecordOf("d1", 2).change, ChangeKind::kUpdate);
  EXPECT_EQ(story.RecordOf("d1", 3).change, ChangeKind::kCreate);
  EXPECT_EQ(story.StateOf("d1"), State::kPartial);
  EXPECT_EQ(story.world.apply_counts.count("s.final"), 0U);
  EXPECT_EQ(story.world.apply_counts.count("s.same"), 0U);
}

TEST(LaneTest, WhatCannotBeLookedUpIsDeferredNotSent) {
  Story story(ReadBackTraits(), {.read_failed = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"s.a", "1"}}, story.life.now(), /*previous_known=*/false));
  ASSERT_TRUE(story.LiveUntilSettled());
  EXPECT_EQ(story.StateOf("d1"), State::kDeferred);
  EXPECT_EQ(story.world.request_count, 0);
}

TEST(LaneTest, AnOpenOutcomeIsReadBackAndNotSentAgainWhenItArrived) {
  Story story(ResponseTraits(), {.applied_then_lost = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kConfirmed);
  EXPECT_EQ(story.world.request_count, 1);
}

TEST(LaneTest, NothingSeenProvesNothingBeforeDeadlineAndSettleTime) {
  Story story(ResponseTraits(), {.dropped = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  const absl::Time start = story.life.now();
  story.life.LiveUntil([&] { return story.world.request_count == 2; }, absl::Hours(1));
  EXPECT_GE(story.life.now() - start, story.traits.request_deadline + story.traits.settle_time);
  EXPECT_GT(story.world.read_count, 0);
}

TEST(LaneTest, FiveAttemptsThenDeferredThenTheLadderThenParked) {
  Story story(ResponseTraits(), {.refused = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveUntilSettled());
  EXPECT_EQ(story.StateOf("d1"), State::kDeferred);
  EXPECT_EQ(story.world.request_count, 5);
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kParked);
  EXPECT_EQ(story.world.request_count, 5 + 6);
}

TEST(LaneTest, AnAcceptedRecordThatNeverArrivesIsParkedAfterADayAndNeverSentAgain) {
  Story story(ReadBackTraits(), {.never = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"s.a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveUntilSettled());
  EXPECT_EQ(story.StateOf("d1"), State::kAccepted) << "the run does not wait for it";
  const absl::Time start = story.life.now();
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kParked);
  EXPECT_EQ(story.RecordOf("d1").failure.reason, Reason::kNotSeenAtTarget);
  EXPECT_GE(story.life.now() - start, absl::Hours(23));
  EXPECT_EQ(story.world.request_count, 1);
}

TEST(LaneTest, AThirdValueIsAConflictAndNeverSentOver) {
  Story story(ReadBackTraits(), {.dropped = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"s.a", "1"}}, story.life.now()));
  story.life.LiveUntil([&] { return story.StateOf("d1") == State::kUnknown; }, absl::Minutes(5));
  story.world.Put("s.a", {.hash = "h7", .value = "7"});
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kRejected);
  EXPECT_EQ(story.RecordOf("d1").failure.reason, Reason::kChangedAtTarget);
  EXPECT_EQ(story.world.request_count, 1);
}

TEST(LaneTest, TheSameRecordInTwoFilesIsSentOnce) {
  Story story(ReadBackTraits());
  story.life.Add(MakeDelivery("d1", "f1", {{"s.a", "1"}}, story.life.now()));
  story.life.Add(MakeDelivery("d2", "f2", {{"s.a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kConfirmed);
  EXPECT_EQ(story.StateOf("d2"), State::kUnchanged);
  EXPECT_EQ(story.world.apply_counts["s.a"], 1);
}

TEST(LaneTest, ANewerDeliveryOfAFileSupersedesTheOlderOne) {
  Story story(ResponseTraits());
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  story.life.Add(MakeDelivery("d2", "f1", {{"a", "2"}}, story.life.now()));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kCancelled);
  EXPECT_EQ(story.life.deliveries.at("d1").failure.reason, Reason::kSuperseded);
  EXPECT_EQ(story.life.deliveries.at("d1").failure.args.at("delivery_id"), "d2");
  EXPECT_EQ(story.StateOf("d2"), State::kConfirmed);
  EXPECT_EQ(story.world.request_count, 1);
}

TEST(LaneTest, TheNewerDeliveryInheritsThePendingReadBack) {
  Story story(ResponseTraits(), {.applied_then_lost = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  story.life.LiveUntil([&] { return story.StateOf("d1") == State::kUnknown; }, absl::Minutes(5));
  story.life.Add(MakeDelivery("d2", "f1", {{"a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kCancelled);
  EXPECT_EQ(story.StateOf("d2"), State::kConfirmed);
  EXPECT_EQ(story.world.request_count, 1) << "what the older one sent had arrived";
}

TEST(LaneTest, SingleFilesGoBeforeBulk) {
  TargetTraits traits = ResponseTraits();
  traits.max_concurrency = 1;
  Story story(traits);
  for (int i = 0; i < 20; ++i) {
    const std::string n = absl::StrCat(i);
    story.life.Add(MakeDelivery("bulk" + n, "f" + n, {{"k" + n, "1"}}, story.life.now()));
  }
  LaneDelivery single = MakeDelivery("single", "fs", {{"ks", "1"}}, story.life.now());
  single.kind = RunKind::kSyncFile;
  story.life.Add(std::move(single));
  story.life.LiveUntil([&] { return story.StateOf("single") == State::kConfirmed; }, absl::Minutes(1));
  EXPECT_LE(story.world.request_count, 2);
}

TEST(LaneTest, CancelStopsWhatIsNotOnItsWay) {
  TargetTraits traits = ResponseTraits();
  traits.max_concurrency = 1;
  Story story(traits);
  for (int i = 0; i < 10; ++i) {
    const std::string n = absl::StrCat(i);
    story.life.Add(MakeDelivery("d" + n, "f" + n, {{"k" + n, "1"}}, story.life.now()));
  }
  story.life.LiveUntil([&] { return story.world.request_count == 1; }, absl::Minutes(1));
  story.life.lane().CancelRun("run", story.life.now());
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.world.request_count, 1);
  int confirmed = 0;
  for (const auto& [id, delivery] : story.life.deliveries) {
    confirmed += delivery.state == State::kConfirmed;
    EXPECT_TRUE(delivery.state == State::kConfirmed || delivery.state == State::kCancelled);
  }
  EXPECT_EQ(confirmed, 1);
  EXPECT_EQ(story.life.settled.size(), 10U);
}

TEST(LaneTest, ALongHintHoldsTheTargetAShortOneTheRequest) {
  const TargetTraits traits = ResponseTraits();
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const auto answer_with_hint = [&](absl::Duration hint) {
    Lane lane(traits, LaneOptions(), base::SeededUniform(1));
    lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
    lane.Next(now);
    lane.OnClaimed(now);
    const Job job = lane.Next(now);
    SendResult result;
    result.verdict = {.kind = VerdictKind::kThrottled, .effect = Effect::kNone, .retry_at = now + hint};
    lane.OnSent(std::get<SendJob>(job).job_id, result, now);
    return lane.control().CurrentWait(now).has_value();
  };
  EXPECT_FALSE(answer_with_hint(absl::Seconds(3)));
  EXPECT_TRUE(answer_with_hint(absl::Seconds(10)));
}

TEST(LaneTest, AFileThatMovedBeforeItWasSentLeavesToBePlannedAgain) {
  const TargetTraits traits = ResponseTraits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
  lane.Next(now);
  lane.OnClaimed(now);
  const Job job = lane.Next(now);
  lane.OnMoved(std::get<SendJob>(job).job_id, {"f1"}, now);
  const std::vector<LaneDelivery> moved = lane.TakeMoved();
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].delivery.delivery_id, "d1");
  EXPECT_EQ(lane.UnsettledCount("run"), 1) << "its run goes on waiting for it";
  lane.Forget("run", "d1");
  EXPECT_EQ(lane.UnsettledCount("run"), 0);
}

TEST(LaneTest, WhatCannotBeComparedWithItsFileWaitsAMoment) {
  const TargetTraits traits = ResponseTraits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
  lane.Next(now);
  lane.OnClaimed(now);
  lane.OnUnchecked(std::get<SendJob>(lane.Next(now)).job_id, now);
  EXPECT_TRUE(std::holds_alternative<Idle>(lane.Next(now)));
  EXPECT_EQ(lane.control().in_flight(), 0);
  const absl::Time later = lane.NextTime(now);
  EXPECT_GE(later, now + absl::Seconds(1));
  EXPECT_TRUE(std::holds_alternative<ClaimJob>(lane.Next(later)));
}

TEST(LaneTest, AFileThatMovesWhileOneOfItsRequestsIsOnItsWayStays) {
  TargetTraits traits = ReadBackTraits();
  traits.max_batch_records = 1;
  Lane lane(traits, {.control = {.first_concurrency = 2}}, base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Add(MakeDelivery("d1", "f1", {{"s.a", "1"}, {"s.b", "2"}}, now), now);
  lane.Next(now);
  lane.OnClaimed(now);
  const Job first = lane.Next(now);
  const Job second = lane.Next(now);
  lane.OnMoved(std::get<SendJob>(second).job_id, {"f1"}, now);
  EXPECT_TRUE(lane.TakeMoved().empty());
  SendResult accepted;
  accepted.verdict = {.kind = VerdictKind::kJudged, .records = {{.ruling = Ruling::kAccepted}}};
  lane.OnSent(std::get<SendJob>(first).job_id, accepted, now);
  const std::vector<Change> changes = lane.TakeChanges();
  EXPECT_EQ(changes.back().deliveries.back().delivery.records[State::kAccepted], 1);
  EXPECT_EQ(changes.back().deliveries.back().delivery.records[State::kCancelled], 1);
}

TEST(LaneTest, ASupersededRequestMayOutliveTheDeliveryThatTookItsPlace) {
  const TargetTraits traits = ResponseTraits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
  lane.Next(now);
  lane.OnClaimed(now);
  const Job job = lane.Next(now);
  LaneDelivery newer = MakeDelivery("d2", "f1", {{"a", "2"}}, now);
  newer.delivery.run_id = "run2";
  lane.Add(std::move(newer), now);
  lane.CancelRun("run2", now);
  SendResult throttled;
  throttled.verdict = {.kind = VerdictKind::kThrottled, .effect = Effect::kNone};
  lane.TakeChanges();
  lane.OnSent(std::get<SendJob>(job).job_id, throttled, now);
  const std::vector<Change> changes = lane.TakeChanges();
  const Delivery& older = changes.back().deliveries.back().delivery;
  EXPECT_EQ(older.state, State::kCancelled);
  EXPECT_EQ(older.failure.args.at("delivery_id"), "d2");
}

TEST(LaneTest, ADeliveryThatIsFedLateYieldsToTheNewerOne) {
  Story story(ResponseTraits());
  story.life.Add(MakeDelivery("d2", "f1", {{"a", "2"}}, story.life.now()));
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kCancelled);
  EXPECT_EQ(story.StateOf("d2"), State::kConfirmed);
}

TEST(LaneTest, WhoWaitsForAnothersKeyDoesNotHoldUpTheRun) {
  Story story(ReadBackTraits(), {.never = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"s.a", "1"}}, story.life.now()));
  story.life.Add(MakeDelivery("d2", "f2", {{"s.a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveUntilSettled(absl::Minutes(5)));
  EXPECT_EQ(story.StateOf("d1"), State::kAccepted);
  EXPECT_EQ(story.StateOf("d2"), State::kDeferred);
  EXPECT_EQ(story.world.request_count, 1);
}

TEST(LaneTest, WhatIsProvenToBeThereSinceThePlanIsNotSent) {
  Story story(ResponseTraits());
  LaneDelivery item = MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now());
  item.held = {{.key = "a", .hash = "h1", .confirm_time = story.life.now() + absl::Seconds(1)}};
  story.life.Add(std::move(item));
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kUnchanged);
  EXPECT_EQ(story.world.request_count, 0);
}

TEST(LaneTest, ManyRefusalsForSpeedDeferAndDoNotPark) {
  Story story(ResponseTraits(), {.throttled = 1});
  story.life.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now()));
  ASSERT_TRUE(story.LiveUntilSettled(absl::Hours(3)));
  EXPECT_EQ(story.StateOf("d1"), State::kDeferred);
  EXPECT_EQ(story.life.lane().backlog(), 0U) << "what waits beyond the run makes room for others";
}

TEST(LaneTest, WhatAnEarlierProcessWasSendingIsUnknownFromNowOn) {
  Story story(ResponseTraits());
  LaneDelivery item = MakeDelivery("d1", "f1", {{"a", "1"}}, story.life.now());
  item.records[0].state = State::kSending;
  item.records[0].send_time = story.life.now() - absl::Hours(5);
  item.delivery.state = State::kSending;
  story.life.Add(std::move(item));
  EXPECT_EQ(story.StateOf("d1"), State::kUnknown);
  const absl::Time start = story.life.now();
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_EQ(story.StateOf("d1"), State::kConfirmed);
  EXPECT_GE(story.life.now() - start, story.traits.request_deadline + story.traits.settle_time);
}

TEST(LaneTest, AConfiguredRateIsKept) {
  TargetTraits traits = ResponseTraits();
  traits.rate_limit_per_second = 2;
  Story story(traits);
  for (int i = 0; i < 21; ++i) {
    const std::string n = absl::StrCat(i);
    story.life.Add(MakeDelivery("d" + n, "f" + n, {{"k" + n, "1"}}, story.life.now()));
  }
  const absl::Time start = story.life.now();
  ASSERT_TRUE(story.LiveToTheEnd());
  EXPECT_GE(story.life.now() - start, absl::Seconds(10));
  EXPECT_LE(story.life.now() - start, absl::Seconds(11));
}

// Random lives: whatever befalls the requests, nothing is lost, nothing is confirmed that is not held, and
// nothing is applied twice. A failing seed is printed and reproduces.
class LaneLives : public testing::TestWithParam<Confirmation> {};

TEST_P(LaneLives, KeepTheThreeZeros) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const TargetTraits traits = GetParam() == Confirmation::kReadBack ? ReadBackTraits() : ResponseTraits();
    LaneWorld world(traits,
                    {.refused = 0.03,
                     .dropped = 0.05,
                     .applied_then_lost = 0.05,
                     .server_error = 0.05,
                     .throttled = 0.05,
                     .warming_up = 0.02,
                     .unknown_shape = 0.03,
                     .row_unknown = 0.02,
                     .row_rejected = 0.02,
                     .late = 0.05,
                     .never = 0.005,
                     .read_failed = 0.2},
                    seed);
    LaneLife life(traits, world, seed);
    std::mt19937_64 random(seed);
    for (int file = 0; file < 40; ++file) {
      std::vector<std::pair<std::string, std::string>> records;
      const int count = GetParam() == Confirmation::kReadBack ? 1 + static_cast<int>(random() % 12) : 1;
      for (int i = 0; i < count; ++i)
        records.push_back({absl::StrCat("s", file % 3, ".", file, "-", i), "1"});
      life.Add(MakeDelivery(absl::StrCat("d", file), absl::StrCat("f", file), records, life.now(),
                            /*previous_known=*/random() % 2 == 0));
    }
    ASSERT_TRUE(life.LiveUntil([&] { return life.lane().UnsettledCount("run") == 0; }, absl::Hours(2)));
    // A second run over some of the files while the first one's doubts are open.
    for (int file = 0; file < 40; file += 4) {
      const auto first = life.deliveries.at(absl::StrCat("d", file));
      if (IsFinal(first.state)) continue;
      life.Add(MakeDelivery(absl::StrCat("e", file), absl::StrCat("f", file),
                            {{life.records.at({first.delivery_id, 0}).key, "1"}}, life.now(), false));
    }
    ASSERT_TRUE(life.LiveUntil([&] { return life.AllFinal(); }, absl::Hours(24 * 10)));
    EXPECT_EQ(life.false_confirmations, 0);
    EXPECT_EQ(world.needless_second_effects, 0);
    for (const auto& [id, record] : life.records) {
      EXPECT_TRUE(IsFinal(record.state)) << id.first << " " << id.second << " " << StateName(record.state);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, LaneLives,
                         testing::Values(Confirmation::kResponse, Confirmation::kReadBack));

}  // namespace
}  // namespace satudata::sync
