// runs, run, cancel, deliveries, delivery, status: requests, pages, text and JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Three runs on two pages.
Unary<v1::ListRunsRequest, v1::ListRunsResponse> TwoPages(std::vector<v1::ListRunsRequest>* seen) {
  return [seen](const v1::ListRunsRequest& request, v1::ListRunsResponse* response) {
    seen->push_back(request);
    const bool first = request.page_token().empty();
    for (int i = first ? 1 : 3; i <= (first ? 2 : 3); ++i) {
      v1::Run* run = response->add_runs();
      run->set_run_id(absl::StrCat("run-", i));
      run->set_kind(v1::Run::KIND_SYNC_ALL);
      run->set_state(v1::Run::STATE_SUCCEEDED);
      run->set_requested_by("wayan");
      run->add_targets("splp");
      run->mutable_start_time()->set_seconds(1'700'000'000);
    }
    if (first) response->set_next_page_token("more");
    return grpc::Status::OK;
  };
}

TEST(RunsTest, WalksAllPages) {
  TestShell shell;
  std::vector<v1::ListRunsRequest> seen;
  shell.server.integration.list_runs = TwoPages(&seen);
  const Ran ran = shell.Run({"runs", "--state", "succeeded", "--kind", "KIND_SYNC_ALL"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].page_size(), 1000);
  EXPECT_EQ(seen[0].state(), v1::Run::STATE_SUCCEEDED);
  EXPECT_EQ(seen[1].kind(), v1::Run::KIND_SYNC_ALL);
  EXPECT_EQ(seen[1].page_token(), "more");
  EXPECT_EQ(ran.out,
            "RUN    KIND      STATE      STARTED              BY     TARGETS  DELIVERIES\n"
            "run-1  SYNC_ALL  SUCCEEDED  2023-11-14 22:13:20  wayan  splp\n"
            "run-2  SYNC_ALL  SUCCEEDED  2023-11-14 22:13:20  wayan  splp\n"
            "run-3  SYNC_ALL  SUCCEEDED  2023-11-14 22:13:20  wayan  splp\n");
}

TEST(RunsTest, PrintsItemsAsJsonLines) {
  TestShell shell;
  std::vector<v1::ListRunsRequest> seen;
  shell.server.integration.list_runs = TwoPages(&seen);
  const std::vector<std::string> lines = Lines(shell.Run({"runs", "-o", "json"}).out);
  ASSERT_EQ(lines.size(), 3u);
  for (const std::string& line : lines) {
    v1::Run run;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &run).ok()) << line;
    EXPECT_EQ(run.requested_by(), "wayan");
  }
  EXPECT_THAT(lines[0], HasSubstr(R"("openCount":"0")"));  // Also what is zero.
}

TEST(RunsTest, StopsAtTheLimit) {
  TestShell shell;
  std::vector<v1::ListRunsRequest> seen;
  shell.server.integration.list_runs = TwoPages(&seen);
  EXPECT_EQ(Lines(shell.Run({"runs", "--limit", "2", "-o", "json"}).out).size(), 2u);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].page_size(), 2);
}

TEST(RunsTest, DoesNotTurnInCircles) {
  TestShell shell;
  shell.server.integration.list_runs = [](const auto&, v1::ListRunsResponse* response) {
    response->set_next_page_token("again");
    return grpc::Status::OK;
  };
  EXPECT_EQ(shell.Run({"runs"}).exit_code, ExitCode::kNotSucceeded);
}

TEST(RunsTest, RefusesAnUnknownState) {
  TestShell shell;
  for (const char* state : {"DONE", "UNSPECIFIED", ""}) {
    const Ran ran = shell.Run({"runs", "--state", state});
    EXPECT_EQ(ran.exit_code, ExitCode::kUsage) << state;
    EXPECT_EQ(shell.server.notes.calls(), 0);
  }
  EXPECT_THAT(shell.Run({"runs", "--state", "DONE"}).err, HasSubstr("QUEUED, RUNNING, SUCCEEDED"));
}

