// How things stand and whose turn it is, through the service.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/convert.h"
#include "tests/integration/status_details.h"
#include "tests/integration/store_edge.h"

namespace satudata::rpc {
namespace {

using catalog::Reason;
using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;

class StandingTest : public StoreEdgeTest {
 protected:
  using Stub = v1::IntegrationService::Stub;

  void SetUp() override {
    CreateRun("r1");
    CreateRun("r2");
  }
  // All pages, of two items each.
  std::vector<std::string> Ids(v1::ListDeliveriesRequest request) {
    std::vector<std::string> ids;
    request.set_page_size(2);
    do {
      v1::ListDeliveriesResponse response;
      const grpc::Status status = Ask(edge_->integration(), &Stub::ListDeliveries, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(response.deliveries_size(), 2);
      for (const v1::Delivery& delivery : response.deliveries()) ids.push_back(delivery.delivery_id());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
};

TEST_F(StandingTest, TellsEachOwnerWhatWaitsForHim) {
  for (int i = 1; i <= 5; ++i) {
    PutDelivery("r1", absl::StrCat("d", i), absl::StrCat("f", i), State::kRejected, Reason::kMetadataMissing);
  }
  PutDelivery("r1", "d6", "f6", State::kSkipped, Reason::kNoIndicatorValues);
  PutDelivery("r2", "d7", "f1", State::kDeferred, Reason::kTargetOutage);
  PutDelivery("r2", "d8", "f2", State::kConfirmed);

  v1::ListDeliveriesRequest request;
  request.set_newest(true);
  EXPECT_THAT(Ids(request), ElementsAre("d3", "d4", "d5", "d6", "d7", "d8"));
  request.set_owner(v1::Failure::OWNER_PRODUCER);
  EXPECT_THAT(Ids(request), ElementsAre("d3", "d4", "d5"));
  request.set_reason("METADATA_MISSING");
  EXPECT_THAT(Ids(request), ElementsAre("d3", "d4", "d5"));
  request.set_reason("TARGET_OUTAGE");
  EXPECT_THAT(Ids(request), IsEmpty());
  request.set_owner(v1::Failure::OWNER_TARGET);
  EXPECT_THAT(Ids(request), ElementsAre("d7"));
  request.set_target("sipd");
  EXPECT_THAT(Ids(request), IsEmpty());
  v1::ListDeliveriesRequest of_run;
  of_run.set_run_id("r1");
  of_run.set_owner(v1::Failure::OWNER_PRODUCER);
  EXPECT_THAT(Ids(of_run), ElementsAre("d1", "d2", "d3", "d4", "d5"));
}

TEST_F(StandingTest, SumsEverythingUp) {
  for (const char* id : {"f1", "f2", "f3"}) PutFile(id);
  PutDelivery("r1", "d1", "f1", State::kConfirmed, Reason::kNone, "sipd", {"1612.1.02.000318.2024"});
  PutDelivery("r1", "d2", "f2", State::kRejected, Reason::kMetadataMissing);
  PutDelivery("r1", "d3", "f3", State::kRejected, Reason::kMetadataMissing);
  PutDelivery("r1", "d4", "f1", State::kDeferred, Reason::kTargetOutage);
  sync::ReferenceList list;
  list.indicators["1.02.000318"].field = "1.02 - URUSAN KESEHATAN";
  sipd_.references = {std::make_shared<const sync::ReferenceList>(list)};

  v1::GetSummaryRequest request;
  request.set_day_count(2);
  v1::GetSummaryResponse summary;
  const absl::Time before = absl::Now() - absl::Microseconds(1);
  const grpc::Status status = Ask(edge_->integration(), &Stub::GetSummary, request, &summary);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(summary.file_count(), 3);
  EXPECT_EQ(summary.verified_file_count(), 3);
  ASSERT_EQ(summary.target_counts_size(), 2);
  EXPECT_EQ(summary.target_counts(0).target(), "sipd");
  EXPECT_EQ(summary.target_counts(0).states(0).state(), v1::Delivery::STATE_CONFIRMED);
  ASSERT_EQ(summary.target_counts(1).states_size(), 2);
  EXPECT_EQ(summary.target_counts(1).states(0).count(), 2);
  ASSERT_EQ(summary.days_size(), 2);
  const absl::TimeZone jakarta = absl::FixedTimeZone(7 * 3600);
  EXPECT_EQ(summary.days(1).date(), absl::FormatTime("%Y-%m-%d", FromProto(summary.read_time()), jakarta));
  ASSERT_EQ(summary.urusans_size(), 1);
  EXPECT_EQ(summary.urusans(0).kode(), "1.02");
  EXPECT_EQ(summary.urusans(0).uraian(), "URUSAN KESEHATAN");
  EXPECT_EQ(summary.urusans(0).target_counts(0).states(0).count(), 1);
  ASSERT_EQ(summary.turns_size(), 2);
  EXPECT_EQ(summary.turns(0).owner(), v1::Failure::OWNER_PRODUCER);
  EXPECT_EQ(summary.turns(0).reason(), "METADATA_MISSING");
  EXPECT_EQ(summary.turns(0).count(), 2);
  EXPECT_THAT(summary.turns(0).message(), testing::HasSubstr("The target requires …"));
  EXPECT_EQ(summary.turns(1).target(), "splp");
  EXPECT_GE(FromProto(summary.read_time()), before);

  request.set_time_zone("Asia/Atlantis");
  EXPECT_EQ(ReasonOf(Ask(edge_->integration(), &Stub::GetSummary, request, &summary)), "FIELD_INVALID");
}

TEST_F(StandingTest, OffersToWithdrawWhatAFileLeftBehind) {
  PutFile("f1");
  sync::Change change{.run_id = "r1"};
  for (const char* target : {"sipd", "splp"}) {
    change.baselines.push_back(
        {.target = target, .key = absl::StrCat(target, "-key"), .hash = "h", .file_id = "f1"});
  }
  ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  v1::GetFileStatusRequest request;
  request.set_file_id("f1");
  const auto offers = [&] {
    v1::GetFileStatusResponse response;
    EXPECT_TRUE(Ask(edge_->integration(), &Stub::GetFileStatus, request, &response).ok());
    std::vector<std::string> offered;
    for (const v1::FileTargetStatus& status : response.statuses()) {
      EXPECT_EQ(status.withdrawal_offered(), status.held_keys_size() > 0);
      offered.insert(offered.end(), status.held_keys().begin(), status.held_keys().end());
    }
    v1::ListFilesResponse files;
    EXPECT_TRUE(
        Ask(edge_->catalog(), &v1::CatalogService::Stub::ListFiles, v1::ListFilesRequest(), &files).ok());
    for (const v1::FileTargetStatus& state : files.files(0).target_states()) {
      EXPECT_EQ(state.withdrawal_offered(), !offered.empty() && state.target() == "sipd");
    }
    return offered;
  };
  EXPECT_THAT(offers(), IsEmpty()) << "it is verified";
  ASSERT_TRUE(catalog_->SetVerification("f1", catalog::Verification::kRefused, std::nullopt).ok());
  EXPECT_THAT(offers(), ElementsAre("sipd-key")) << "splp takes no withdrawals";
}

TEST_F(StandingTest, APageTokenIsForItsFilters) {
  for (int i = 1; i <= 3; ++i) {
    PutDelivery("r1", absl::StrCat("d", i), absl::StrCat("f", i), State::kRejected, Reason::kMetadataMissing);
  }
  v1::ListDeliveriesRequest request;
  request.set_newest(true);
  request.set_page_size(1);
  v1::ListDeliveriesResponse response;
  ASSERT_TRUE(Ask(edge_->integration(), &Stub::ListDeliveries, request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_owner(v1::Failure::OWNER_PRODUCER);
  EXPECT_EQ(ReasonOf(Ask(edge_->integration(), &Stub::ListDeliveries, request, &response)),
            "PAGE_TOKEN_INVALID");
}

TEST_F(StandingTest, WhatIsNotKnownIsRefused) {
  v1::ListDeliveriesRequest request;
  v1::ListDeliveriesResponse response;
  EXPECT_EQ(ReasonOf(Ask(edge_->integration(), &Stub::ListDeliveries, request, &response)), "FIELD_REQUIRED");
  request.set_newest(true);
  request.set_reason("NO_SUCH_REASON");
  EXPECT_EQ(ReasonOf(Ask(edge_->integration(), &Stub::ListDeliveries, request, &response)), "FIELD_INVALID");
}

}  // namespace
}  // namespace satudata::rpc
