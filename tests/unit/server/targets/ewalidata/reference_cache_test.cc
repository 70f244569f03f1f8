#include "server/targets/ewalidata/reference_cache.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "server/base/stop.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::targets::ewalidata {
namespace {

using Use = ReferenceCache::Use;

TargetRow Row(std::string code, std::string status) {
  TargetRow row;
  row.kodeindikator = std::move(code);
  row.status = std::move(status);
  row.satuan = "orang";
  return row;
}

ReferenceList List(absl::string_view kodepemda, std::vector<TargetRow> rows) {
  return MakeReferenceList(kodepemda, rows, absl::UnixEpoch());
}

class ReferenceCacheTest : public ::testing::Test {
 protected:
  ReferenceCache NewCache() {
    return ReferenceCache(
        {}, [this](absl::string_view kodepemda, const base::Deadline&) { return Fetch(kodepemda); }, clock_);
  }
  absl::StatusOr<ReferenceList> Fetch(absl::string_view kodepemda) {
    ++fetches_;
    if (!error_.ok()) return error_;
    return List(kodepemda, rows_);
  }

  fakes::FakeClock clock_;
  std::atomic<int> fetches_ = 0;
  absl::Status error_;
  std::vector<TargetRow> rows_ = {Row("1.02.000318", "AKTIF")};
};

TEST(MakeReferenceListTest, KnowsWhatIsDisabled) {
  const ReferenceList list = List("1612", {Row("1.02.000318", "AKTIF"), Row("1.02.000319", "Disabled")});
  EXPECT_FALSE(list.indicators.at("1.02.000318").is_disabled);
  EXPECT_TRUE(list.indicators.at("1.02.000319").is_disabled);
  EXPECT_EQ(list.indicators.at("1.02.000318").unit, "orang");
}

TEST(MakeReferenceListTest, VersionIsOfCodesAndStatesInAnyOrder) {
  const std::string version =
      List("1612", {Row("1.02.000318", "AKTIF"), Row("1.02.000319", "AKTIF")}).version;
  EXPECT_EQ(List("1612", {Row("1.02.000319", "AKTIF"), Row("1.02.000318", "AKTIF")}).version, version);
  EXPECT_NE(List("1612", {Row("1.02.000318", "AKTIF"), Row("1.02.000319", "DISABLED")}).version, version);
  EXPECT_NE(List("1612", {Row("1.02.000318", "AKTIF")}).version, version);
}

TEST_F(ReferenceCacheTest, FetchesOnceADay) {
  ReferenceCache cache = NewCache();
  EXPECT_EQ(cache.Cached("1612"), nullptr);
  EXPECT_EQ(cache.version(), "");
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  clock_.Advance(absl::Hours(23));
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  EXPECT_EQ(fetches_, 1);
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  EXPECT_EQ(fetches_, 2);
  EXPECT_NE(cache.Cached("1612"), nullptr);
}

TEST_F(ReferenceCacheTest, EachRegionHasItsOwn) {
  ReferenceCache cache = NewCache();
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  const std::string version = cache.version();
  EXPECT_EQ(cache.Cached("1613"), nullptr);
  ASSERT_TRUE(cache.Get("1613", Use::kPlanning, base::Deadline::Infinite()).ok());
  EXPECT_NE(cache.version(), version);
  EXPECT_EQ(fetches_, 2);
}

TEST_F(ReferenceCacheTest, VersionMovesOnlyWithTheLists) {
  ReferenceCache cache = NewCache();
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  const std::string version = cache.version();
  clock_.Advance(absl::Hours(24));
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  EXPECT_EQ(cache.version(), version);
  rows_.push_back(Row("1.02.000319", "AKTIF"));
  clock_.Advance(absl::Hours(24));
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  EXPECT_NE(cache.version(), version);
}

TEST_F(ReferenceCacheTest, AFetchThatFailsIsNotRepeatedAtOnce) {
  ReferenceCache cache = NewCache();
  error_ = absl::UnavailableError("down");
  EXPECT_EQ(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).status(), error_);
  EXPECT_EQ(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).status(), error_);
  EXPECT_EQ(fetches_, 1);
  clock_.Advance(absl::Minutes(1));
  error_ = absl::OkStatus();
  EXPECT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
}

