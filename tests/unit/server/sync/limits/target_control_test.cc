#include "server/sync/limits/target_control.h"

#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/limits/limited_target.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

constexpr int kSlots = 64;

std::function<double(double)> Always(double value) {
  return [value](double) { return value; };
}

// Lives for each seed; a failing one is printed.
template <typename Check>
void ForSeeds(const Capacity& capacity, double seconds, Check check, TargetMemory memory = {}) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    LimitedTarget target(capacity, seed, kSlots, memory);
    target.RunUntil(seconds);
    check(target);
  }
}

// A bucket that nobody told us of.
struct Bucket {
  double per_second;
  double latency_ms;
};
class BucketTest : public testing::TestWithParam<Bucket> {};

TEST_P(BucketTest, IsUsedUpAndHardlyEverRefuses) {
  const auto [rate, latency_ms] = GetParam();
  const Capacity capacity = {.latency_ms = Always(latency_ms), .per_second = Always(rate), .burst = rate / 4};
  ForSeeds(capacity, 60, [rate = rate](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(10, 60), 0.97 * rate);
    EXPECT_LE(target.Between(10, 60).RefusedShare(), 0.01);
  });
}

INSTANTIATE_TEST_SUITE_P(Quotas, BucketTest,
                         testing::Values(Bucket{100, 1}, Bucket{200, 1}, Bucket{100, 20}, Bucket{200, 20},
                                         Bucket{100, 80}, Bucket{200, 80}, Bucket{1000, 2}),
                         [](const auto& info) {
                           return absl::StrCat(info.param.per_second, "PerSecondAt", info.param.latency_ms,
                                               "Ms");
                         });

TEST(TargetControlTest, AQuotaThatHalvesIsFollowed) {
  const Capacity capacity = {.per_second = [](double s) { return s < 30 ? 200.0 : 100.0; }};
  ForSeeds(capacity, 60, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(40, 60), 95);
    EXPECT_LE(target.Between(40, 60).RefusedShare(), 0.01);
    EXPECT_LE(target.Between(30, 40).RefusedShare(), 0.15);
  });
}

TEST(TargetControlTest, AQuotaThatDoublesIsFoundAgain) {
  const Capacity capacity = {.per_second = [](double s) { return s < 30 ? 100.0 : 200.0; }};
  ForSeeds(capacity, 120, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(80, 120), 190);
    EXPECT_LE(target.Between(30, 120).RefusedShare(), 0.01);
  });
}

TEST(TargetControlTest, ARememberedRateNeedsNoSearch) {
  const Capacity capacity = {.per_second = Always(200), .burst = 50};
  TargetMemory memory;
  memory.rate = {.per_second = 200, .burst = 50};
  ForSeeds(
      capacity, 20,
      [](const LimitedTarget& target) {
        EXPECT_GE(target.AcceptedPerSecond(0, 20), 194);
        EXPECT_LE(target.Between(0, 20).RefusedShare(), 0.01);
      },
      memory);
}

TEST(TargetControlTest, AQuotaPerSecondIsUsedInTheMain) {
  const Capacity capacity = {.per_window = 100, .window_seconds = 1};
  ForSeeds(capacity, 120, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(10, 120), 55);
    EXPECT_LE(target.Between(10, 120).RefusedShare(), 0.05);
  });
}

TEST(TargetControlTest, AQuotaPerMinuteIsSpreadOverIt) {
  const Capacity capacity = {.per_window = 600, .window_seconds = 60};
  ForSeeds(capacity, 600, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(0, 600), 6);
    EXPECT_LE(target.Between(60, 600).RefusedShare(), 0.05);
  });
}

TEST(TargetControlTest, AHintOfTenSecondsHoldsTheTarget) {
  const Capacity capacity = {.per_window = 600, .window_seconds = 60, .hint = -absl::Seconds(1)};
  ForSeeds(capacity, 300, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(0, 300), 9);
    EXPECT_LE(target.Between(60, 300).RefusedShare(), 0.05);
  });
}

TEST(TargetControlTest, SlotsAreFilledWhateverTheLatency) {
  const Capacity capacity = {.latency_ms = Always(100), .slots = kSlots};
  ForSeeds(capacity, 30, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(5, 30), 0.97 * 640);
    EXPECT_GE(target.AcceptedPerSecond(0, 5), 0.8 * 640);
  });
}

