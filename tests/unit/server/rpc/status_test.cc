#include "server/rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/reason_table.h"

namespace satudata::rpc {
namespace {

using catalog::Language;
using catalog::Reason;
using testing::HasSubstr;

struct Details {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  bool has_retry = false;
};

Details DetailsOf(const grpc::Status& status) {
  google::rpc::Status outer;
  EXPECT_TRUE(outer.ParseFromString(status.error_details()));
  EXPECT_EQ(outer.code(), status.error_code());
  EXPECT_EQ(outer.message(), status.error_message());
  Details details;
  for (const google::protobuf::Any& any : outer.details()) {
    any.UnpackTo(&details.info);
    any.UnpackTo(&details.bad_request);
    if (any.UnpackTo(&details.retry)) details.has_retry = true;
  }
  return details;
}

TEST(Status, SaysHowLongWhoGuessesPasswordsHasToWait) {
  const auto seconds_for = [](const std::string& given) {
    const Details details = DetailsOf(
        GrpcFailure(absl::StatusCode::kResourceExhausted,
                    {.reason = Reason::kTooManyAttempts, .args = {{"seconds", given}}}, Language::kEnglish));
    return details.retry.retry_delay().seconds();
  };
  EXPECT_EQ(seconds_for("32"), 32);
  EXPECT_EQ(seconds_for("soon"), 1);
}

TEST(Status, LeavesOkAlone) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus(), Language::kEnglish).ok()); }

TEST(Status, CarriesReasonDomainAndArguments) {
  const grpc::Status status =
      GrpcFailure(absl::StatusCode::kNotFound, {.reason = Reason::kRunNotFound, .args = {{"run_id", "r-1"}}},
                  Language::kEnglish);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  const Details details = DetailsOf(status);
  EXPECT_EQ(details.info.reason(), "RUN_NOT_FOUND");
  EXPECT_EQ(details.info.domain(), "integration.satudata");
  EXPECT_EQ(details.info.metadata().at("run_id"), "r-1");
  EXPECT_EQ(details.bad_request.field_violations_size(), 0);
  EXPECT_FALSE(details.has_retry);
}

TEST(Status, SpeaksTheCallersLanguage) {
  const catalog::Failure failure{.reason = Reason::kRunNotFound, .args = {{"run_id", "r-1"}}};
  EXPECT_THAT(GrpcFailure(absl::StatusCode::kNotFound, failure, Language::kEnglish).error_message(),
              HasSubstr("was not found"));
  EXPECT_THAT(GrpcFailure(absl::StatusCode::kNotFound, failure, Language::kIndonesian).error_message(),
              HasSubstr("tidak ditemukan"));
}

TEST(Status, WordsEveryReasonInBothLanguages) {
  for (const catalog::ReasonRow& row : catalog::AllReasonRows()) {
    if (row.reason == Reason::kInternal) continue;
    for (const Language language : {Language::kEnglish, Language::kIndonesian}) {
      const grpc::Status status = GrpcFailure(absl::StatusCode::kAborted, {.reason = row.reason}, language);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
      EXPECT_FALSE(status.error_message().empty()) << row.name;
      EXPECT_EQ(DetailsOf(status).info.reason(), std::string(row.name));
    }
  }
}

TEST(Status, BlamesTheField) {
  const std::vector<std::pair<catalog::Failure, std::string>> cases = {
      {{.reason = Reason::kFieldRequired, .args = {{"field", "file.name"}}}, "file.name"},
      {{.reason = Reason::kFieldInvalid, .args = {{"field", "limit"}}}, "limit"},
      {{.reason = Reason::kPageSizeInvalid}, "page_size"},
      {{.reason = Reason::kPageTokenInvalid}, "page_token"},
      {{.reason = Reason::kTargetUnknown}, "targets"},
      {{.reason = Reason::kRequestIdReused}, "request_id"},
  };
  for (const auto& [failure, field] : cases) {
    const Details details =
        DetailsOf(GrpcFailure(absl::StatusCode::kInvalidArgument, failure, Language::kEnglish));
    ASSERT_EQ(details.bad_request.field_violations_size(), 1) << field;
    EXPECT_EQ(details.bad_request.field_violations(0).field(), field);
  }
}

TEST(Status, SaysWhenToTryAgain) {
  for (const auto code : {absl::StatusCode::kUnavailable, absl::StatusCode::kResourceExhausted}) {
    const Details details =
        DetailsOf(GrpcFailure(code, {.reason = Reason::kStoreUnavailable}, Language::kEnglish));
    EXPECT_TRUE(details.has_retry);
    EXPECT_GT(details.retry.retry_delay().seconds(), 0);
  }
}

TEST(Status, KeepsADefectsTextInside) {
  for (const absl::Status& defect :
       {absl::UnknownError("password=hunter2"), absl::InvalidArgumentError("row 7 of table runs")}) {
    const grpc::Status status = ToGrpcStatus(defect, Language::kEnglish);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_THAT(status.error_message(), testing::Not(HasSubstr(std::string(defect.message()))));
    EXPECT_EQ(DetailsOf(status).info.reason(), "INTERNAL");
  }
}

TEST(Status, FitsIntoTrailersWhateverTheArguments) {
  catalog::Failure failure{.reason = Reason::kFieldInvalid};
  for (const char* name : {"field", "value", "expected"}) failure.args[name] = std::string(1 << 20, '\xFF');
  for (int i = 0; i < 1000; ++i) failure.field_violations.push_back({"f", std::string(10'000, 'x')});
  const grpc::Status status = GrpcFailure(absl::StatusCode::kInvalidArgument, failure, Language::kIndonesian);
  EXPECT_LE(status.error_message().size(), 768U);
  EXPECT_LE(status.error_details().size(), 5000U);
  EXPECT_EQ(DetailsOf(status).info.reason(), "FIELD_INVALID");
}

}  // namespace
}  // namespace satudata::rpc
