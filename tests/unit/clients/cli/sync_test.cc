// sync-file, sync-all, retry, watch: what is sent, what is shown, how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "tests/fakes/fake_clock.h"
#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A run that takes one delivery to `end`.
template <typename Request>
Streaming<Request> RunTo(v1::Run::State end, Request* seen) {
  return [end, seen](const Request& request, EventWriter* writer) {
    *seen = request;
    writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 1));
    writer->Write(DeliveryEvent("f1", v1::Delivery::STATE_CONFIRMED, 2));
    writer->Write(SnapshotEvent(end, 3));
    return grpc::Status::OK;
  };
}

TEST(SyncTest, SyncFileSendsItsFlags) {
  TestShell shell;
  v1::SyncFileRequest request;
  shell.server.integration.sync_file = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  const Ran ran =
      shell.Run({"sync-file", "--target", "splp", "--target", "sipd", "f1", "--force", "--request-id", "u"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(request.file_id(), "f1");
  EXPECT_EQ(request.targets_size(), 2);
  EXPECT_EQ(request.targets(1), "sipd");
  EXPECT_TRUE(request.force());
  EXPECT_FALSE(request.validate_only());
  EXPECT_EQ(request.request_id(), "u");
  EXPECT_FALSE(request.strict());
}

TEST(SyncTest, SyncAllSendsItsFlags) {
  TestShell shell;
  v1::SyncAllRequest request;
  shell.server.integration.sync_all = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  const Ran ran =
      shell.Run({"sync-all", "--theme", "Kesehatan, Gizi", "--theme", "B", "--producer", "P", "--file", "f1",
                 "--file", "f2", "--limit", "5", "--dry-run", "--allow-mass-change"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(request.themes_size(), 2);
  EXPECT_EQ(request.themes(0), "Kesehatan, Gizi");
  EXPECT_EQ(request.producers(0), "P");
  EXPECT_EQ(request.file_ids_size(), 2);
  EXPECT_EQ(request.limit(), 5);
  EXPECT_TRUE(request.validate_only());
  EXPECT_TRUE(request.allow_mass_change());
}

TEST(SyncTest, MakesARequestIdForEachRun) {
  TestShell shell;
  v1::SyncAllRequest first;
  shell.server.integration.sync_all = RunTo(v1::Run::STATE_SUCCEEDED, &first);
  shell.Run({"sync-all"});
  v1::SyncAllRequest second;
  shell.server.integration.sync_all = RunTo(v1::Run::STATE_SUCCEEDED, &second);
  shell.Run({"sync-all"});
  EXPECT_EQ(first.request_id().size(), 36u);
  EXPECT_NE(first.request_id(), second.request_id());
}

TEST(SyncTest, ExitCodeIsTheRunsState) {
  TestShell shell;
  v1::SyncAllRequest request;
  for (v1::Run::State state : {v1::Run::STATE_PARTIAL, v1::Run::STATE_FAILED, v1::Run::STATE_CANCELLED}) {
    shell.server.integration.sync_all = RunTo(state, &request);
    EXPECT_EQ(shell.Run({"sync-all"}).exit_code, ExitCode::kNotSucceeded);
  }
}

TEST(SyncTest, WritesEventsOnStandardErrorAndTheSummaryOnStandardOutput) {
  TestShell shell;
  v1::SyncAllRequest request;
  shell.server.integration.sync_all = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  const Ran ran = shell.Run({"sync-all"});
  EXPECT_EQ(ran.err, "run run-1  SYNC_ALL  RUNNING\n22:13:20 splp   CONFIRMED f1 \"Berkas f1\"\n");
  EXPECT_THAT(ran.out, HasSubstr("run run-1  SYNC_ALL  SUCCEEDED"));
  EXPECT_THAT(ran.out, HasSubstr("TARGET  CONFIRMED"));
}

TEST(SyncTest, WritesEachEventAsOneLineOfJson) {
  TestShell shell;
  v1::SyncAllRequest request;
  shell.server.integration.sync_all = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  const Ran ran = shell.Run({"-o", "json", "sync-all"});
  EXPECT_THAT(ran.err, IsEmpty());
  const std::vector<std::string> lines = Lines(ran.out);
  ASSERT_EQ(lines.size(), 3u);
  for (const std::string& line : lines) {
    v1::RunEvent event;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &event).ok()) << line;
    EXPECT_EQ(event.run_id(), "run-1");
  }
  EXPECT_THAT(lines[1], HasSubstr(R"("state":"STATE_CONFIRMED")"));
}

TEST(SyncTest, JsonEscapesWhatATerminalWouldObey) {
  TestShell shell;
  shell.server.integration.sync_all = [](const auto&, EventWriter* writer) {
    writer->Write(DeliveryEvent("\x1b[2J\xc2\x9b", v1::Delivery::STATE_CONFIRMED, 2));
    writer->Write(SnapshotEvent(v1::Run::STATE_SUCCEEDED, 3));
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"sync-all", "-o", "json"});
  EXPECT_EQ(ran.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(ran.out.find("\xc2\x9b"), std::string::npos);
}

TEST(SyncTest, DrawsOnATerminal) {
  TestShell shell;
  shell.surroundings.err_surface = Surface::kTerminal;
  v1::SyncAllRequest request;
  shell.server.integration.sync_all = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  const Ran ran = shell.Run({"sync-all"});
  EXPECT_THAT(ran.err, HasSubstr("\x1b[K"));
  EXPECT_THAT(ran.err, HasSubstr("\x1b[32m"));
  EXPECT_THAT(ran.err, Not(HasSubstr("Berkas f1")));
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(ran.out, HasSubstr("SUCCEEDED"));
}

TEST(SyncTest, ColoursCanBeTurnedOff) {
  TestShell shell;
  shell.surroundings.err_surface = Surface::kTerminal;
  shell.surroundings.out_surface = Surface::kTerminal;
  v1::SyncAllRequest request;
  shell.server.integration.sync_all = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  EXPECT_THAT(shell.Run({"sync-all"}).out, HasSubstr("\x1b[32m"));
  EXPECT_THAT(shell.Run({"sync-all", "--no-color"}).out, Not(HasSubstr("\x1b")));
  shell.variables["NO_COLOR"] = "1";
  EXPECT_THAT(shell.Run({"sync-all"}).out, Not(HasSubstr("\x1b")));
}

TEST(SyncTest, DetachLeavesTheRunsId) {
  TestShell shell;
  shell.server.integration.sync_all = [](const auto&, EventWriter* writer) {
    writer->Write(SnapshotEvent(v1::Run::STATE_QUEUED, 1));
    while (writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 1))) {
    }
    return grpc::Status::CANCELLED;
  };
  const Ran ran = shell.Run({"sync-all", "--detach"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_EQ(ran.out, "run-1\n");
}

TEST(SyncTest, ShowsWhatADryRunWouldChange) {
  TestShell shell;
  shell.server.integration.sync_file = [](const auto&, EventWriter* writer) {
    v1::RunEvent event = SnapshotEvent(v1::Run::STATE_SUCCEEDED, 1);
    event.mutable_snapshot()->set_kind(v1::Run::KIND_PREVIEW);
    v1::TargetForecast* forecast = event.mutable_snapshot()->add_forecasts();
    forecast->set_target("sipd");
    forecast->set_request_count(3);
    writer->Write(event);
    return grpc::Status::OK;
  };
  shell.server.integration.list_deliveries = [](const auto&, v1::ListDeliveriesResponse* response) {
    response->add_deliveries()->set_delivery_id("d1");
    return grpc::Status::OK;
  };
  shell.server.integration.get_delivery = [](const auto&, v1::GetDeliveryResponse* response) {
    v1::Record* record = response->add_records();
    record->set_key("5101.1.02.000318.2024");
    record->mutable_change()->set_kind(v1::Record::Change::KIND_UPDATE);
    record->mutable_change()->set_old_value("2.24");
    record->mutable_change()->set_new_value("3.5");
    response->mutable_delivery()->add_previews()->set_body("{\n  \"a\": 1\n}");
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"sync-file", "f1", "--dry-run"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("UPDATE 2.24 -> 3.5"));
  EXPECT_THAT(ran.out, HasSubstr("{\n  \"a\": 1\n}"));
  EXPECT_THAT(ran.out, HasSubstr("nothing was sent"));
  EXPECT_THAT(ran.out, HasSubstr("  sipd: 3 requests, duration not known yet\n"));
  const Ran json = shell.Run({"-o", "json", "sync-file", "f1", "--dry-run"});
  EXPECT_THAT(json.out, HasSubstr(R"("oldValue":"2.24")"));
  EXPECT_THAT(json.out, HasSubstr(R"("requestCount":"3")"));
}

TEST(SyncTest, ReportsARefusal) {
  TestShell shell;
  shell.server.integration.sync_file = [](const auto&, EventWriter*) {
    return RefusalStatus(grpc::StatusCode::FAILED_PRECONDITION, "FILE_NOT_VERIFIED",
                         "The file is not verified.");
  };
  const Ran ran = shell.Run({"sync-file", "f1"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNotSucceeded);
  EXPECT_EQ(ran.err, "integrationctl: The file is not verified. [FILE_NOT_VERIFIED]\n");
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(SyncTest, NamesTheRunThatStandsInTheWay) {
  TestShell shell;
  shell.server.integration.sync_all = [](const auto&, EventWriter*) {
    return RefusalStatus(grpc::StatusCode::ABORTED, "RUN_ACTIVE", "Run run-9 is still going on.");
  };
  const Ran ran = shell.Run({"sync-all"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNotSucceeded);
  EXPECT_THAT(ran.err, HasSubstr("integrationctl watch run-9"));
}

TEST(RetryTest, SendsItsFlags) {
  TestShell shell;
  v1::RetryRunRequest request;
  shell.server.integration.retry_run = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  EXPECT_EQ(shell.Run({"retry", "run-0", "--include-rejected", "--target", "sipd"}).exit_code,
            ExitCode::kGood);
  EXPECT_EQ(request.run_id(), "run-0");
  EXPECT_THAT(request.targets(), testing::ElementsAre("sipd"));
  EXPECT_TRUE(request.include_rejected());
  EXPECT_EQ(request.request_id().size(), 36u);
}

TEST(RetryTest, SaysThatTheServerDoesNotOfferIt) {
  TestShell shell;
  const Ran ran = shell.Run({"retry", "run-0"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNotSucceeded);
  EXPECT_THAT(ran.err, HasSubstr("does not offer that command yet"));
}

TEST(WithdrawTest, SendsItsFlagsAndFollowsTheRun) {
  TestShell shell;
  v1::WithdrawIndicatorRequest request;
  shell.server.targets.withdraw_indicator = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  EXPECT_EQ(shell
                .Run({"withdraw", "1.02.000318", "--kodepemda", "1612", "--tahun", "2024", "--reason",
                      "tidak ada laut"})
                .exit_code,
            ExitCode::kGood);
  EXPECT_EQ(request.target(), "sipd");
  EXPECT_EQ(request.kodeindikator(), "1.02.000318");
  EXPECT_EQ(request.kodepemda(), "1612");
  EXPECT_EQ(request.tahun(), "2024");
  EXPECT_EQ(request.explanation(), "tidak ada laut");
  EXPECT_EQ(request.request_id().size(), 36u);
}

TEST(WithdrawTest, AsksForAReason) {
  TestShell shell;
  EXPECT_EQ(shell.Run({"withdraw", "1.02.000318", "--tahun", "2024"}).exit_code, ExitCode::kUsage);
}

TEST(WatchTest, BeginsWhereItIsTold) {
  TestShell shell;
  v1::WatchRunRequest request;
  shell.server.integration.watch_run = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  EXPECT_EQ(shell.Run({"watch", "run-1", "--after", "7"}).exit_code, ExitCode::kGood);
  EXPECT_EQ(request.run_id(), "run-1");
  EXPECT_EQ(request.after_sequence(), 7);
}

TEST(ReconnectTest, GoesOnWhereTheStreamBroke) {
  TestShell shell;
  shell.server.integration.sync_all = [](const auto&, EventWriter* writer) {
    writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 40));  // Ahead of what the stream has told.
    writer->Write(DeliveryEvent("f1", v1::Delivery::STATE_CONFIRMED, 5));
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
  };
  v1::WatchRunRequest request;
  shell.server.integration.watch_run = RunTo(v1::Run::STATE_SUCCEEDED, &request);
  const Ran ran = shell.Run({"sync-all"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_EQ(request.run_id(), "run-1");
  EXPECT_EQ(request.after_sequence(), 5);
  EXPECT_THAT(ran.err, HasSubstr("connection lost (broken); reconnecting in 0.0 s, try 1/12"));
}

TEST(ReconnectTest, AnEndWithoutTheRunsEndIsALostStream) {
  TestShell shell;
  shell.server.integration.sync_all = [](const auto&, EventWriter* writer) {
    writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 1));
    return grpc::Status::OK;
  };
  v1::WatchRunRequest request;
  shell.server.integration.watch_run = RunTo(v1::Run::STATE_PARTIAL, &request);
  EXPECT_EQ(shell.Run({"sync-all"}).exit_code, ExitCode::kNotSucceeded);
  EXPECT_EQ(request.run_id(), "run-1");
}

TEST(ReconnectTest, AFinalSnapshotAtTheBeginningIsNotTheEnd) {
  TestShell shell;
  shell.server.integration.watch_run = [](const auto& request, EventWriter* writer) {
    writer->Write(SnapshotEvent(v1::Run::STATE_SUCCEEDED, 9));
    if (request.after_sequence() == 0) {
      writer->Write(DeliveryEvent("f1", v1::Delivery::STATE_CONFIRMED, 3));
      return RefusalStatus(grpc::StatusCode::UNAVAILABLE, "SERVER_STOPPING", "The server stops.");
    }
    writer->Write(DeliveryEvent("f2", v1::Delivery::STATE_CONFIRMED, 4));
    writer->Write(SnapshotEvent(v1::Run::STATE_SUCCEEDED, 9));
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"watch", "run-1"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_THAT(ran.err, HasSubstr("Berkas f2"));
}

TEST(ReconnectTest, RepeatsTheRequestWhileTheRunIsUnknown) {
  TestShell shell;
  std::vector<std::string> request_ids;
  shell.server.integration.sync_all = [&](const v1::SyncAllRequest& request, EventWriter* writer) {
    request_ids.push_back(request.request_id());
    if (request_ids.size() == 1)
      return RefusalStatus(grpc::StatusCode::UNAVAILABLE, "SERVER_STOPPING", "stops");
    writer->Write(SnapshotEvent(v1::Run::STATE_SUCCEEDED, 1));
    return grpc::Status::OK;
  };
  EXPECT_EQ(shell.Run({"sync-all"}).exit_code, ExitCode::kGood);
  ASSERT_EQ(request_ids.size(), 2u);
  EXPECT_EQ(request_ids[0], request_ids[1]);
}

TEST(ReconnectTest, GivesUpAndSaysHowToComeBack) {
  TestShell shell;
  shell.server.integration.sync_all = [](const auto&, EventWriter* writer) {
    writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 1));
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
  };
  std::atomic<int> watches = 0;
  shell.server.integration.watch_run = [&](const auto&, EventWriter*) {
    ++watches;
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
  };
  const Ran ran = shell.Run({"sync-all"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess);
  EXPECT_EQ(watches, 12);
  EXPECT_THAT(ran.err, HasSubstr("integrationctl watch run-1"));
}

TEST(ReconnectTest, DoesNotRetryARefusal) {
  TestShell shell;
  shell.server.integration.sync_all = [](const auto&, EventWriter* writer) {
    writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 1));
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
  };
  shell.server.integration.watch_run = [](const auto&, EventWriter*) {
    return RefusalStatus(grpc::StatusCode::UNAUTHENTICATED, "TOKEN_EXPIRED", "The token has run out.");
  };
  const Ran ran = shell.Run({"sync-all"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess);
  EXPECT_THAT(ran.err, HasSubstr("TOKEN_EXPIRED"));
  EXPECT_THAT(ran.err, HasSubstr("The run goes on: integrationctl watch run-1"));
}

TEST(ReconnectTest, LeavesAStreamThatIsSilent) {
  TestShell shell;
  fakes::FakeClock clock;
  shell.surroundings.clock = &clock;
  std::atomic<bool> released = false;
  shell.server.integration.sync_all = [&](const auto&, EventWriter* writer) {
    writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 1));
    while (!released) clock.Advance(absl::Milliseconds(1));  // A minute and a half go by and nothing is said.
    return grpc::Status::OK;
  };
  shell.server.integration.watch_run = [&](const auto&, EventWriter* writer) {
    released = true;
    writer->Write(SnapshotEvent(v1::Run::STATE_SUCCEEDED, 3));
    return grpc::Status::OK;
  };
  EXPECT_EQ(shell.Run({"sync-all"}).exit_code, ExitCode::kGood);
}

TEST(InterruptTest, DetachesAndSaysHowToComeBack) {
  TestShell shell;
  shell.surroundings.err_surface = Surface::kTerminal;
  // Asked for with each picture, so somebody has seen the run when the key is pressed.
  shell.surroundings.columns = [&shell] {
    shell.interrupt.Raise();
    return 80;
  };
  shell.server.integration.sync_all = [](const auto&, EventWriter* writer) {
    while (writer->Write(SnapshotEvent(v1::Run::STATE_RUNNING, 2))) {
    }
    return grpc::Status::CANCELLED;
  };
  const Ran ran = shell.Run({"sync-all"});
  EXPECT_EQ(ran.exit_code, ExitCode::kInterrupted);
  EXPECT_THAT(ran.err, HasSubstr("The run goes on."));
  EXPECT_THAT(ran.err, HasSubstr("integrationctl watch run-1"));
  EXPECT_THAT(ran.err, HasSubstr("integrationctl cancel run-1"));
}

TEST(InterruptTest, BeforeTheRunIsKnownNamesTheRequest) {
  TestShell shell;
  shell.interrupt.Raise();
  const Ran ran = shell.Run({"sync-all", "--request-id", "11111111-2222-4333-8444-555555555555"});
  EXPECT_EQ(ran.exit_code, ExitCode::kInterrupted);
  EXPECT_THAT(ran.err, HasSubstr("--request-id 11111111-2222-4333-8444-555555555555"));
}

TEST(InterruptTest, EndsUnaryCalls) {
  TestShell shell;
  shell.interrupt.Raise();
  const Ran ran = shell.Run({"targets"});
  EXPECT_EQ(ran.exit_code, ExitCode::kInterrupted);
  EXPECT_THAT(ran.err, IsEmpty());
}

}  // namespace
}  // namespace satudata::cli
