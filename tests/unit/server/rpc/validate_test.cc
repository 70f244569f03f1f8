#include "server/rpc/validate.h"

#include <google/protobuf/stubs/logging.h>

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "server/base/random.h"
#include "server/catalog/failure.h"

namespace satudata::rpc {
namespace {

using catalog::Reason;

// The field that a request is refused for, or "" when it is not.
template <typename Request>
std::string Blamed(const Request& request) {
  const absl::Status status = Validate(request);
  if (status.ok()) return "";
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const catalog::Failure failure = catalog::FailureOf(status);
  if (failure.reason == Reason::kPageSizeInvalid) return "page_size";
  if (failure.reason == Reason::kMessageTooLarge) return "chunk";
  EXPECT_TRUE(failure.reason == Reason::kFieldRequired || failure.reason == Reason::kFieldInvalid);
  return failure.args.at("field");
}

TEST(Validate, SyncFileNeedsAFile) {
  v1::SyncFileRequest request;
  EXPECT_EQ(Blamed(request), "file_id");
  request.set_file_id(std::string(128, 'a'));
  EXPECT_EQ(Blamed(request), "");
  request.set_file_id(std::string(129, 'a'));
  EXPECT_EQ(Blamed(request), "file_id");
  request.set_file_id(std::string("a\0b", 3));
  EXPECT_EQ(Blamed(request), "file_id");
}

TEST(Validate, RequestIdIsAUuid) {
  v1::SyncFileRequest request;
  request.set_file_id("f");
  request.set_request_id(base::NewUuid());
  EXPECT_EQ(Blamed(request), "");
  request.set_request_id("7");
  EXPECT_EQ(Blamed(request), "request_id");
}

TEST(Validate, SyncAllBoundsItsLists) {
  v1::SyncAllRequest request;
  EXPECT_EQ(Blamed(request), "");
  request.set_limit(-1);
  EXPECT_EQ(Blamed(request), "limit");
  request.set_limit(0);
  for (int i = 0; i < 1000; ++i) request.add_file_ids("f");
  EXPECT_EQ(Blamed(request), "");
  request.set_file_ids(7, "");
  EXPECT_EQ(Blamed(request), "file_ids[7]");
  request.set_file_ids(7, "f");
  request.add_file_ids("f");
  EXPECT_EQ(Blamed(request), "file_ids");
}

TEST(Validate, WatchRunStartsAtZeroOrLater) {
  v1::WatchRunRequest request;
  request.set_run_id("r");
  EXPECT_EQ(Blamed(request), "");
  request.set_after_sequence(-1);
  EXPECT_EQ(Blamed(request), "after_sequence");
}

TEST(Validate, PageSizesAreNotNegative) {
  v1::ListRunsRequest request;
  EXPECT_EQ(Blamed(request), "");
  request.set_page_size(-1);
  EXPECT_EQ(Blamed(request), "page_size");
  EXPECT_EQ(PageLimit(0), 50);
  EXPECT_EQ(PageLimit(1), 1);
  EXPECT_EQ(PageLimit(1'000'000), 1000);
}

TEST(Validate, WhatIsSkippedIsNotNegative) {
  v1::ListFilesRequest request;
  request.set_skip(99'000);
  EXPECT_EQ(Blamed(request), "");
  request.set_skip(-1);
  EXPECT_EQ(Blamed(request), "skip");
}

TEST(Validate, EnumsAreKnown) {
  v1::ListRunsRequest runs;
  runs.set_state(static_cast<v1::Run::State>(99));
  EXPECT_EQ(Blamed(runs), "state");
  v1::ListDeliveriesRequest deliveries;
  deliveries.set_run_id("r");
  deliveries.add_states(v1::Delivery::STATE_PARKED);
  EXPECT_EQ(Blamed(deliveries), "");
  deliveries.add_states(v1::Delivery::STATE_UNSPECIFIED);
  EXPECT_EQ(Blamed(deliveries), "states[1]");
  deliveries.set_states(1, static_cast<v1::Delivery::State>(99));
  EXPECT_EQ(Blamed(deliveries), "states[1]");
}

TEST(Validate, ListDeliveriesNeedsARunOrAFileOrTheNewest) {
  v1::ListDeliveriesRequest request;
  EXPECT_EQ(Blamed(request), "run_id");
  request.set_file_id("f");
  EXPECT_EQ(Blamed(request), "");
  request.clear_file_id();
  request.set_newest(true);
  EXPECT_EQ(Blamed(request), "");
}

TEST(Validate, ASummaryGoesBackAYearAtMost) {
  v1::GetSummaryRequest request;
  EXPECT_EQ(Blamed(request), "");
  request.set_day_count(366);
  request.set_time_zone("Asia/Makassar");
  EXPECT_EQ(Blamed(request), "");
  request.set_day_count(367);
  EXPECT_EQ(Blamed(request), "day_count");
  request.set_day_count(-1);
  EXPECT_EQ(Blamed(request), "day_count");
  request.set_day_count(0);
  request.set_time_zone(std::string(1000, 'A'));
  EXPECT_EQ(Blamed(request), "time_zone");
}

TEST(Validate, OwnersAndReasonsAreKnown) {
  v1::ListDeliveriesRequest request;
  request.set_newest(true);
  request.set_owner(v1::Failure::OWNER_TARGET);
  request.set_reason("TARGET_OUTAGE");
  EXPECT_EQ(Blamed(request), "");
  request.set_reason("target_outage");
  EXPECT_EQ(Blamed(request), "reason");
  request.set_reason(std::string(100'000, 'X'));
  EXPECT_EQ(Blamed(request), "reason");
  request.clear_reason();
  request.set_owner(static_cast<v1::Failure::Owner>(99));
  EXPECT_EQ(Blamed(request), "owner");
}

TEST(Validate, TargetAndStateOfAListGoTogether) {
  v1::ListFilesRequest request;
  request.set_target("sipd");
  EXPECT_EQ(Blamed(request), "state");
  request.set_state(v1::Delivery::STATE_REJECTED);
  EXPECT_EQ(Blamed(request), "");
  request.clear_target();
  EXPECT_EQ(Blamed(request), "target");
}

TEST(Validate, UpsertNamesTheFieldByItsPath) {
  v1::UpsertFileRequest request;
  EXPECT_EQ(Blamed(request), "file");
  request.mutable_file()->set_file_id("f");
  request.mutable_file()->set_name("Produksi padi\n(tabel 2)");
  EXPECT_EQ(Blamed(request), "");
  request.mutable_file()->set_kodepemda("16.12");
  EXPECT_EQ(Blamed(request), "file.kodepemda");
  request.mutable_file()->set_kodepemda("1612");
  v1::FileMapping* mapping = request.mutable_file()->mutable_mapping();
  mapping->set_header_row(-1);
  EXPECT_EQ(Blamed(request), "file.mapping.header_row");
  mapping->set_header_row(7);
  mapping->set_tahun("24");
  EXPECT_EQ(Blamed(request), "file.mapping.tahun");
  mapping->set_tahun("2024");
  mapping->set_value_column(std::string(5000, 'x'));
  EXPECT_EQ(Blamed(request), "file.mapping.value_column");
  mapping->set_value_column("C");
  mapping->set_number_format(static_cast<v1::FileMapping::NumberFormat>(7));
  EXPECT_EQ(Blamed(request), "file.mapping.number_format");
  mapping->set_number_format(v1::FileMapping::NUMBER_FORMAT_INDONESIAN);
  request.mutable_file()->mutable_source_create_time()->set_nanos(-1);
  EXPECT_EQ(Blamed(request), "file.source_create_time");
  request.mutable_file()->clear_source_create_time();
  request.add_indicator_values()->set_tahun(std::string(200, '2'));
  EXPECT_EQ(Blamed(request), "indicator_values[0].tahun");
}

TEST(Validate, SetVerificationSaysWhich) {
  v1::SetVerificationRequest request;
  request.set_file_id("f");
  EXPECT_EQ(Blamed(request), "verification");
  request.set_verification(v1::CatalogFile::VERIFICATION_VERIFIED);
  EXPECT_EQ(Blamed(request), "");
  request.set_revision(-1);
  EXPECT_EQ(Blamed(request), "revision");
}

TEST(Validate, ChunksAreAtMostAMebibyte) {
  v1::ImportFilesRequest request;
  request.set_chunk(std::string(1 << 20, ' '));
  EXPECT_EQ(Blamed(request), "");
  request.set_chunk(std::string((1 << 20) + 1, ' '));
  EXPECT_EQ(Blamed(request), "chunk");
}

TEST(Validate, WithdrawalsAreComplete) {
  v1::WithdrawIndicatorRequest request;
  EXPECT_EQ(Blamed(request), "explanation");
  request.set_explanation("tidak berlaku");
  EXPECT_EQ(Blamed(request), "target");
  request.set_target("sipd");
  request.set_kodeindikator("1.02.000318");
  request.set_tahun("24");
  EXPECT_EQ(Blamed(request), "tahun");
  request.set_tahun("2024");
  EXPECT_EQ(Blamed(request), "");
}

TEST(Validate, SigningInTakesANameAndAPassword) {
  v1::SignInRequest request;
  EXPECT_EQ(Blamed(request), "username");
  request.set_username("Siti N.");
  EXPECT_EQ(Blamed(request), "password");
  request.set_password(std::string(511, 'x'));
  EXPECT_EQ(Blamed(request), "");
  request.set_password(std::string(512, 'x'));
  EXPECT_EQ(Blamed(request), "password");
  request.set_password(std::string("a\0b", 3));
  EXPECT_EQ(Blamed(request), "password");
  request.set_password("x");
  request.set_username(std::string(129, 'x'));
  EXPECT_EQ(Blamed(request), "username");
}

TEST(Validate, ARefusedPasswordIsNotQuoted) {
  v1::SignInRequest request;
  request.set_username("siti");
  for (const std::string& password : {std::string(600, 'q'), std::string("qqq\0q", 5)}) {
    request.set_password(password);
    const absl::Status status = Validate(request);
    EXPECT_EQ(catalog::FailureOf(status).args.at("value"), "***");
    EXPECT_EQ(status.ToString().find("qq"), std::string::npos);
  }
}

TEST(Validate, AnAccountHasANameARoleAndAPassword) {
  v1::CreateAccountRequest request;
  EXPECT_EQ(Blamed(request), "account");
  request.mutable_account();
  EXPECT_EQ(Blamed(request), "account.username");
  request.mutable_account()->set_username("Siti_N.2-b@dinas");
  EXPECT_EQ(Blamed(request), "account.role");
  request.mutable_account()->set_role("validator");
  EXPECT_EQ(Blamed(request), "password");
  request.set_password("x");
  EXPECT_EQ(Blamed(request), "") << "whether it is a good one is decided later";
  request.mutable_account()->set_role("root");
  EXPECT_EQ(Blamed(request), "account.role");
  request.mutable_account()->set_role("Admin");
  for (const std::string& name : {std::string("siti n"), std::string("siti/n"), std::string("s\xc3\xaf"),
                                  std::string("a\0b", 3), std::string(65, 'a'), std::string("local:siti")}) {
    request.mutable_account()->set_username(name);
    EXPECT_EQ(Blamed(request), "account.username") << name;
  }
  request.mutable_account()->set_username(std::string(64, 'a'));
  EXPECT_EQ(Blamed(request), "");
}

TEST(Validate, AChangeOfAnAccountChecksWhatItSets) {
  v1::UpdateAccountRequest request;
  EXPECT_EQ(Blamed(request), "username");
  request.set_username("siti");
  EXPECT_EQ(Blamed(request), "");
  request.set_role("");
  EXPECT_EQ(Blamed(request), "role");
  request.set_role("admin");
  request.set_password("");
  EXPECT_EQ(Blamed(request), "password");
  request.clear_password();
  request.set_disabled(false);
  EXPECT_EQ(Blamed(request), "");
  EXPECT_EQ(Blamed(v1::DeleteAccountRequest()), "username");
}

// Any bytes that parse give OK or one of our refusals, in a status that can be encoded.
template <typename Request>
void Fuzz(uint64_t seed) {
  const google::protobuf::LogSilencer parse_errors_are_expected;
  const base::Uniform dice = base::SeededUniform(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes(static_cast<size_t>(dice() * 60), '\0');
    for (char& c : bytes) c = static_cast<char>(dice() < 0.5 ? 8 + dice() * 120 : dice() * 256);
    Request request;
    if (!request.ParseFromString(bytes)) continue;
    const absl::Status status = Validate(request);
    if (status.ok()) continue;
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(catalog::FailureOf(status).reason, Reason::kInternal);
  }
}

TEST(Validate, SurvivesAnyRequest) {
  Fuzz<v1::SyncFileRequest>(1);
  Fuzz<v1::SyncAllRequest>(2);
  Fuzz<v1::WatchRunRequest>(3);
  Fuzz<v1::ListRunsRequest>(4);
  Fuzz<v1::ListDeliveriesRequest>(5);
  Fuzz<v1::UpsertFileRequest>(6);
  Fuzz<v1::ListFilesRequest>(7);
  Fuzz<v1::SetVerificationRequest>(8);
  Fuzz<v1::WithdrawIndicatorRequest>(9);
  Fuzz<v1::ListReferenceIndicatorsRequest>(10);
  Fuzz<v1::GetSummaryRequest>(11);
  Fuzz<v1::SignInRequest>(11);
  Fuzz<v1::CreateAccountRequest>(12);
  Fuzz<v1::UpdateAccountRequest>(13);
}

}  // namespace
}  // namespace satudata::rpc
