#include "server/sync/summary_reader.h"

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_target.h"

namespace satudata::sync {
namespace {

using catalog::FailureOf;
using catalog::Reason;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Counts how often it is read, and may take its time.
class FakeSource final : public SummarySource {
 public:
  explicit FakeSource(fakes::FakeClock& clock) : clock_(clock) {}

  absl::StatusOr<StoredSummary> ReadSummary(const SummaryScope& scope) override {
    base::MutexLock lock(&mu_);
    ++reads_;
    scope_ = scope;
    changed_.SignalAll();
    while (held_) changed_.Wait(&mu_);
    clock_.Advance(cost);
    if (!error.ok()) return error;
    StoredSummary summary = stored;
    summary.file_count = reads_;
    return summary;
  }
  int64_t CommitCount() const override { return commits; }

  void Hold() {
    base::MutexLock lock(&mu_);
    held_ = true;
  }
  void Release() {
    base::MutexLock lock(&mu_);
    held_ = false;
    changed_.SignalAll();
  }
  void AwaitReads(int count) {
    base::MutexLock lock(&mu_);
    while (reads_ < count) changed_.Wait(&mu_);
  }
  int reads() {
    base::MutexLock lock(&mu_);
    return reads_;
  }
  SummaryScope scope() {
    base::MutexLock lock(&mu_);
    return scope_;
  }

  std::atomic<int64_t> commits = 0;
  absl::Duration cost;
  absl::Status error;
  StoredSummary stored;

 private:
  fakes::FakeClock& clock_;
  base::Mutex mu_;
  base::CondVar changed_;
  int reads_ ABSL_GUARDED_BY(mu_) = 0;
  bool held_ ABSL_GUARDED_BY(mu_) = false;
  SummaryScope scope_ ABSL_GUARDED_BY(mu_);
};

class SummaryReaderTest : public testing::Test {
 protected:
  Summary Read(const SummaryRequest& request = {}) {
    auto summary = reader_.Read(request);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.ok() ? *std::move(summary) : Summary();
  }
  static int64_t QuarterOf(const char* utc) {
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", utc, &time, &error)) << error;
    return absl::ToUnixSeconds(time) / 900;
  }
  static StateCounts Counts(std::initializer_list<std::pair<State, int64_t>> items) {
    StateCounts counts;
    for (const auto& [state, count] : items) counts[state] = count;
    return counts;
  }

  fakes::FakeClock clock_;  // 2024-01-01 00:00 UTC: seven in the morning in Jakarta.
  FakeSource source_{clock_};
  FakeTarget splp_{TargetTraits{.name = "splp"}};
  FakeTarget sipd_{TargetTraits{.name = "sipd", .reads_tables = true}};
  SummaryReader reader_{source_, {&splp_, &sipd_}, clock_};
};

TEST_F(SummaryReaderTest, AsksForWhatThereIs) {
  EXPECT_EQ(Read().file_count, 1);
  EXPECT_THAT(source_.scope().targets, ElementsAre("splp", "sipd"));
  EXPECT_THAT(source_.scope().indicator_targets, ElementsAre("sipd"));
  EXPECT_LE(source_.scope().since, clock_.Now() - absl::Hours(24) * kMostSummaryDays);
}

TEST_F(SummaryReaderTest, WhileNothingIsStoredNothingIsCounted) {
  EXPECT_EQ(Read().file_count, 1);
  clock_.Advance(absl::Hours(30));
  const Summary later = Read();
  EXPECT_EQ(later.file_count, 1);
  EXPECT_EQ(later.read_time, clock_.Now());
  EXPECT_EQ(later.days.back().day, absl::CivilDay(2024, 1, 2));
}

TEST_F(SummaryReaderTest, WhatWasStoredIsCountedSomeSecondsLater) {
  const absl::Time start = clock_.Now();
  EXPECT_EQ(Read().file_count, 1);
  source_.commits = 1;
  clock_.Advance(absl::Milliseconds(4999));
  EXPECT_EQ(Read().file_count, 1);
  EXPECT_EQ(Read().read_time, start);
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Read().file_count, 2);
  EXPECT_EQ(Read().read_time, clock_.Now());
}

TEST_F(SummaryReaderTest, WhatTakesLongIsDoneSeldom) {
  source_.cost = absl::Seconds(3);
  Read();
  source_.commits = 1;
  clock_.Advance(absl::Seconds(11));  // 14 s since it began.
  EXPECT_EQ(Read().file_count, 1);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Read().file_count, 2);
}

TEST_F(SummaryReaderTest, OneCountsAndTheOthersGetTheLastAnswer) {
  Read();
  source_.commits = 1;
  clock_.Advance(absl::Seconds(6));
  source_.Hold();
  std::thread counting([this] { EXPECT_EQ(Read().file_count, 2); });
  source_.AwaitReads(2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Read().file_count, 1);
  source_.Release();
  counting.join();
  EXPECT_EQ(source_.reads(), 2);
}

TEST_F(SummaryReaderTest, AnAnswerOfLongAgoIsNotGiven) {
  Read();
  source_.commits = 1;
  clock_.Advance(absl::Hours(1));
  source_.Hold();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([this] { EXPECT_EQ(Read().file_count, 2); });
  source_.AwaitReads(2);
  source_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(source_.reads(), 2);
}

