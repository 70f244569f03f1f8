#include "server/sync/limits/grant.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/sync/limits/target_control.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

GrantRequest Wanted(int slot_limit, int most_slots = 64) {
  return {.target = "splp", .is_wanted = true, .most_slots = most_slots, .slot_limit = slot_limit};
}
HeldGrant Other(const std::string& holder, int most_slots = 64) {
  return {.holder = holder, .most_slots = most_slots, .is_live = true};
}

TEST(ShareTest, AllHaveTheSame) { EXPECT_EQ(ShareOf(Wanted(12), "a", {Other("b"), Other("c")}, 0).slots, 4); }

TEST(ShareTest, WhatOneCannotUseOthersHave) {
  EXPECT_EQ(ShareOf(Wanted(12), "a", {Other("b", 2), Other("c")}, 0).slots, 5);
  EXPECT_EQ(ShareOf(Wanted(64, 16), "a", {Other("b", 16), Other("c", 16)}, 0).slots, 16);
}

TEST(ShareTest, OfTooFewEachHasItsTurn) {
  std::set<std::string> had;
  const std::vector<std::string> all = {"a", "b", "c"};
  for (int64_t turn = 0; turn < 3; ++turn) {
    int slots = 0;
    for (const std::string& holder : all) {
      std::vector<HeldGrant> others;
      for (const std::string& other : all) {
        if (other != holder) others.push_back(Other(other));
      }
      const int mine = ShareOf(Wanted(1), holder, others, turn).slots;
      if (mine > 0) had.insert(holder);
      slots += mine;
    }
    EXPECT_EQ(slots, 1) << turn;
  }
  EXPECT_EQ(had.size(), 3U);
}

TEST(ShareTest, WhatOthersStillHaveIsNotGivenTwice) {
  HeldGrant other = Other("b");
  other.slots = 12;
  EXPECT_EQ(ShareOf(Wanted(12), "a", {other}, 0).slots, 0);
  other.slots = 9;
  EXPECT_EQ(ShareOf(Wanted(12), "a", {other}, 0).slots, 3);
  other.is_live = false;
  EXPECT_EQ(ShareOf(Wanted(12), "a", {other}, 0).slots, 3) << "its requests may be under way";
}

TEST(ShareTest, ARateIsSharedAndWithoutAnyNothingGoes) {
  GrantRequest request = Wanted(12);
  request.rate_limit = 0.3;
  HeldGrant other = Other("b");
  EXPECT_NEAR(ShareOf(request, "a", {other}, 0).rate, 0.15, 1e-9);
  other.rate = 0.3;
  const Grant none = ShareOf(request, "a", {other}, 0);
  EXPECT_EQ(none.rate, 0);
  EXPECT_EQ(none.slots, 0);
}

// What a target's control makes of grants, and of what other servers have stored.
class GuestTest : public testing::Test {
 protected:
  GuestTest() { control.RequireGrants(); }

  TargetTraits traits = {.name = "splp", .max_concurrency = 12, .rate_limit_per_second = 10};
  TargetControl control{traits, {.first_concurrency = 12}};
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const Grant some = {.target = "splp", .slots = 2, .rate = 5, .is_alone = false, .controls = true};
  const catalog::Failure down = {.reason = Reason::kTargetOutage};
};

TEST_F(GuestTest, WithoutAGrantNothingGoes) {
  EXPECT_FALSE(control.MayRequest(now));
  EXPECT_TRUE(control.NeedsGrant(now));
  const int64_t turn = control.AskTurn();
  EXPECT_FALSE(control.TakeTurn(turn, now));
}

TEST_F(GuestTest, NoMoreGoesThanIsGrantedNorLonger) {
  control.SetGrant(some, now + absl::Seconds(5), now);
  EXPECT_FALSE(control.MayRequest(now)) << "who joins others waits for its first time";
  now += absl::Milliseconds(200);
  ASSERT_TRUE(control.MayRequest(now));
  control.OnSend(now);
  EXPECT_FALSE(control.MayRequest(now)) << "five a second";
  now += absl::Milliseconds(200);
  control.OnSend(now);
  now += absl::Milliseconds(200);
  EXPECT_FALSE(control.MayRequest(now)) << "two at once";
  control.OnNotSent();
  EXPECT_TRUE(control.MayRequest(now));
  now += absl::Seconds(5);
  EXPECT_FALSE(control.MayRequest(now)) << "for five seconds";
}

TEST_F(GuestTest, WhoIsAloneNeedNotWait) {
  Grant all = some;
  all.is_alone = true;
  control.SetGrant(all, now + absl::Seconds(5), now);
  EXPECT_TRUE(control.MayRequest(now));
}

TEST_F(GuestTest, OnlyOneProbes) {
  control.Adopt({.target = "splp", .circuit_openings = 1, .circuit_failure = down, .epoch = 1}, now);
  EXPECT_EQ(control.circuit(), Circuit::kOpen);
  Grant grant = some;
  grant.controls = false;
  control.SetGrant(grant, now + absl::Seconds(5), now);
  EXPECT_FALSE(control.ProbeDue(now));
  control.SetGrant(some, now + absl::Seconds(5), now);
  EXPECT_TRUE(control.ProbeDue(now));
}

TEST_F(GuestTest, WhatOthersHaveStoredIsAdoptedOnceAndNotStoredAgain) {
  const TargetPause pause = {
      .kind = PauseKind::kByOperator, .failure = {.reason = Reason::kTargetPaused}, .paused_by = "siti"};
  control.Adopt({.target = "splp", .pause = pause, .epoch = 1}, now);
  EXPECT_EQ(control.pause().paused_by, "siti");
  EXPECT_FALSE(control.TakeMemory(now).has_value());
  control.Adopt({.target = "splp", .epoch = 2}, now);
  EXPECT_FALSE(control.paused());
  control.Adopt({.target = "splp", .pause = pause, .epoch = 1}, now);
  EXPECT_FALSE(control.paused()) << "it is older than what is known";

  control.Adopt({.target = "splp", .circuit_openings = 1, .circuit_failure = down, .epoch = 3}, now);
  EXPECT_EQ(control.circuit(), Circuit::kOpen);
  control.Adopt({.target = "splp", .epoch = 4}, now);
  EXPECT_EQ(control.circuit(), Circuit::kClosed);

  control.Adopt({.target = "splp", .hold_time = absl::Seconds(30), .hold_failure = down, .epoch = 5}, now);
  EXPECT_TRUE(control.stopped(now + absl::Seconds(29)));
  EXPECT_FALSE(control.stopped(now + absl::Seconds(30)));
  EXPECT_FALSE(control.TakeMemory(now).has_value());
}

TEST_F(GuestTest, WhatHappensHereIsStored) {
  control.HoldUntil(now + absl::Seconds(30), down, now);
  const std::optional<TargetMemory> memory = control.TakeMemory(now + absl::Seconds(10));
  ASSERT_TRUE(memory.has_value());
  EXPECT_TRUE(memory->hold_changed);
  EXPECT_FALSE(memory->pause_changed);
  EXPECT_EQ(memory->hold_time, absl::Seconds(20));
}

}  // namespace
}  // namespace satudata::sync
