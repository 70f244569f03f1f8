#include "server/sync/vitals.h"

#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::sync {
namespace {

class CountingSource final : public VitalsSource {
 public:
  absl::StatusOr<StoredVitals> ReadVitals(const std::vector<std::string>&) override {
    ++reads;
    return stored;
  }
  std::optional<int64_t> VitalsStamp() const override { return stamp; }

  StoredVitals stored;
  std::optional<int64_t> stamp = 1;
  int reads = 0;
};

// Reads in the thread that asks would wait for themselves.
class VitalsReaderTest : public testing::Test {
 protected:
  std::shared_ptr<const Vitals> Read() { return reader_.Read(absl::Seconds(10)); }

  fakes::FakeClock clock_;
  CountingSource source_;
  base::ThreadPool executor_{{.name = "vitals", .threads = 1}};
  VitalsReader reader_{source_, {"sipd"}, executor_, clock_};
};

TEST_F(VitalsReaderTest, ReadsAgainOnlyWhatHasChanged) {
  ASSERT_NE(Read(), nullptr);
  Read();
  EXPECT_EQ(source_.reads, 1) << "nothing was stored";
  source_.stamp = 2;
  Read();
  EXPECT_EQ(source_.reads, 2);
}

TEST_F(VitalsReaderTest, ARunStallsFromWhenItsSequenceStandsStill) {
  source_.stored.runs = {{"r1", 5}};
  EXPECT_EQ(Read()->longest_stall, absl::ZeroDuration());
  clock_.Advance(absl::Minutes(10));
  EXPECT_EQ(Read()->longest_stall, absl::Minutes(10));
  source_.stored.runs = {{"r1", 6}};
  source_.stamp = 2;
  EXPECT_EQ(Read()->longest_stall, absl::ZeroDuration());
  source_.stored.runs.clear();
  source_.stamp = 3;
  clock_.Advance(absl::Minutes(10));
  EXPECT_EQ(Read()->longest_stall, absl::ZeroDuration()) << "it has ended";
}

}  // namespace
}  // namespace satudata::sync