TEST_F(SummaryReaderTest, AFailureIsToldAndNotKept) {
  source_.error =
      catalog::FailureStatus(absl::StatusCode::kUnavailable, {.reason = Reason::kStoreUnavailable});
  EXPECT_EQ(FailureOf(reader_.Read({}).status()).reason, Reason::kStoreUnavailable);
  source_.error = absl::OkStatus();
  EXPECT_EQ(Read().file_count, 2);
}

TEST_F(SummaryReaderTest, DaysAreThoseOfTheZone) {
  source_.stored.quarters = {{QuarterOf("2023-12-30 16:45"), "splp", State::kConfirmed, 1},
                             {QuarterOf("2023-12-30 17:00"), "splp", State::kConfirmed, 2},
                             {QuarterOf("2023-12-30 17:00"), "sipd", State::kRejected, 4},
                             {QuarterOf("2023-12-31 23:45"), "splp", State::kConfirmed, 8},
                             {QuarterOf("2024-01-01 00:00"), "splp", State::kParked, 16},
                             {QuarterOf("2024-01-05 00:00"), "splp", State::kParked, 32}};
  const Summary jakarta = Read({.day_count = 3});
  ASSERT_THAT(jakarta.days, SizeIs(3));
  EXPECT_EQ(jakarta.days[0].day, absl::CivilDay(2023, 12, 30));
  EXPECT_EQ(jakarta.days[0].counts, (TargetCounts{{"splp", Counts({{State::kConfirmed, 1}})}}));
  EXPECT_EQ(jakarta.days[1].counts, (TargetCounts{{"splp", Counts({{State::kConfirmed, 2}})},
                                                  {"sipd", Counts({{State::kRejected, 4}})}}));
  EXPECT_EQ(jakarta.days[2].counts,
            (TargetCounts{{"splp", Counts({{State::kConfirmed, 8}, {State::kParked, 16}})}}));

  const Summary utc = Read({.day_count = 2, .time_zone = "UTC"});
  ASSERT_THAT(utc.days, SizeIs(2));
  EXPECT_EQ(utc.days[0].day, absl::CivilDay(2023, 12, 31));
  EXPECT_EQ(utc.days[1].counts, (TargetCounts{{"splp", Counts({{State::kParked, 16}})}}));
  // A quarter of an hour before midnight: 5:45 ahead of UTC.
  const Summary nepal = Read({.day_count = 1, .time_zone = "Asia/Kathmandu"});
  EXPECT_EQ(nepal.days[0].counts,
            (TargetCounts{{"splp", Counts({{State::kConfirmed, 8}, {State::kParked, 16}})}}));
  EXPECT_EQ(source_.reads(), 1);
}

TEST_F(SummaryReaderTest, DaysWithoutADeliveryAreThere) {
  const Summary summary = Read();
  ASSERT_THAT(summary.days, SizeIs(30));
  EXPECT_EQ(summary.days.front().day, absl::CivilDay(2023, 12, 3));
  EXPECT_EQ(summary.days.back().day, absl::CivilDay(2024, 1, 1));
  EXPECT_THAT(summary.days.front().counts, IsEmpty());
  EXPECT_THAT(Read({.day_count = kMostSummaryDays}).days, SizeIs(kMostSummaryDays));
}

TEST_F(SummaryReaderTest, AZoneThatIsNotKnownIsRefused) {
  for (const char* zone : {"Asia/Atlantis", "/etc/passwd", "WIB pagi"}) {
    const auto summary = reader_.Read({.time_zone = zone});
    EXPECT_TRUE(absl::IsInvalidArgument(summary.status())) << zone;
    EXPECT_EQ(FailureOf(summary.status()).reason, Reason::kFieldInvalid) << zone;
  }
  EXPECT_EQ(source_.reads(), 0);
}

TEST_F(SummaryReaderTest, UrusansAreNamedByWhatTheTargetHasTold) {
  source_.stored.urusans["1.02"]["sipd"][State::kConfirmed] = 7;
  source_.stored.urusans["2.09"]["sipd"][State::kRejected] = 1;
  ReferenceList list{.kodepemda = "1612"};
  list.indicators["1.02.000318"] = {.kodeindikator = "1.02.000318", .field = "1.02 - URUSAN KESEHATAN"};
  list.indicators["2.091.00001"] = {.kodeindikator = "2.091.00001", .field = "2.091 - LAIN"};
  sipd_.references = {std::make_shared<const ReferenceList>(list)};
  const Summary summary = Read();
  ASSERT_THAT(summary.urusans, SizeIs(2));
  EXPECT_EQ(summary.urusans[0].kode, "1.02");
  EXPECT_EQ(summary.urusans[0].uraian, "URUSAN KESEHATAN");
  EXPECT_EQ(summary.urusans[0].counts.at("sipd")[State::kConfirmed], 7);
  EXPECT_EQ(summary.urusans[1].uraian, "");
}

TEST_F(SummaryReaderTest, TheLargestTurnComesFirstAndNobodysNotAtAll) {
  source_.stored.turns = {{Reason::kTargetOutage, "splp", 3},
                          {Reason::kSuperseded, "splp", 50},
                          {Reason::kMetadataMissing, "splp", 9},
                          {Reason::kMetadataMissing, "sipd", 9}};
  std::vector<std::string> turns;
  for (const Turn& turn : Read().turns) {
    turns.push_back(absl::StrCat(turn.count, " ", catalog::ReasonName(turn.reason), " ", turn.target));
  }
  EXPECT_THAT(turns,
              ElementsAre("9 METADATA_MISSING sipd", "9 METADATA_MISSING splp", "3 TARGET_OUTAGE splp"));
}

}  // namespace
}  // namespace satudata::sync