TEST_F(ReferenceCacheTest, AFetchThatItsCallerStoppedCountsForNothing) {
  ReferenceCache cache = NewCache();
  std::stop_source stop = base::NewStopSource();
  stop.request_stop();
  error_ = absl::UnavailableError("stopped");
  EXPECT_EQ(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite().OrStop(stop.get_token())).status(),
            error_);
  error_ = absl::OkStatus();
  EXPECT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  EXPECT_EQ(fetches_, 2);
}

TEST_F(ReferenceCacheTest, ARefreshThatFailsLeavesTheOldList) {
  ReferenceCache cache = NewCache();
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  error_ = absl::UnavailableError("down");
  clock_.Advance(absl::Hours(25));
  const auto list = cache.Get("1612", Use::kPlanning, base::Deadline::Infinite());
  ASSERT_TRUE(list.ok());
  EXPECT_EQ((*list)->indicators.size(), 1U);
  EXPECT_EQ(fetches_, 2);
}

TEST_F(ReferenceCacheTest, ManyCallersShareOneFetch) {
  absl::Notification fetching;
  absl::Notification go_on;
  ReferenceCache cache(
      {},
      [&](absl::string_view kodepemda, const base::Deadline&) -> absl::StatusOr<ReferenceList> {
        ++fetches_;
        fetching.Notify();
        go_on.WaitForNotification();
        return List(kodepemda, rows_);
      },
      clock_);
  std::atomic<int> served = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back(
        [&] { served += cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok() ? 1 : 0; });
  }
  fetching.WaitForNotification();
  EXPECT_EQ(
      cache.Get("1612", Use::kPlanning, base::Deadline::After(clock_, absl::ZeroDuration())).status().code(),
      absl::StatusCode::kDeadlineExceeded);
  go_on.Notify();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(served, 4);
  EXPECT_EQ(fetches_, 1);
}

TEST_F(ReferenceCacheTest, WhatIsOnlyLookedAtIsNotWhatValuesAreJudgedBy) {
  ReferenceCache cache = NewCache();
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  const std::string version = cache.version();
  ASSERT_TRUE(cache.Get("1613", Use::kLooking, base::Deadline::Infinite()).ok());
  EXPECT_EQ(cache.version(), version);
  EXPECT_EQ(cache.AllCached().size(), 2U);
  ASSERT_TRUE(cache.Get("1613", Use::kPlanning, base::Deadline::Infinite()).ok());
  EXPECT_NE(cache.version(), version);
  EXPECT_EQ(fetches_, 2);
}

TEST_F(ReferenceCacheTest, OfWhatIsOnlyLookedAtTheLastFewAreKept) {
  ReferenceCache cache = NewCache();
  ASSERT_TRUE(cache.Get("1612", Use::kPlanning, base::Deadline::Infinite()).ok());
  for (int region = 2000; region < 2100; ++region) {
    ASSERT_TRUE(cache.Get(std::to_string(region), Use::kLooking, base::Deadline::Infinite()).ok());
    ASSERT_TRUE(cache.Get("2000", Use::kLooking, base::Deadline::Infinite()).ok());
  }
  EXPECT_EQ(cache.AllCached().size(), 9U);
  EXPECT_NE(cache.Cached("1612"), nullptr);
  EXPECT_NE(cache.Cached("2000"), nullptr);
  EXPECT_NE(cache.Cached("2099"), nullptr);
  EXPECT_EQ(cache.Cached("2050"), nullptr);
}

TEST_F(ReferenceCacheTest, RegionsThatCannotBeReadAreNotKeptEither) {
  ReferenceCache cache = NewCache();
  error_ = absl::UnavailableError("away");
  for (int region = 2000; region < 2100; ++region) {
    EXPECT_FALSE(cache.Get(std::to_string(region), Use::kLooking, base::Deadline::Infinite()).ok());
  }
  EXPECT_EQ(fetches_, 100);
  EXPECT_FALSE(cache.Get("2000", Use::kLooking, base::Deadline::Infinite()).ok());
  EXPECT_EQ(fetches_, 101);  // That it failed was forgotten.
  EXPECT_FALSE(cache.Get("2000", Use::kLooking, base::Deadline::Infinite()).ok());
  EXPECT_EQ(fetches_, 101);
}

}  // namespace
}  // namespace satudata::targets::ewalidata