TEST(RunTest, ShowsWhyDeliveriesWereRejected) {
  TestShell shell;
  shell.server.integration.get_run = [](const v1::GetRunRequest& request, v1::Run* run) {
    *run = SnapshotEvent(v1::Run::STATE_PARTIAL, 3).snapshot();
    run->set_run_id(request.run_id());
    return grpc::Status::OK;
  };
  v1::ListDeliveriesRequest listed;
  shell.server.integration.list_deliveries = [&](const v1::ListDeliveriesRequest& request,
                                                 v1::ListDeliveriesResponse* response) {
    listed = request;
    v1::Delivery* delivery = response->add_deliveries();
    *delivery = DeliveryEvent("f1", v1::Delivery::STATE_REJECTED, 2).delivery();
    delivery->mutable_failure()->set_reason("YEAR_INVALID");
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"run", "run-1"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNotSucceeded) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("splp  1 × REJECTED  YEAR_INVALID"));
  EXPECT_EQ(listed.run_id(), "run-1");
  EXPECT_EQ(listed.states_size(), 5);
}

TEST(RunTest, PrintsOneJsonObject) {
  TestShell shell;
  shell.server.integration.get_run = [](const auto&, v1::Run* run) {
    run->set_run_id("run-1");
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"run", "run-1", "-o", "json"});
  ASSERT_EQ(Lines(ran.out).size(), 1u);
  EXPECT_THAT(ran.out, HasSubstr(R"("runId":"run-1")"));
}

TEST(RunTest, TellsAScriptHowTheRunEnded) {
  const std::vector<std::pair<v1::Run::State, ExitCode>> ends = {
      {v1::Run::STATE_QUEUED, ExitCode::kGood},         {v1::Run::STATE_RUNNING, ExitCode::kGood},
      {v1::Run::STATE_SUCCEEDED, ExitCode::kGood},      {v1::Run::STATE_PARTIAL, ExitCode::kNotSucceeded},
      {v1::Run::STATE_FAILED, ExitCode::kNotSucceeded}, {v1::Run::STATE_CANCELLED, ExitCode::kNotSucceeded},
  };
  for (const auto& [state, exit_code] : ends) {
    TestShell shell;
    shell.server.integration.get_run = [state = state](const auto&, v1::Run* run) {
      *run = SnapshotEvent(state, 3).snapshot();
      return grpc::Status::OK;
    };
    shell.server.integration.list_deliveries = [](const auto&, auto*) { return grpc::Status::OK; };
    EXPECT_EQ(shell.Run({"run", "run-1", "-o", "json"}).exit_code, exit_code) << state;
    EXPECT_EQ(shell.Run({"run", "run-1"}).exit_code, exit_code) << state;
  }
}

