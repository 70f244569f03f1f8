#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/targets/corpus.h"

namespace satudata::targets {
namespace {

using sync::Effect;
using sync::Ruling;
using sync::Verdict;
using sync::VerdictKind;
using ::testing::HasSubstr;

std::string RulingName(Ruling ruling) {
  switch (ruling) {
    case Ruling::kAccepted:
      return "accepted";
    case Ruling::kConfirmed:
      return "confirmed";
    case Ruling::kRejected:
      return "rejected";
    case Ruling::kUnknown:
      break;
  }
  return "unknown";
}

std::string Summary(const Verdict& verdict) {
  return absl::StrCat(sync::VerdictKindName(verdict.kind),
                      verdict.effect == Effect::kNone ? " none" : " possible");
}

std::string Rulings(const Verdict& verdict) {
  return absl::StrJoin(verdict.records, " ", [](std::string* out, const sync::RecordRuling& record) {
    absl::StrAppend(out, RulingName(record.ruling));
  });
}

// The verdict's own failure, or that of the first record that has one.
catalog::Failure FailureOf(const Verdict& verdict) {
  for (const sync::RecordRuling& record : verdict.records) {
    if (!record.failure.ok()) return record.failure;
  }
  return verdict.failure;
}

std::string Fields(const catalog::Failure& failure) {
  return absl::StrJoin(
      failure.field_violations, " ",
      [](std::string* out, const catalog::FieldViolation& field) { absl::StrAppend(out, field.field); });
}

std::string RetryAt(const Verdict& verdict) {
  if (!verdict.retry_at.has_value()) return "";
  return absl::FormatTime(absl::RFC3339_sec, *verdict.retry_at, absl::UTCTimeZone());
}

std::string Held(const Judgement& judgement) {
  if (judgement.held_hash.empty()) return "none";
  return judgement.held_hash == CorpusDatasetHash() ? "equal" : "different";
}

std::string DetailOf(const catalog::Failure& failure) {
  const auto detail = failure.args.find("detail");
  return detail == failure.args.end() ? "" : detail->second;
}

class VerdictCorpusTest : public ::testing::TestWithParam<RecordedAnswer> {
 protected:
  static void ExpectIfRecorded(const std::string& name, const std::string& actual) {
    const std::string expected = GetParam().Expected(name);
    EXPECT_TRUE(expected.empty() || expected == actual) << name << ": " << actual << ", not " << expected;
  }
};

TEST_P(VerdictCorpusTest, MeansWhatItSays) {
  const RecordedAnswer& recorded = GetParam();
  const Judgement judgement = JudgeRecorded(recorded.Expected("operation"), recorded.answer);
  const Verdict& verdict = judgement.verdict;
  const catalog::Failure failure = FailureOf(verdict);

  EXPECT_EQ(Summary(verdict), recorded.Expected("expect"));
  EXPECT_EQ(Rulings(verdict), recorded.Expected("records"));
  EXPECT_EQ(verdict.needs_operator, recorded.Expected("operator") == "yes");
  EXPECT_EQ(RetryAt(verdict), recorded.Expected("retry_at"));
  EXPECT_EQ(Fields(failure), recorded.Expected("fields"));
  EXPECT_THAT(DetailOf(failure), HasSubstr(recorded.Expected("detail")));
  EXPECT_TRUE(failure.ok() || failure.http_code == recorded.answer.status);
  ExpectIfRecorded("reason", std::string(catalog::ReasonName(failure.reason)));
  ExpectIfRecorded("code", failure.target_code);
  ExpectIfRecorded("rows", absl::StrCat(judgement.row_count));
  ExpectIfRecorded("held", Held(judgement));
  ExpectIfRecorded("already_there", judgement.is_already_there ? "yes" : "no");
}

// Whoever is told anything but good news is told why.
TEST_P(VerdictCorpusTest, SaysWhyItIsNotGood) {
  const Judgement judgement = JudgeRecorded(GetParam().Expected("operation"), GetParam().answer);
  EXPECT_EQ(judgement.verdict.kind == VerdictKind::kJudged, judgement.verdict.failure.ok());
  for (const sync::RecordRuling& record : judgement.verdict.records) {
    const bool is_good = record.ruling == Ruling::kAccepted || record.ruling == Ruling::kConfirmed;
    EXPECT_EQ(is_good, record.failure.ok());
  }
}

INSTANTIATE_TEST_SUITE_P(Corpus, VerdictCorpusTest, ::testing::ValuesIn(ReadCorpus(SATUDATA_CORPUS)),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace satudata::targets