TEST(TargetControlTest, AQueueAtTheTargetIsKeptShort) {
  const Capacity capacity = {.latency_ms = Always(100), .slots = 12};
  ForSeeds(capacity, 120,
           [](const LimitedTarget& target) { EXPECT_GE(target.AcceptedPerSecond(10, 120), 0.97 * 120); });
}

TEST(TargetControlTest, SlotsAndAQuotaAtOnce) {
  const Capacity capacity = {.latency_ms = Always(100),
                             .per_second = Always(100),
                             .burst = 25,
                             .slots = 12,
                             .beyond = Beyond::kThrottle};
  ForSeeds(capacity, 120, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(30, 120), 90);
    EXPECT_LE(target.Between(10, 120).RefusedShare(), 0.01);
  });
}

TEST(TargetControlTest, AFastTargetIsNotSlowed) {
  const Capacity capacity = {.latency_ms = Always(0.3), .slots = 8};
  ForSeeds(capacity, 1, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(0.1, 1), 0.95 * 8 / 0.3e-3);
  });
}

TEST(TargetControlTest, RandomErrorsDoNotSlowUs) {
  const Capacity capacity = {.latency_ms = Always(100), .failing = Always(0.05)};
  ForSeeds(capacity, 60, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(10, 60), 0.85 * 640 * 0.95);
  });
}

TEST(TargetControlTest, RefusalsThatAreNotOurDoingDoNotSlowUsForLong) {
  const Capacity capacity = {.latency_ms = Always(20), .random_429 = 0.07};
  ForSeeds(capacity, 30, [](const LimitedTarget& target) {
    EXPECT_GE(target.AcceptedPerSecond(10, 30), 0.75 * kSlots / 0.02);
  });
}

// A dozen datasets that meet refusals at first are not to wait for minutes once these have ceased.
TEST(TargetControlTest, APaceFromAHandfulOfAnswersIsNotKeptForLong) {
  constexpr double kRefusing = 60;
  const Capacity capacity = {.latency_ms = Always(500), .random_429 = 0.95, .random_429_until = kRefusing};
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    LimitedTarget target(capacity, seed, /*max_concurrency=*/4);
    target.RunUntil(kRefusing + 90);
    EXPECT_GE(target.Between(kRefusing, kRefusing + 90).accepted, 48);
  }
}

TEST(TargetControlTest, GrowingLatencyLowersTheLimitAndNeverStopsUs) {
  const Capacity capacity = {.latency_ms = [](double s) { return 20 + 5 * s; }};
  ForSeeds(capacity, 60, [](LimitedTarget& target) {
    EXPECT_LT(target.control().concurrency_limit(), kSlots);
    EXPECT_GE(target.AcceptedPerSecond(50, 60), 8 / 0.4);
  });
}

TEST(TargetControlTest, AnOutageIsProbedNotHammeredAndOverSoonAfterItsEnd) {
  const Capacity capacity = {.latency_ms = Always(50),
                             .failing = [](double s) { return s >= 20 && s < 60 ? 1.0 : 0.0; }};
  ForSeeds(capacity, 126, [](LimitedTarget& target) {
    EXPECT_LE(target.Between(20, 60).failed, 2 * kSlots);
    EXPECT_EQ(target.probes, 2) << "after 30 s, and after 60 s more";
    EXPECT_GE(target.AcceptedPerSecond(115, 125), 0.9 * kSlots / 0.05) << "up again within seconds";
    EXPECT_EQ(target.control().circuit(), Circuit::kClosed);
  });
}

TEST(TargetControlTest, BurstsOfWorkKeepTheRate) {
  const Capacity capacity = {.per_second = Always(200), .burst = 50};
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    LimitedTarget target(capacity, seed, kSlots);
    target.busy = [](double s) { return std::fmod(s, 10) < 4; };
    target.RunUntil(60);
    EXPECT_GE(target.AcceptedPerSecond(10, 60), 0.97 * 0.4 * 200);
    EXPECT_LE(target.Between(10, 60).RefusedShare(), 0.01);
  }
}

TEST(TargetControlTest, AConfiguredRateIsACeilingWithoutLearning) {
  LimitedTarget target({.per_second = Always(50)}, 1, kSlots, {}, /*configured_rate=*/20);
  target.RunUntil(30);
  EXPECT_NEAR(target.AcceptedPerSecond(1, 30), 20, 0.5);
  EXPECT_EQ(target.Between(0, 30).refused, 0);
}

// Between two requests at a rate of one in two seconds, less what a late sender may catch up.
constexpr absl::Duration kDistance = absl::Milliseconds(1990);

