// How things stand and whose turn it is, through the service.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
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
