#include "tests/simulator/quirks.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::simulator {
namespace {

using ::testing::HasSubstr;

constexpr auto kPush = Operation::kSipdPush;

std::vector<Quirk> Draws(QuirkEngine& engine, const std::string& key, int count) {
  std::vector<Quirk> quirks;
  for (int i = 0; i < count; ++i) quirks.push_back(engine.Draw(kPush, Scope::kRequest, key).quirk);
  return quirks;
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(QuirkCatalogue, NamesAreUniqueAndEveryQuirkAppliesSomewhere) {
  std::set<std::string> names;
  size_t position = 1;
  for (const QuirkInfo& info : QuirkCatalogue()) {
    EXPECT_EQ(IndexOf(info.quirk), position++);
    EXPECT_TRUE(names.insert(std::string(info.name)).second) << info.name;
    EXPECT_NE(info.operations, 0u) << info.name;
    EXPECT_FALSE(info.effect.empty()) << info.name;
    EXPECT_EQ(NameOf(info.quirk), info.name);
  }
}

TEST(QuirkEngine, AllRatesZeroDrawsNothing) {
  QuirkEngine engine(1);
  EXPECT_EQ(engine.Draw(kPush, Scope::kRequest, "k").quirk, Quirk::kNone);
  EXPECT_TRUE(engine.Rates().empty());
}

TEST(QuirkEngine, SameSeedSameFateWhateverTheOrderOfOtherKeys) {
  QuirkEngine one(7), other(7);
  ASSERT_TRUE(one.SetRates({{"*", 0.8}}).ok());
  ASSERT_TRUE(other.SetRates({{"*", 0.8}}).ok());
  const std::vector<Quirk> a = Draws(one, "a", 20);
  const std::vector<Quirk> b = Draws(one, "b", 20);
  EXPECT_EQ(Draws(other, "b", 20), b);
  EXPECT_EQ(Draws(other, "a", 20), a);
  EXPECT_NE(a, b);
}

TEST(QuirkEngine, AnotherSeedIsAnotherFate) {
  QuirkEngine one(7), other(8);
  ASSERT_TRUE(one.SetRates({{"*", 0.8}}).ok());
  ASSERT_TRUE(other.SetRates({{"*", 0.8}}).ok());
  EXPECT_NE(Draws(one, "a", 30), Draws(other, "a", 30));
}

TEST(QuirkEngine, ClearForgetsRatesAndWhatWasSeen) {
  QuirkEngine engine(7);
  ASSERT_TRUE(engine.SetRates({{"*", 0.8}}).ok());
  const std::vector<Quirk> before = Draws(engine, "a", 20);
  engine.Clear();
  EXPECT_TRUE(engine.Rates().empty());
  ASSERT_TRUE(engine.SetRates({{"*", 0.8}}).ok());
  EXPECT_EQ(Draws(engine, "a", 20), before);
}

TEST(QuirkEngine, RatesAreMet) {
  QuirkEngine engine(3);
  ASSERT_TRUE(engine.SetRates({{"html-200", 0.1}, {"reset-after", 0.2}}).ok());
  constexpr int kDraws = 20000;
  int html = 0, reset = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Fate fate = engine.Draw(kPush, Scope::kRequest, absl::StrCat("key", i));
    html += fate.Is(Quirk::kHtml200);
    reset += fate.Is(Quirk::kResetAfter);
  }
  EXPECT_NEAR(html, kDraws * 0.1, kDraws * 0.01);
  EXPECT_NEAR(reset, kDraws * 0.2, kDraws * 0.01);
}

TEST(QuirkEngine, CoinsAreFairAndFractionsWithinTheUnit) {
  QuirkEngine engine(3);
  ASSERT_TRUE(engine.SetRates({{"drip", 1}}).ok());
  int heads = 0;
  for (int i = 0; i < 2000; ++i) {
    const Fate fate = engine.Draw(kPush, Scope::kRequest, absl::StrCat(i));
    heads += fate.Coin();
    EXPECT_GE(fate.Fraction(), 0);
    EXPECT_LT(fate.Fraction(), 1);
  }
  EXPECT_NEAR(heads, 1000, 100);
}

TEST(QuirkEngine, SpreadSharesTheTotalAndLeavesOutThoseByNameOnly) {
  QuirkEngine engine(1);
  ASSERT_TRUE(engine.SetRates({{"*", 0.3}}).ok());
  double sum = 0;
  for (const auto& [name, rate] : engine.Rates()) {
    if (name.rfind("splp.post/", 0) == 0) sum += rate;
    EXPECT_EQ(name.find("unauthorized"), std::string::npos);
    EXPECT_EQ(name.find("row-third-value"), std::string::npos);
  }
  EXPECT_NEAR(sum, 0.3, 1e-9);
}

TEST(QuirkEngine, ScopesLimitARate) {
  QuirkEngine engine(1);
  ASSERT_TRUE(engine.SetRates({{"splp/html-200", 1}, {"sipd.get_dssd/drip", 1}}).ok());
  EXPECT_TRUE(engine.Draw(Operation::kSplpPost, Scope::kRequest, "k").Is(Quirk::kHtml200));
  EXPECT_TRUE(engine.Draw(Operation::kSplpGet, Scope::kRequest, "k").Is(Quirk::kHtml200));
  EXPECT_TRUE(engine.Draw(Operation::kSipdGet, Scope::kRequest, "k").Is(Quirk::kDrip));
  EXPECT_TRUE(engine.Draw(Operation::kSipdGetFinal, Scope::kRequest, "k").Is(Quirk::kNone));
  EXPECT_TRUE(engine.Draw(kPush, Scope::kRequest, "k").Is(Quirk::kNone));
}

TEST(QuirkEngine, RefusesRatesThatMakeNoSenseAndKeepsTheOldOnes) {
  QuirkEngine engine(1);
  ASSERT_TRUE(engine.SetRates({{"html-200", 0.5}}).ok());
  const std::vector<NamedRate> before = engine.Rates();
  EXPECT_THAT(Message(engine.SetRates({{"drip", 0.1}, {"nonsense", 0.1}})), HasSubstr("\"nonsense\""));
  EXPECT_THAT(Message(engine.SetRates({{"drip", 1.5}})), HasSubstr("within 0 and 1"));
  EXPECT_THAT(Message(engine.SetRates({{"drip", 0.6}})), HasSubstr("more than 1"));
  EXPECT_THAT(Message(engine.SetRates({{"sipd/wrong-id", 0.1}})), HasSubstr("does not apply"));
  EXPECT_EQ(engine.Rates(), before);
}

TEST(ParseRates, ReadsAList) {
  std::vector<NamedRate> rates;
  ASSERT_TRUE(ParseRates("html-200=0.1, sipd/drip=0.05,", &rates).ok());
  EXPECT_EQ(rates, (std::vector<NamedRate>{{"html-200", 0.1}, {"sipd/drip", 0.05}}));
  EXPECT_FALSE(ParseRates("html-200", &rates).ok());
  EXPECT_FALSE(ParseRates("html-200=often", &rates).ok());
}

}  // namespace
}  // namespace satudata::simulator
