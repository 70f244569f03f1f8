#include "server/catalog/failure.h"

#include <set>
#include <string>

#include "gtest/gtest.h"
#include "server/catalog/reason_table.h"

namespace satudata::catalog {
namespace {

Failure FullFailure() {
  return Failure{.reason = Reason::kRefusedByTarget,
                 .args = {{"detail", "tidak \"boleh\"\n− 😀"}, {"key", "1612.1.02.000318.2024"}},
                 .field_violations = {{"metaData.produsen", "wajib diisi"}, {"", ""}},
                 .http_code = 422,
                 .target_code = "900901"};
}

TEST(ReasonName, IsUniqueAndLeadsBack) {
  std::set<absl::string_view> names;
  for (const ReasonRow& row : AllReasonRows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(ReasonName(row.reason), row.name);
    EXPECT_EQ(ParseReason(row.name), row.reason);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(Reason::kLast));
}

TEST(ReasonName, IsEmptyForNone) { EXPECT_EQ(ReasonName(Reason::kNone), ""); }

TEST(ReasonName, StaysAsOthersHaveStoredIt) {
  EXPECT_EQ(ReasonName(Reason::kFileNotVerified), "FILE_NOT_VERIFIED");
  EXPECT_EQ(ReasonName(Reason::kRequestIdReused), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonName(Reason::kRunActive), "RUN_ACTIVE");
  EXPECT_EQ(ReasonName(Reason::kRunNotSucceeded), "RUN_NOT_SUCCEEDED");
  EXPECT_EQ(ReasonName(Reason::kFilePrivate), "FILE_PRIVATE");
  EXPECT_EQ(ReasonName(Reason::kValuesContradict), "VALUES_CONTRADICT");
  EXPECT_EQ(ReasonName(Reason::kTargetValueFinal), "TARGET_VALUE_FINAL");
  EXPECT_EQ(ReasonName(Reason::kNotSeenAtTarget), "NOT_SEEN_AT_TARGET");
  EXPECT_EQ(ReasonName(Reason::kChangedAtTarget), "CHANGED_AT_TARGET");
  EXPECT_EQ(ReasonName(Reason::kBlockedByFirewall), "BLOCKED_BY_FIREWALL");
  EXPECT_EQ(ReasonName(Reason::kSuperseded), "SUPERSEDED");
  EXPECT_EQ(ReasonName(Reason::kMassChange), "MASS_CHANGE");
  EXPECT_EQ(ReasonName(Reason::kKodepemdaMissing), "KODEPEMDA_MISSING");
}

TEST(ParseReason, KnowsNoOtherNames) {
  EXPECT_EQ(ParseReason(""), std::nullopt);
  EXPECT_EQ(ParseReason("NONE"), std::nullopt);
  EXPECT_EQ(ParseReason("file_not_verified"), std::nullopt);
}

TEST(OwnerOf, SaysWhoseTurnItIs) {
  EXPECT_EQ(OwnerOf(Reason::kNumberAmbiguous), Owner::kProducer);
  EXPECT_EQ(OwnerOf(Reason::kIndicatorUnknown), Owner::kDataSteward);
  EXPECT_EQ(OwnerOf(Reason::kCredentialsRefused), Owner::kOperator);
  EXPECT_EQ(OwnerOf(Reason::kTargetOutage), Owner::kTarget);
  EXPECT_EQ(OwnerOf(Reason::kNone), Owner::kNone);
}

// What is wrong with a file, a value or a target is somebody's to mend. A changed revision is planned again
// by us.
TEST(ReasonsOf, AreThoseOfWhichItIsTheOwner) {
  size_t all = 0;
  for (const Owner owner :
       {Owner::kNone, Owner::kProducer, Owner::kDataSteward, Owner::kOperator, Owner::kTarget}) {
    for (const Reason reason : ReasonsOf(owner)) EXPECT_EQ(OwnerOf(reason), owner) << ReasonName(reason);
    all += ReasonsOf(owner).size();
  }
  EXPECT_EQ(all, static_cast<size_t>(Reason::kLast));
}

TEST(OwnerOf, IsNobodyForNoFailureOfAFileOrTarget) {
  for (auto i = static_cast<int>(Reason::kLineNotJson); i <= static_cast<int>(Reason::kTargetPaused); ++i) {
    const auto reason = static_cast<Reason>(i);
    if (reason == Reason::kRevisionChanged) continue;
    EXPECT_NE(OwnerOf(reason), Owner::kNone) << ReasonName(reason);
  }
}

TEST(IsRetryable, HoldsForWhatPassesByItself) {
  for (Reason reason : {Reason::kThrottled, Reason::kTargetOutage, Reason::kTargetTimeout, Reason::kWarmingUp,
                        Reason::kStoreUnavailable, Reason::kRunActive}) {
    EXPECT_TRUE(IsRetryable(reason)) << ReasonName(reason);
  }
}

TEST(IsRetryable, DoesNotHoldForWhatAPersonMustMend) {
  for (Reason reason : {Reason::kNone, Reason::kNumberInvalid, Reason::kCredentialsRefused,
                        Reason::kRefusedByTarget, Reason::kFileNotVerified, Reason::kMassChange}) {
    EXPECT_FALSE(IsRetryable(reason)) << ReasonName(reason);
  }
}

TEST(EncodeFailure, IsUndoneByDecodeFailure) {
  EXPECT_EQ(DecodeFailure(EncodeFailure(FullFailure())), FullFailure());
  EXPECT_EQ(DecodeFailure(EncodeFailure(Failure())), Failure());
  for (const ReasonRow& row : AllReasonRows()) {
    const Failure failure{.reason = row.reason};
    EXPECT_EQ(DecodeFailure(EncodeFailure(failure)), failure) << row.name;
  }
}

TEST(EncodeFailure, LeavesOutWhatIsNotThere) {
  EXPECT_EQ(EncodeFailure(Failure{.reason = Reason::kWarmingUp}), R"({"reason":"WARMING_UP"})");
}

TEST(EncodeFailure, ReplacesBytesThatAreNotUtf8) {
  const Failure failure{.reason = Reason::kNumberInvalid, .args = {{"value", "caf\xE9"}}};
  EXPECT_EQ(DecodeFailure(EncodeFailure(failure)).args.at("value"), "caf\xEF\xBF\xBD");
}

TEST(DecodeFailure, TakesNothingForNoFailure) { EXPECT_TRUE(DecodeFailure("").ok()); }

TEST(DecodeFailure, TakesWhatItCannotReadForInternal) {
  for (absl::string_view text : {"nonsense", "{", "[]", "null", "1", R"({"reason":"NO_SUCH_REASON"})",
                                 R"({"reason":1})", "{\"reason\":\"\xFF\"}"}) {
    EXPECT_EQ(DecodeFailure(text).reason, Reason::kInternal) << text;
  }
}

TEST(DecodeFailure, PassesOverMembersOfAnotherType) {
  const Failure failure = DecodeFailure(
      R"({"reason":"THROTTLED","args":{"until":"12:00","n":1},"fields":[1,{"field":2}],"http":"x","code":[]})");
  EXPECT_EQ(failure.reason, Reason::kThrottled);
  EXPECT_EQ(failure.args, (FailureArgs{{"until", "12:00"}}));
  EXPECT_EQ(failure.field_violations, std::vector<FieldViolation>{FieldViolation()});
  EXPECT_EQ(failure.http_code, 0);
  EXPECT_EQ(failure.target_code, "");
}

TEST(FailureStatus, CarriesTheFailure) {
  const absl::Status status = FailureStatus(absl::StatusCode::kFailedPrecondition, FullFailure());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(FailureOf(status), FullFailure());
}

TEST(FailureStatus, IsWordedInEnglish) {
  const absl::Status status = FailureStatus(absl::StatusCode::kNotFound,
                                            {.reason = Reason::kRunNotFound, .args = {{"run_id", "r1"}}});
  EXPECT_EQ(status.message(), "Run r1 was not found. Check the id in the list of runs.");
}

TEST(FailureOf, IsInternalForAStatusWithoutOne) {
  EXPECT_EQ(FailureOf(absl::UnknownError("boom")).reason, Reason::kInternal);
}

TEST(FailureOf, IsNoneForOk) { EXPECT_TRUE(FailureOf(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace satudata::catalog
