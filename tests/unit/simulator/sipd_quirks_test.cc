// Every quirk of SIPD: what the client sees, and what is true.
#include <algorithm>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

enum class Effect { kNone, kApplied, kLate, kSeeded };

struct Expectation {
  const char* quirk;
  int status;  // 0: no whole answer.
  const char* body_has;
  const char* body_has_not;
  Effect effect;
};

constexpr char kNothing[] = "(nothing is without this)";
constexpr char kOk[] = "1612.1.02.000318.2024 OK";

std::string TestName(const ::testing::TestParamInfo<Expectation>& info) {
  std::string name = info.param.quirk;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

const Expectation kPushes[] = {
    {"html-200", 200, "Pemeliharaan", kOk, Effect::kNone},
    {"html-403", 403, "Request Rejected", kOk, Effect::kNone},
    {"throttle-200", 200, "900802", kOk, Effect::kNone},
    {"throttle-next-access", 429, "+0000 UTC", kOk, Effect::kNone},
    {"throttle-date", 429, "900802", kOk, Effect::kNone},
    {"throttle-seconds", 429, "900802", kOk, Effect::kNone},
    {"throttle-bare", 429, "900802", kOk, Effect::kNone},
    {"throttle-blocked", 429, "900805", kOk, Effect::kNone},
    {"unauthorized", 401, "\"code\":\"900901\"", kOk, Effect::kNone},
    {"error-500-before", 500, "500", kOk, Effect::kNone},
    {"error-503-before", 503, "503", kOk, Effect::kNone},
    {"reset-before", 0, "", kNothing, Effect::kNone},
    {"hang-before", 0, "", kNothing, Effect::kNone},
    {"error-500-after", 500, "500", kOk, Effect::kApplied},
    {"error-503-after", 503, "503", kOk, Effect::kApplied},
    {"reset-after", 0, "", kNothing, Effect::kApplied},
    {"hang-after", 0, "", kNothing, Effect::kApplied},
    {"hang-late", 0, "", kNothing, Effect::kLate},
    {"drip", 0, "", kNothing, Effect::kSeeded},
    {"truncated", 200, "{\"code\":200", "COMMIT", Effect::kApplied},
    {"cut-short", 0, "", kNothing, Effect::kApplied},
    {"garbage", 200, "\xA7", kOk, Effect::kApplied},
    {"too-large", 200, "    {\"code\":200", kNothing, Effect::kApplied},
    {"endless", 0, "", kNothing, Effect::kApplied},
    {"wrong-content-type", 200, kOk, kNothing, Effect::kApplied},
    {"no-commit", 200, kOk, "COMMIT TRANS", Effect::kSeeded},
    {"no-log", 200, "Sukses menyimpan", "log", Effect::kSeeded},
    {"row-refused", 200, "ERROR: 1612.1.02.000318.2024 gagal", kOk, Effect::kNone},
    {"row-no-line", 200, "[\"COMMIT TRANS\"", "1612.1.02", Effect::kSeeded},
    {"row-ok-and-error", 200, "1612.1.02.000318.2024 OK\",\"ERROR: 1612.1.02.000318.2024", kNothing,
     Effect::kSeeded},
    {"row-error-without-key", 200, "ERROR: baris", "1612.1.02", Effect::kNone},
    {"row-late", 200, kOk, kNothing, Effect::kLate},
    {"row-never", 200, kOk, kNothing, Effect::kNone},
    {"row-third-value", 200, kOk, kNothing, Effect::kApplied},
};

class SipdPushQuirk : public ::testing::TestWithParam<Expectation> {};

TEST_P(SipdPushQuirk, ShowsItsFaceAndHasItsEffect) {
  const Expectation& expected = GetParam();
  RunningSimulator simulator(WithQuirk(std::string("sipd.push_dssd/") + expected.quirk));
  const auto answer = simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  EXPECT_EQ(StatusOf(answer), expected.status);
  EXPECT_THAT(BodyOf(answer), HasSubstr(expected.body_has));
  EXPECT_THAT(BodyOf(answer), Not(HasSubstr(expected.body_has_not)));
  const Record record = simulator->truth().SipdRecord(kKey).value_or(Record());
  if (expected.effect != Effect::kSeeded) {
    EXPECT_EQ(record.applies, expected.effect == Effect::kApplied ? 1u : 0u);
  }
  ASSERT_EQ(record.answers.size(), 1u);
  EXPECT_EQ(record.answers[0].what, expected.quirk);
  EXPECT_EQ(simulator->truth().Flush(), expected.effect == Effect::kLate ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(All, SipdPushQuirk, ::testing::ValuesIn(kPushes), TestName);

const Expectation kReads[] = {
    {"html-200", 200, "Pemeliharaan", kNothing, Effect::kNone},
    {"html-403", 403, "Request Rejected", kNothing, Effect::kNone},
    {"throttle-200", 200, "900802", kNothing, Effect::kNone},
    {"throttle-next-access", 429, "nextAccessTime", kNothing, Effect::kNone},
    {"throttle-date", 429, "900802", kNothing, Effect::kNone},
    {"throttle-seconds", 429, "900802", kNothing, Effect::kNone},
    {"throttle-bare", 429, "900802", kNothing, Effect::kNone},
    {"throttle-blocked", 429, "900805", kNothing, Effect::kNone},
    {"unauthorized", 401, "900901", kNothing, Effect::kNone},
    {"error-500-before", 500, "500", kNothing, Effect::kNone},
    {"error-503-before", 503, "503", kNothing, Effect::kNone},
    {"reset-before", 0, "", kNothing, Effect::kNone},
    {"hang-before", 0, "", kNothing, Effect::kNone},
    {"drip", 0, "", kNothing, Effect::kNone},
    {"truncated", 200, "[{\"kodeindikator\"", "rowtotal", Effect::kNone},
    {"cut-short", 0, "", kNothing, Effect::kNone},
    {"garbage", 200, "\xA7", "kodeindikator", Effect::kNone},
    {"too-large", 200, "    [{\"kodeindikator\"", kNothing, Effect::kNone},
    {"endless", 0, "", kNothing, Effect::kNone},
    {"wrong-content-type", 200, "[{\"kodeindikator\"", kNothing, Effect::kNone},
    {"slow", 200, "[{\"kodeindikator\"", kNothing, Effect::kNone},
    {"message-200", 200, "{\"code\":500,\"msg\":", "kodeindikator", Effect::kNone},
    {"wrapped-data", 200, "{\"data\":[{\"kodeindikator\"", kNothing, Effect::kNone},
    {"wrapped-result", 200, "{\"result\":[{\"kodeindikator\"", kNothing, Effect::kNone},
    {"padded-decimals", 200, "\"data\":\"9.000000\"", kNothing, Effect::kNone},
};

class SipdReadQuirk : public ::testing::TestWithParam<Expectation> {};

TEST_P(SipdReadQuirk, ShowsItsFace) {
  const Expectation& expected = GetParam();
  RunningSimulator simulator(WithQuirk(std::string("sipd.get_dssd/") + expected.quirk));
  simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  const auto answer = simulator.Get("/sipd/get_dssd?kodepemda=1612&tahun=2024");
  EXPECT_EQ(StatusOf(answer), expected.status);
  EXPECT_THAT(BodyOf(answer), HasSubstr(expected.body_has));
  EXPECT_THAT(BodyOf(answer), Not(HasSubstr(expected.body_has_not)));
}

INSTANTIATE_TEST_SUITE_P(All, SipdReadQuirk, ::testing::ValuesIn(kReads), TestName);

template <size_t N>
void ExpectCovers(const Expectation (&table)[N], Operation operation) {
  std::set<std::string> tested, known;
  for (const Expectation& expectation : table) tested.insert(expectation.quirk);
  for (const QuirkInfo& info : QuirkCatalogue()) {
    if ((info.operations >> IndexOf(operation)) & 1) known.insert(std::string(info.name));
  }
  EXPECT_EQ(tested, known);
}

TEST(SipdQuirks, TheTablesAboveNameAll) {
  ExpectCovers(kPushes, Operation::kSipdPush);
  ExpectCovers(kReads, Operation::kSipdGet);
}

TEST(SipdQuirks, SeededEffectsFallBothWays) {
  for (const char* quirk : {"no-commit", "no-log", "row-no-line", "row-ok-and-error"}) {
    RunningSimulator simulator(WithQuirk(quirk));
    int applied = 0;
    for (int year = 1990; year < 2020; ++year) {
      simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9", std::to_string(year))}));
      applied += simulator->truth().SipdRecord(absl::StrCat("1612.", kCode, ".", year))->applies > 0;
    }
    EXPECT_GT(applied, 0) << quirk;
    EXPECT_LT(applied, 30) << quirk;
  }
}

TEST(SipdQuirks, InterferenceLeavesAnotherValue) {
  RunningSimulator simulator(WithQuirk("row-third-value"));
  simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  const Record record = *simulator->truth().SipdRecord(kKey);
  EXPECT_EQ(*record.value, "19");
  ASSERT_EQ(record.history.size(), 2u);
  EXPECT_EQ(record.history[1].by, Actor::kOther);
}

TEST(SipdQuirks, RowQuirksBefallRowsNotBatches) {
  RunningSimulator simulator(WithQuirk("row-refused", 0.5));
  std::vector<nlohmann::json> rows;
  for (int year = 1900; year < 2000; ++year) rows.push_back(PushRow(kCode, "9", std::to_string(year)));
  simulator.Post("/sipd/push_dssd", PushBody(rows));
  const uint64_t held = simulator->truth().TotalsOf(System::kSipd).held;
  EXPECT_GT(held, 25u);
  EXPECT_LT(held, 75u);
}

TEST(SipdQuirks, APoisonedRowBlocksItsWholeBatch) {
  Options options = QuickOptions();
  options.poison = {kKey};
  RunningSimulator simulator(options);
  EXPECT_EQ(StatusOf(simulator.Post("/sipd/push_dssd",
                                    PushBody({PushRow("1.02.000001", "1"), PushRow(kCode, "9")}))),
            403);
  EXPECT_EQ(simulator->truth().TotalsOf(System::kSipd).applies, 0u);
  EXPECT_EQ(StatusOf(simulator.Post("/sipd/push_dssd", PushBody({PushRow("1.02.000001", "1")}))), 200);
}

TEST(SipdQuirks, LateAppliesComeByThemselves) {
  Options options = WithQuirk("row-late");
  options.late_min = options.late_max = absl::Milliseconds(1);
  RunningSimulator simulator(options);
  simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  const absl::Time limit = absl::Now() + absl::Seconds(10);
  while (simulator->truth().pending() > 0 && absl::Now() < limit) std::this_thread::yield();
  EXPECT_EQ(simulator->truth().SipdRecord(kKey)->history.at(0).by, Actor::kLate);
}

TEST(SipdQuirks, WithdrawalsMeetRowQuirksToo) {
  RunningSimulator simulator(WithQuirk("sipd.push_disable_dssd/row-never"));
  const auto row = nlohmann::json({{"kodeindikator", kCode}, {"kodepemda", "1612"}, {"tahun", "2024"}});
  EXPECT_THAT(simulator.Post("/sipd/push_disable_dssd", PushBody({row}))->body, HasSubstr(kOk));
  EXPECT_EQ(simulator->truth().WithdrawalRecord(kKey)->applies, 0u);
}

}  // namespace
}  // namespace satudata::simulator