TEST(CancelTest, NamesTheRun) {
  TestShell shell;
  std::string cancelled;
  shell.server.integration.cancel_run = [&](const v1::CancelRunRequest& request, v1::Run* run) {
    cancelled = request.run_id();
    *run = SnapshotEvent(v1::Run::STATE_CANCELLED, 3).snapshot();
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"cancel", "run-1"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_EQ(cancelled, "run-1");
  EXPECT_THAT(ran.out, HasSubstr("CANCELLED"));
}

TEST(DeliveriesTest, SendsItsFilters) {
  TestShell shell;
  v1::ListDeliveriesRequest seen;
  shell.server.integration.list_deliveries = [&](const v1::ListDeliveriesRequest& request,
                                                 v1::ListDeliveriesResponse* response) {
    seen = request;
    *response->add_deliveries() = DeliveryEvent("f1", v1::Delivery::STATE_REJECTED, 2).delivery();
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"deliveries", "--run", "r", "--file", "f", "--target", "sipd", "--state",
                             "rejected", "--state", "PARKED"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(seen.run_id(), "r");
  EXPECT_EQ(seen.file_id(), "f");
  EXPECT_EQ(seen.target(), "sipd");
  EXPECT_THAT(seen.states(), ElementsAre(v1::Delivery::STATE_REJECTED, v1::Delivery::STATE_PARKED));
  EXPECT_THAT(ran.out, HasSubstr("d-f1      splp    REJECTED"));
}

TEST(DeliveriesTest, NeedARunOrAFile) {
  TestShell shell;
  EXPECT_EQ(shell.Run({"deliveries"}).exit_code, ExitCode::kUsage);
}

TEST(DeliveryTest, ShowsRecordsAndAttempts) {
  TestShell shell;
  shell.server.integration.get_delivery = [](const v1::GetDeliveryRequest& request,
                                             v1::GetDeliveryResponse* response) {
    *response->mutable_delivery() = DeliveryEvent("f1", v1::Delivery::STATE_PARTIAL, 2).delivery();
    response->mutable_delivery()->set_delivery_id(request.delivery_id());
    v1::Record* record = response->add_records();
    record->set_key("5101.1.02.000318.2024");
    record->set_state(v1::Delivery::STATE_REJECTED);
    record->set_value("3.5");
    record->mutable_failure()->set_reason("TARGET_VALUE_FINAL");
    v1::Attempt* attempt = response->add_attempts();
    attempt->set_operation("push_dssd");
    attempt->set_verdict("JUDGED");
    attempt->set_http_code(200);
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"delivery", "d1"});
  EXPECT_THAT(ran.out, HasSubstr("delivery d1  PARTIAL\n"));
  EXPECT_THAT(ran.out, HasSubstr("5101.1.02.000318.2024  REJECTED    3.5          TARGET_VALUE_FINAL"));
  EXPECT_THAT(ran.out, HasSubstr("push_dssd   200  JUDGED"));
  EXPECT_EQ(Lines(shell.Run({"delivery", "d1", "-o", "json"}).out).size(), 1u);
}

TEST(StatusTest, ShowsEachTarget) {
  TestShell shell;
  shell.server.integration.get_file_status = [](const v1::GetFileStatusRequest& request,
                                                v1::GetFileStatusResponse* response) {
    response->set_file_id(request.file_id());
    v1::FileTargetStatus* status = response->add_statuses();
    status->set_target("sipd");
    status->set_state(v1::Delivery::STATE_CONFIRMED);
    status->set_held_record_count(12);
    response->add_statuses()->set_target("splp");
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"status", "f1"});
  EXPECT_EQ(ran.out,
            "TARGET  STATE      SINCE  HELD  PROVEN  RUN  FAILURE\n"
            "sipd    CONFIRMED  -        12  -       -\n"
            "splp    -          -         0  -       -\n");
  EXPECT_EQ(shell.Run({"file-status", "f1"}).out, ran.out);
  EXPECT_THAT(shell.Run({"status", "f1", "-o", "json"}).out, HasSubstr(R"("heldRecordCount":"12")"));
}

TEST(RefusalTest, EndsAsItsKindSays) {
  const std::vector<std::pair<grpc::StatusCode, ExitCode>> kinds = {
      {grpc::StatusCode::NOT_FOUND, ExitCode::kNotSucceeded},
      {grpc::StatusCode::INVALID_ARGUMENT, ExitCode::kUsage},
      {grpc::StatusCode::UNAVAILABLE, ExitCode::kNoAccess},
      {grpc::StatusCode::UNAUTHENTICATED, ExitCode::kNoAccess},
      {grpc::StatusCode::PERMISSION_DENIED, ExitCode::kNoAccess},
      {grpc::StatusCode::INTERNAL, ExitCode::kNotSucceeded}};
  TestShell shell;
  for (const auto& [code, exit_code] : kinds) {
    shell.server.integration.get_run = [code = code](const auto&, auto*) {
      return RefusalStatus(code, "SOME_REASON", "Words of the server.", "run_id");
    };
    const Ran ran = shell.Run({"run", "x"});
    EXPECT_EQ(ran.exit_code, exit_code) << code;
    EXPECT_THAT(ran.err, HasSubstr("Words of the server. [SOME_REASON]\n  run_id: must not be empty\n"));
    EXPECT_THAT(ran.out, IsEmpty());
  }
}

TEST(RefusalTest, NeutralisesTheServersWords) {
  TestShell shell;
  shell.server.integration.get_run = [](const auto&, auto*) {
    return RefusalStatus(grpc::StatusCode::NOT_FOUND, "R\x1b[1m", "m\x1b[2J", "f\x1b[A");
  };
  EXPECT_EQ(shell.Run({"run", "x"}).err.find('\x1b'), std::string::npos);
}

TEST(RefusalTest, SaysWhatToTryWithoutAServer) {
  TestShell shell;
  for (const char* verb : {"targets", "sync-all"}) {
    const Ran ran = shell.RunExactly({"--server", "127.0.0.1:1", verb});
    EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess);
    EXPECT_THAT(ran.err, HasSubstr("The server at 127.0.0.1:1 is not reachable."));
    EXPECT_THAT(ran.err, HasSubstr("INTEGRATION_SERVER"));
  }
}

}  // namespace
}  // namespace satudata::cli