// What makes several requests of one ticket.
class TurnTest : public testing::Test {
 protected:
  static TargetTraits Configured(double rate) {
    TargetTraits traits{.name = "t"};
    traits.rate_limit_per_second = rate;
    return traits;
  }
  // Sends what takes four requests, and answers it.
  void SendFour() {
    now = std::max(now, control.NextRequestTime());
    auto ticket = control.OnSend(now);
    sent.push_back(now);
    for (int i = 0; i < 3; ++i) {
      const int64_t turn = control.AskTurn();
      now = std::max(now, control.NextTurnTime());
      ASSERT_TRUE(control.TakeTurn(turn, now));
      sent.push_back(now);
      ticket.last_send_time = now;
    }
    control.OnAnswer(ticket, {.kind = VerdictKind::kJudged}, "d", absl::Milliseconds(10), now);
  }

  const TargetTraits traits = Configured(0.5);
  TargetControl control{traits, TargetControlOptions()};
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  std::vector<absl::Time> sent;
};

TEST_F(TurnTest, EachRequestKeepsItsDistance) {
  for (int i = 0; i < 5; ++i) SendFour();
  ASSERT_EQ(sent.size(), 20U);
  for (size_t i = 1; i < sent.size(); ++i) EXPECT_GE(sent[i] - sent[i - 1], kDistance) << i;
  EXPECT_LE(sent.back() - sent.front(), absl::Seconds(2 * 19)) << "and wastes nothing";
}

TEST_F(TurnTest, WhatHasBegunGoesBeforeWhatHasNot) {
  control.OnSend(now);
  const int64_t first = control.AskTurn();
  const int64_t second = control.AskTurn();
  EXPECT_EQ(control.NextRequestTime(), absl::InfiniteFuture());
  EXPECT_FALSE(control.TakeTurn(first, now + absl::Seconds(1)));
  now += absl::Seconds(2);
  EXPECT_FALSE(control.TakeTurn(second, now)) << "not before the first";
  EXPECT_TRUE(control.TakeTurn(first, now));
  EXPECT_FALSE(control.TakeTurn(second, now));
  control.LeaveTurn(second);
  control.OnNotSent();
  EXPECT_EQ(control.NextRequestTime(), now + kDistance);
}

TEST_F(TurnTest, AStoppedTargetGivesNoTurn) {
  control.OnSend(now);
  const int64_t turn = control.AskTurn();
  control.HoldUntil(now + absl::Minutes(1), {.reason = Reason::kThrottled}, now);
  EXPECT_EQ(control.NextTurnTime(), now + absl::Minutes(1));
  control.Pause({.kind = PauseKind::kByOperator, .failure = {.reason = Reason::kTargetPaused}}, now);
  EXPECT_EQ(control.NextTurnTime(), absl::InfiniteFuture());
  EXPECT_FALSE(control.TakeTurn(turn, now + absl::Hours(1)));
}

TEST_F(TurnTest, WhatNobodyAskedAboutIsWaitedForAfterwards) {
  control.OnUnasked(now);
  EXPECT_EQ(control.NextRequestTime(), now + kDistance);
}

TEST_F(TurnTest, OurOwnPaceIsNoRefusal) {
  const TargetTraits unconfigured{.name = "t"};
  TargetControl learning{unconfigured, TargetControlOptions()};
  const auto ticket = learning.OnSend(now);
  const int limit = learning.concurrency_limit();
  learning.OnAnswer(ticket,
                    {.kind = VerdictKind::kThrottled, .retry_at = now + absl::Hours(1), .is_own_pace = true},
                    "d", absl::Milliseconds(10), now);
  EXPECT_EQ(learning.rate_limit(), 0);
  EXPECT_EQ(learning.concurrency_limit(), limit);
  EXPECT_TRUE(learning.MayRequest(now));
}

// Pauses and the circuit, step by step.
class StopTest : public testing::Test {
 protected:
  void Answer(Verdict verdict, absl::string_view delivery = "d") {
    const auto ticket = control.OnSend(now);
    control.OnAnswer(ticket, verdict, delivery, absl::Milliseconds(10), now);
  }
  Verdict Outage() { return {.kind = VerdictKind::kOutage, .failure = {.reason = Reason::kTargetOutage}}; }
  Verdict Refused() {
    return {.kind = VerdictKind::kUnauthorized,
            .failure = {.reason = Reason::kCredentialsRefused},
            .needs_operator = true};
  }
  void Probe(bool healthy, Reason reason = Reason::kTargetOutage) {
    ASSERT_TRUE(control.ProbeDue(now));
    control.OnProbeSent();
    CheckResult result{.healthy = healthy};
    if (!healthy) result.failure = {.reason = reason};
    control.OnProbed(result, now);
  }

