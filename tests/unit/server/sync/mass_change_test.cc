#include "server/sync/mass_change.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

Record MakeRecord(const std::string& key, const std::string& hash, State state = State::kQueued) {
  return {.key = key, .state = state, .hash = hash};
}

TEST(PlanTotalsTest, CountsWhatIsKnownAndWhatOfItWouldChange) {
  const absl::flat_hash_map<std::string, Baseline> baselines = {
      {"same", {.key = "same", .hash = "1"}},
      {"changed", {.key = "changed", .hash = "1"}},
      {"refused", {.key = "refused", .hash = "1"}},
      {"doubted", {.key = "doubted", .hash = "1"}},
  };
  Record seen = MakeRecord("seen", "2");
  seen.previous_known = true;
  seen.previous_hash = "1";
  Record adopted = MakeRecord("adopted", "1", State::kUnchanged);
  adopted.previous_known = true;
  adopted.previous_hash = "1";
  Record absent = MakeRecord("absent", "1");
  absent.previous_known = true;
  PlanTotals totals;
  totals.Add({MakeRecord("same", "1", State::kUnchanged), MakeRecord("changed", "2"),
              MakeRecord("refused", "2", State::kRejected), MakeRecord("doubted", "2", State::kUnknown),
              MakeRecord("new", "1"), seen, adopted, absent},
             baselines);
  EXPECT_EQ(totals.known_records, 6);
  EXPECT_EQ(totals.changed_records, 3) << "changed, doubted and seen";
}

TEST(PlanTotalsTest, ForcingTheSameValueIsNoChange) {
  PlanTotals totals;
  totals.Add({MakeRecord("a", "1")}, {{"a", {.key = "a", .hash = "1"}}});
  EXPECT_EQ(totals.known_records, 1);
  EXPECT_EQ(totals.changed_records, 0);
}

TEST(JudgeMassChangeTest, MoreThanThirtyPercentOfAtLeastFifty) {
  EXPECT_FALSE(JudgeMassChange({.known_records = 49, .changed_records = 49}, std::nullopt).has_value());
  EXPECT_FALSE(JudgeMassChange({.known_records = 50, .changed_records = 15}, std::nullopt).has_value());
  const auto failure = JudgeMassChange({.known_records = 50, .changed_records = 16}, std::nullopt);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->reason, Reason::kMassChange);
  EXPECT_EQ(failure->args.at("changed"), "16");
  EXPECT_EQ(failure->args.at("known"), "50");
  EXPECT_EQ(failure->args.at("percent"), "32");
}

TEST(JudgeMassChangeTest, ACatalogueOfUnderHalf) {
  EXPECT_FALSE(JudgeMassChange({.verified_files = 5}, 10).has_value());
  EXPECT_FALSE(JudgeMassChange({.verified_files = 0}, 0).has_value());
  EXPECT_FALSE(JudgeMassChange({.verified_files = 0}, std::nullopt).has_value());
  const auto failure = JudgeMassChange({.verified_files = 4}, 10);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->args.at("changed"), "6");
  EXPECT_EQ(failure->args.at("known"), "10");
  EXPECT_EQ(failure->args.at("percent"), "60");
}

}  // namespace
}  // namespace satudata::sync
