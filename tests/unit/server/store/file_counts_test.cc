#include "server/store/file_counts.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::store {
namespace {

using sync::FileFilter;
using sync::State;

const FileFilter kByTheme = {.theme = "Pertanian"};
const FileFilter kByState = {.target = "splp", .state = State::kConfirmed};

class FileCountsTest : public testing::Test {
 protected:
  // Counting takes `cost` and comes to one more each time.
  int64_t Get(const FileFilter& filter, FileCounts::Stamp now, absl::Duration cost = absl::ZeroDuration()) {
    const auto count = counts_.Get(filter, now, [&]() -> absl::StatusOr<int64_t> {
      clock_.Advance(cost);
      return ++counted_;
    });
    EXPECT_TRUE(count.ok()) << count.status();
    return *count;
  }

  fakes::FakeClock clock_;
  FileCounts counts_{clock_, /*capacity=*/3};
  int64_t counted_ = 0;
};

TEST_F(FileCountsTest, WhatTheCatalogueDecidesHoldsUntilItChanges) {
  EXPECT_EQ(Get(kByTheme, {.generation = 1, .commits = 1}, absl::Seconds(1)), 1);
  EXPECT_EQ(Get(kByTheme, {.generation = 1, .commits = 99}), 1);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Get(kByTheme, {.generation = 1, .commits = 99}), 1);
  EXPECT_EQ(Get(kByTheme, {.generation = 2, .commits = 100}), 2);
}

TEST_F(FileCountsTest, HowFilesStandHoldsUntilTheNextCommit) {
  EXPECT_EQ(Get(kByState, {.generation = 1, .commits = 1}), 1);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Get(kByState, {.generation = 1, .commits = 1}), 1);
  EXPECT_EQ(Get(kByState, {.generation = 1, .commits = 2}), 2);
}

TEST_F(FileCountsTest, WhatTakesLongToCountIsNotCountedWithEveryCommit) {
  EXPECT_EQ(Get(kByState, {.commits = 1}, absl::Milliseconds(100)), 1);
  clock_.Advance(absl::Milliseconds(999));
  EXPECT_EQ(Get(kByState, {.commits = 2}), 1);
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Get(kByState, {.commits = 2}), 2);
}

TEST_F(FileCountsTest, KeepsTheFiltersThatWereAskedForLast) {
  const auto theme = [](int i) { return FileFilter{.theme = std::string(1, static_cast<char>('a' + i))}; };
  for (int i = 0; i < 3; ++i) Get(theme(i), {});
  EXPECT_EQ(Get(theme(0), {}), 1);
  Get(theme(3), {});
  EXPECT_EQ(Get(theme(0), {}), 1);
  EXPECT_EQ(Get(theme(1), {}), 5);
}

TEST_F(FileCountsTest, AFailureIsNotKept) {
  const auto failed =
      counts_.Get(kByTheme, {}, []() -> absl::StatusOr<int64_t> { return absl::UnavailableError("no"); });
  EXPECT_TRUE(absl::IsUnavailable(failed.status()));
  EXPECT_EQ(Get(kByTheme, {}), 1);
}

}  // namespace
}  // namespace satudata::store