  const TargetTraits traits{.name = "t"};
  TargetControl control{traits, TargetControlOptions()};
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(StopTest, FiveFailuresInARowOpenItAndOneProbeClosesIt) {
  for (int i = 0; i < 4; ++i) Answer(Outage());
  EXPECT_EQ(control.circuit(), Circuit::kClosed);
  Answer(Outage());
  EXPECT_EQ(control.circuit(), Circuit::kOpen);
  EXPECT_FALSE(control.MayRequest(now));
  EXPECT_FALSE(control.ProbeDue(now + absl::Seconds(29)));
  now += absl::Seconds(30);
  Probe(/*healthy=*/true);
  EXPECT_TRUE(control.MayRequest(now));
  EXPECT_EQ(control.concurrency_limit(), 1) << "slowly at first";
  EXPECT_EQ(control.TakeNotices().size(), 2U) << "its beginning and its end";
}

TEST_F(StopTest, EachFailedProbeWaitsLongerAndAfterFiveMinutesTheRunDoesNotWait) {
  for (int i = 0; i < 5; ++i) Answer(Outage());
  for (const int seconds : {30, 60, 90, 120}) {
    EXPECT_FALSE(control.stopped_for_long(now));
    EXPECT_FALSE(control.ProbeDue(now + absl::Seconds(seconds - 1)));
    now += absl::Seconds(seconds);
    Probe(/*healthy=*/false);
  }
  EXPECT_TRUE(control.stopped_for_long(now));
  EXPECT_EQ(control.TakeNotices().size(), 1U) << "one message, however often it is probed";
  EXPECT_EQ(control.StoppedTime(now), absl::Seconds(300));
}

TEST_F(StopTest, OddAnswersCountByDelivery) {
  const Verdict blocked = {.kind = VerdictKind::kBlocked, .failure = {.reason = Reason::kBlockedByFirewall}};
  for (int i = 0; i < 20; ++i) Answer(blocked, "the same");
  EXPECT_EQ(control.circuit(), Circuit::kClosed);
  for (int i = 0; i < 4; ++i) Answer(blocked, absl::StrCat("d", i));
  EXPECT_EQ(control.circuit(), Circuit::kOpen);
  now += absl::Seconds(30);
  Probe(/*healthy=*/false, Reason::kBlockedByFirewall);
  EXPECT_TRUE(control.paused()) << "the cheap read is blocked as well";
}

TEST_F(StopTest, RefusedCredentialsPauseUntilAProbeGoesWell) {
  Answer(Refused());
  ASSERT_TRUE(control.paused());
  EXPECT_FALSE(control.ProbeDue(now + absl::Minutes(9)));
  control.OnCredentialsChanged(now);
  Probe(/*healthy=*/false, Reason::kCredentialsRefused);
  EXPECT_TRUE(control.paused());
  now += absl::Minutes(10);
  Probe(/*healthy=*/true);
  EXPECT_FALSE(control.paused());
}

TEST_F(StopTest, AnOperatorsPauseEndsOnlyByResume) {
  control.Pause({.kind = PauseKind::kByOperator, .failure = {.reason = Reason::kTargetPaused}}, now);
  Answer(Refused());
  EXPECT_EQ(control.pause().kind, PauseKind::kByOperator);
  EXPECT_FALSE(control.ProbeDue(now + absl::Hours(1000)));
  control.OnCredentialsChanged(now);
  EXPECT_FALSE(control.ProbeDue(now));
  EXPECT_TRUE(control.Resume(now));
  EXPECT_TRUE(control.MayRequest(now));
  EXPECT_FALSE(control.Resume(now));
}

TEST_F(StopTest, WhatIsRememberedSurvives) {
  control.Pause({.kind = PauseKind::kByOperator, .failure = {.reason = Reason::kTargetPaused}}, now);
  const std::optional<TargetMemory> memory = control.TakeMemory(now);
  ASSERT_TRUE(memory.has_value());
  EXPECT_FALSE(control.TakeMemory(now).has_value());
  TargetControl next{traits, TargetControlOptions()};
  next.Restore(*memory, now);
  EXPECT_EQ(next.pause().kind, PauseKind::kByOperator);
  EXPECT_FALSE(next.MayRequest(now));
}

}  // namespace
}  // namespace satudata::sync
