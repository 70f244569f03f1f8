// Every quirk of SPLP: what the client sees, and what is true.
#include <algorithm>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

using ::testing::HasSubstr;

enum class Effect { kNone, kApplied, kLate, kSeeded };

struct Expectation {
  const char* quirk;
  int status;  // 0: no whole answer.
  const char* body_has;
  Effect effect;
};

std::string TestName(const ::testing::TestParamInfo<Expectation>& info) {
  std::string name = info.param.quirk;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

const Expectation kPosts[] = {
    {"html-200", 200, "Pemeliharaan", Effect::kNone},
    {"html-403", 403, "Request Rejected", Effect::kNone},
    {"throttle-200", 200, "900802", Effect::kNone},
    {"throttle-next-access", 429, "+0000 UTC", Effect::kNone},
    {"throttle-date", 429, "900802", Effect::kNone},
    {"throttle-seconds", 429, "900802", Effect::kNone},
    {"throttle-bare", 429, "900802", Effect::kNone},
    {"throttle-blocked", 429, "900805", Effect::kNone},
    {"unauthorized", 401, "900901", Effect::kNone},
    {"error-500-before", 500, "900900", Effect::kNone},
    {"error-503-before", 503, "101503", Effect::kNone},
    {"reset-before", 0, "", Effect::kNone},
    {"hang-before", 0, "", Effect::kNone},
    {"error-500-after", 500, "900900", Effect::kApplied},
    {"error-503-after", 503, "101503", Effect::kApplied},
    {"reset-after", 0, "", Effect::kApplied},
    {"hang-after", 0, "", Effect::kApplied},
    {"hang-late", 0, "", Effect::kLate},
    {"drip", 0, "", Effect::kSeeded},
    {"truncated", 201, "{\"status\":\"success\"", Effect::kApplied},
    {"cut-short", 0, "", Effect::kApplied},
    {"garbage", 200, "\xA7", Effect::kApplied},
    {"too-large", 201, "    {\"status\":\"success\"", Effect::kApplied},
    {"endless", 0, "", Effect::kApplied},
    {"wrong-content-type", 201, "\"dataset_id\":\"f1\"", Effect::kApplied},
    {"tenant-asleep", 404, "\"type\":\"Status report\"", Effect::kNone},
    {"wso2-string-code", 500, "{\"code\":\"900900\"", Effect::kNone},
    {"wso2-fault", 503, "{\"fault\":{\"code\":101503", Effect::kNone},
    {"wso2-xml", 500, "<am:fault", Effect::kNone},
    {"status-error-200", 200, "\"status\":\"error\"", Effect::kNone},
    {"html-success", 200, "Berhasil", Effect::kApplied},
    {"wrong-id", 201, "\"dataset_id\":\"xf1\"", Effect::kApplied},
    {"missing-id", 201, "\"status\":\"success\"", Effect::kApplied},
    {"conflict", 201, "success", Effect::kApplied},
};

class SplpPostQuirk : public ::testing::TestWithParam<Expectation> {};

TEST_P(SplpPostQuirk, ShowsItsFaceAndHasItsEffect) {
  const Expectation& expected = GetParam();
  RunningSimulator simulator(WithQuirk(std::string("splp.post/") + expected.quirk));
  const auto answer = simulator.Post("/splp/datasets", DatasetBody("f1"));
  EXPECT_EQ(StatusOf(answer), expected.status);
  EXPECT_THAT(BodyOf(answer), HasSubstr(expected.body_has));
  const Record record = simulator->truth().SplpRecord("f1").value_or(Record());
  if (expected.effect != Effect::kSeeded) {
    EXPECT_EQ(record.applies, expected.effect == Effect::kApplied ? 1u : 0u);
  }
  ASSERT_EQ(record.answers.size(), 1u);
  EXPECT_EQ(record.answers[0].what, expected.quirk);
  EXPECT_EQ(simulator->truth().Flush(), expected.effect == Effect::kLate ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(All, SplpPostQuirk, ::testing::ValuesIn(kPosts), TestName);

TEST(SplpQuirks, TheTableAboveNamesAll) {
  std::set<std::string> tested, known;
  for (const Expectation& expectation : kPosts) tested.insert(expectation.quirk);
  for (const QuirkInfo& info : QuirkCatalogue()) {
    if ((info.operations >> IndexOf(Operation::kSplpPost)) & 1) known.insert(std::string(info.name));
  }
  EXPECT_EQ(tested, known);
}

TEST(SplpQuirks, HintsComeInThreeForms) {
  Options options = QuickOptions();
  options.throttle_wait = absl::Milliseconds(1500);
  RunningSimulator simulator(options);
  const auto post = [&](const char* quirk) {
    simulator->quirks().Clear();
    EXPECT_TRUE(simulator->quirks().SetRates({{quirk, 1}}).ok());
    return simulator.Post("/splp/datasets", DatasetBody("f1"));
  };
  EXPECT_EQ(post("throttle-seconds")->get_header_value("Retry-After"), "2");
  EXPECT_THAT(post("throttle-date")->get_header_value("Retry-After"), HasSubstr(" GMT"));
  const auto next = JsonOf(post("throttle-next-access"))["fault"]["nextAccessTime"].get<std::string>();
  absl::Time when;
  EXPECT_TRUE(absl::ParseTime("%Y-%b-%d %H:%M:%S%z UTC", next, &when, nullptr)) << next;
  EXPECT_FALSE(post("throttle-bare")->has_header("Retry-After"));
}

TEST(SplpQuirks, ConflictOnlyWhereTheDatasetIs) {
  RunningSimulator simulator(WithQuirk("conflict"));
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"))), 201);
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"))), 409);
  EXPECT_EQ(simulator->truth().SplpRecord("f1")->applies, 1u);
}

TEST(SplpQuirks, DripAppliesByTheSeedsCoin) {
  RunningSimulator simulator(WithQuirk("splp.post/drip"));
  int applied = 0;
  for (int i = 0; i < 12; ++i) {
    const std::string id = "f" + std::to_string(i);
    simulator.Post("/splp/datasets", DatasetBody(id));
    applied += simulator->truth().SplpRecord(id)->applies > 0;
  }
  EXPECT_GT(applied, 0);
  EXPECT_LT(applied, 12);
}

TEST(SplpQuirks, ReadsSufferToo) {
  RunningSimulator simulator(QuickOptions());
  simulator.Post("/splp/datasets", DatasetBody("f1"));
  ASSERT_TRUE(simulator->quirks().SetRates({{"splp.get/truncated", 1}}).ok());
  const auto read = simulator.Get("/splp/datasets/f1");
  EXPECT_EQ(StatusOf(read), 200);
  EXPECT_TRUE(JsonOf(read).is_discarded());
}

TEST(SplpQuirks, PoisonedIdsAreBlocked) {
  Options options = QuickOptions();
  options.poison = {"f1"};
  RunningSimulator simulator(options);
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"))), 403);
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f2"))), 201);
  EXPECT_EQ(simulator->truth().SplpRecord("f1"), std::nullopt);
}

}  // namespace
}  // namespace satudata::simulator
