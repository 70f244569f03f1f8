// Following runs: SyncFile, SyncAll and WatchRun from a client's side.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/random.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"

namespace satudata::rpc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RunStreamTest : public testing::Test {
 protected:
  using Reader = std::unique_ptr<grpc::ClientReader<v1::RunEvent>>;

  Reader SyncFile(grpc::ClientContext& context, const std::string& file_id, bool strict = false) {
    edge_.SignIn(context, "Operator");
    v1::SyncFileRequest request;
    request.set_file_id(file_id);
    request.set_strict(strict);
    return edge_.integration()->SyncFile(&context, request);
  }
  Reader Watch(grpc::ClientContext& context, const std::string& run_id, int64_t after = 0) {
    edge_.SignIn(context, "Viewer");
    v1::WatchRunRequest request;
    request.set_run_id(run_id);
    request.set_after_sequence(after);
    return edge_.integration()->WatchRun(&context, request);
  }
  static std::vector<v1::RunEvent> ReadAll(Reader& reader) {
    std::vector<v1::RunEvent> events;
    for (v1::RunEvent event; reader->Read(&event);) events.push_back(event);
    return events;
  }

  RpcEdge edge_;
};

TEST_F(RunStreamTest, BeginsAndEndsWithASnapshot) {
  grpc::ClientContext context;
  Reader reader = SyncFile(context, "f1");
  const auto run = edge_.engine().AwaitRun(1);
  run->AppendDelivery("f1", sync::State::kSending);
  run->AppendDelivery("f1", sync::State::kConfirmed);
  run->End(sync::RunState::kSucceeded);
  const std::vector<v1::RunEvent> events = ReadAll(reader);
  EXPECT_TRUE(reader->Finish().ok());
  ASSERT_GE(events.size(), 3U);
  EXPECT_TRUE(events.front().has_snapshot());
  EXPECT_EQ(events.back().snapshot().state(), v1::Run::STATE_SUCCEEDED);
  EXPECT_EQ(events[events.size() - 2].delivery().state(), v1::Delivery::STATE_CONFIRMED);
}

TEST_F(RunStreamTest, PassesOnWhatWasAsked) {
  grpc::ClientContext context;
  edge_.SignIn(context, "Operator");
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  v1::SyncAllRequest request;
  request.add_targets("splp");
  request.add_targets("splp");
  request.add_file_ids("f1");
  request.add_themes("Pertanian");
  request.add_producers("Dinas");
  request.set_limit(7);
  request.set_force(true);
  request.set_allow_mass_change(true);
  request.set_request_id(base::NewUuid());
  Reader reader = edge_.integration()->SyncAll(&context, request);
  const auto run = edge_.engine().AwaitRun(1);
  run->End(sync::RunState::kSucceeded);
  ReadAll(reader);
  const sync::SyncRequest asked = run->run().request;
  EXPECT_EQ(asked.kind, sync::RunKind::kSyncAll);
  EXPECT_THAT(asked.targets, ElementsAre("splp"));
  EXPECT_THAT(asked.file_ids, ElementsAre("f1"));
  EXPECT_THAT(asked.themes, ElementsAre("Pertanian"));
  EXPECT_THAT(asked.producers, ElementsAre("Dinas"));
  EXPECT_EQ(asked.limit, 7);
  EXPECT_TRUE(asked.force);
  EXPECT_TRUE(asked.allow_mass_change);
  EXPECT_EQ(asked.request_id, request.request_id());
  EXPECT_EQ(asked.requested_by, "siti");
  EXPECT_EQ(asked.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
}

TEST_F(RunStreamTest, NoTargetsMeansAll) {
  grpc::ClientContext context;
  Reader reader = SyncFile(context, "f1");
  const auto run = edge_.engine().AwaitRun(1);
  EXPECT_THAT(run->run().request.targets, ElementsAre("sipd", "splp"));
  run->End(sync::RunState::kSucceeded);
  ReadAll(reader);
}

TEST_F(RunStreamTest, RefusesATargetThatIsNotThere) {
  grpc::ClientContext context;
  edge_.SignIn(context, "Operator");
  v1::SyncFileRequest request;
  request.set_file_id("f1");
  request.add_targets("ckan");
  Reader reader = edge_.integration()->SyncFile(&context, request);
  ReadAll(reader);
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "TARGET_UNKNOWN");
  EXPECT_EQ(ErrorInfoOf(status).metadata().at("known"), "sipd, splp");
  EXPECT_EQ(edge_.engine().run_count(), 0U);
}

TEST_F(RunStreamTest, AFailedRunIsOkUnlessStrict) {
  for (const bool strict : {false, true}) {
    grpc::ClientContext context;
    const size_t number = edge_.engine().run_count() + 1;
    Reader reader = SyncFile(context, "f1", strict);
    edge_.engine().AwaitRun(number)->End(sync::RunState::kFailed);
    EXPECT_EQ(ReadAll(reader).back().snapshot().state(), v1::Run::STATE_FAILED);
    const grpc::Status status = reader->Finish();
    EXPECT_EQ(status.error_code(), strict ? grpc::StatusCode::ABORTED : grpc::StatusCode::OK);
    if (!strict) continue;
    EXPECT_EQ(ReasonOf(status), "RUN_NOT_SUCCEEDED");
    EXPECT_EQ(ErrorInfoOf(status).metadata().at("run_id"), absl::StrCat("run-", number));
    EXPECT_EQ(ErrorInfoOf(status).metadata().at("state"), "FAILED");
  }
}

TEST_F(RunStreamTest, StrictIsOkForARunThatSucceeded) {
  grpc::ClientContext context;
  Reader reader = SyncFile(context, "f1", /*strict=*/true);
  edge_.engine().AwaitRun(1)->End(sync::RunState::kSucceeded);
  ReadAll(reader);
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(RunStreamTest, ARefusalToStartIsTheCallsStatus) {
  edge_.engine().FailStart(catalog::FailureStatus(
      absl::StatusCode::kAborted,
      {.reason = catalog::Reason::kRunActive, .args = {{"run_id", "run-9"}, {"target", "sipd"}}}));
  grpc::ClientContext context;
  Reader reader = SyncFile(context, "f1");
  EXPECT_TRUE(ReadAll(reader).empty());
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ReasonOf(status), "RUN_ACTIVE");
  EXPECT_EQ(ErrorInfoOf(status).metadata().at("run_id"), "run-9");
}

TEST_F(RunStreamTest, ResumesAfterASequence) {
  const auto run = edge_.engine().AddRun({.targets = {"splp"}});
  for (int i = 1; i <= 5; ++i) run->AppendDelivery(absl::StrCat("f", i), sync::State::kConfirmed);
  run->End(sync::RunState::kSucceeded);
  grpc::ClientContext context;
  Reader reader = Watch(context, "run-1", /*after=*/3);
  const std::vector<v1::RunEvent> events = ReadAll(reader);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_TRUE(events[0].has_snapshot());
  EXPECT_EQ(events[1].sequence(), 4);
  EXPECT_EQ(events[2].sequence(), 5);
  EXPECT_TRUE(events[3].has_snapshot());
}

TEST_F(RunStreamTest, ManyEventsArriveOnceAndInOrder) {
  const auto run = edge_.engine().AddRun({.targets = {"splp"}});
  grpc::ClientContext context;
  Reader reader = Watch(context, "run-1");
  std::thread publisher([&run] {
    for (int i = 0; i < 5000; ++i) run->AppendDelivery("f", sync::State::kConfirmed);
    run->End(sync::RunState::kSucceeded);
  });
  int64_t expected = 0;
  for (v1::RunEvent event; reader->Read(&event);) {
    if (!event.has_delivery()) continue;
    EXPECT_EQ(event.sequence(), ++expected);
  }
  EXPECT_EQ(expected, 5000);
  EXPECT_TRUE(reader->Finish().ok());
  publisher.join();
}

TEST_F(RunStreamTest, AClientThatDoesNotReadCostsOneBatch) {
  const auto run = edge_.engine().AddRun({.targets = {"splp"}});
  grpc::ClientContext context;
  Reader reader = Watch(context, "run-1");
  v1::RunEvent event;
  ASSERT_TRUE(reader->Read(&event));
  for (int i = 0; i < 20'000; ++i) run->AppendDelivery("f", sync::State::kConfirmed);
  // A second client that reads everything shows that time has passed for the first one as well.
  run->End(sync::RunState::kSucceeded);
  grpc::ClientContext other_context;
  Reader other = Watch(other_context, "run-1");
  EXPECT_EQ(ReadAll(other).size(), 20'002U);
  const int reads_of_the_other = 20'000 / 64 + 2;
  EXPECT_LE(run->reads(), reads_of_the_other + 6);
  const std::vector<v1::RunEvent> rest = ReadAll(reader);
  EXPECT_EQ(rest.size(), 20'001U);
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(RunStreamTest, ACancelledStreamLeavesTheRunAlone) {
  grpc::ClientContext context;
  Reader reader = SyncFile(context, "f1");
  const auto run = edge_.engine().AwaitRun(1);
  v1::RunEvent event;
  ASSERT_TRUE(reader->Read(&event));
  run->AwaitWatches(1);
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  run->AwaitWatches(0);  // Cancelling alone released it: nothing was published.
  EXPECT_EQ(run->run().state, sync::RunState::kRunning);
}

TEST_F(RunStreamTest, ADeadlineEndsTheStreamOnly) {
  const auto run = edge_.engine().AddRun({.targets = {"splp"}});
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  Reader reader = Watch(context, "run-1");
  ReadAll(reader);
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  run->AwaitWatches(0);
}

TEST_F(RunStreamTest, AStoreThatFailsEndsTheStream) {
  const auto run = edge_.engine().AddRun({.targets = {"splp"}});
  grpc::ClientContext context;
  Reader reader = Watch(context, "run-1");
  v1::RunEvent event;
  ASSERT_TRUE(reader->Read(&event));
  run->Break(
      catalog::FailureStatus(absl::StatusCode::kUnavailable, {.reason = catalog::Reason::kStoreUnavailable}));
  EXPECT_FALSE(reader->Read(&event));
  EXPECT_EQ(ReasonOf(reader->Finish()), "STORE_UNAVAILABLE");
}

TEST_F(RunStreamTest, DrainTellsWhereToResume) {
  const auto run = edge_.engine().AddRun({.targets = {"splp"}});
  run->AppendDelivery("f1", sync::State::kConfirmed);
  run->AppendDelivery("f2", sync::State::kConfirmed);
  grpc::ClientContext context;
  Reader reader = Watch(context, "run-1");
  v1::RunEvent event;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(reader->Read(&event));
  edge_.run_streams().Drain();
  EXPECT_FALSE(reader->Read(&event));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "SERVER_STOPPING");
  EXPECT_EQ(ErrorInfoOf(status).metadata().at("sequence"), "2");
  run->AwaitWatches(0);
  // Who comes later is told the same.
  grpc::ClientContext late_context;
  Reader late = Watch(late_context, "run-1");
  EXPECT_FALSE(late->Read(&event));
  EXPECT_EQ(ReasonOf(late->Finish()), "SERVER_STOPPING");
}

TEST_F(RunStreamTest, ShutdownReturnsThoughAClientDoesNotRead) {
  const auto run = edge_.engine().AddRun({.targets = {"splp"}});
  for (int i = 0; i < 1000; ++i) run->AppendDelivery("f", sync::State::kConfirmed);
  grpc::ClientContext context;
  Reader reader = Watch(context, "run-1");
  v1::RunEvent event;
  ASSERT_TRUE(reader->Read(&event));
  edge_.run_streams().Drain();
  edge_.server().Shutdown(absl::Milliseconds(50));
  ReadAll(reader);
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(RunStreamTest, SpeaksTheReadersLanguage) {
  grpc::ClientContext indonesian;
  Reader reader = Watch(indonesian, "run-7");
  ReadAll(reader);
  EXPECT_THAT(reader->Finish().error_message(), HasSubstr("tidak ditemukan"));
  grpc::ClientContext english;
  english.AddMetadata("accept-language", "en-GB,en;q=0.9,id;q=0.5");
  reader = Watch(english, "run-7");
  ReadAll(reader);
  EXPECT_THAT(reader->Finish().error_message(), HasSubstr("was not found"));
}

TEST_F(RunStreamTest, ARetryIsForTheTargetsOfItsRunUnlessItNamesSome) {
  v1::RetryRunRequest request;
  request.set_run_id("run-0");
  request.set_include_rejected(true);
  request.set_request_id("0f7c9a52-57f1-4c1a-9a43-4d5e7a3c1b2d");
  for (const bool named : {false, true}) {
    grpc::ClientContext context;
    edge_.SignIn(context, "Operator");
    if (named) request.add_targets("splp");
    Reader reader = edge_.integration()->RetryRun(&context, request);
    const auto run = edge_.engine().AwaitRun(named ? 2 : 1);
    const sync::SyncRequest& started = run->run().request;
    EXPECT_EQ(started.kind, sync::RunKind::kRetry);
    EXPECT_EQ(started.retry_of, "run-0");
    EXPECT_TRUE(started.include_rejected);
    EXPECT_EQ(started.request_id, request.request_id());
    EXPECT_EQ(started.targets, named ? std::vector<std::string>{"splp"} : std::vector<std::string>());
    run->End(sync::RunState::kSucceeded);
    const std::vector<v1::RunEvent> events = ReadAll(reader);
    EXPECT_TRUE(reader->Finish().ok());
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.back().snapshot().kind(), v1::Run::KIND_RETRY);
    EXPECT_EQ(events.back().snapshot().retry_of(), "run-0");
  }
}

TEST_F(RunStreamTest, ARetryOfAnUnknownTargetIsRefused) {
  grpc::ClientContext context;
  edge_.SignIn(context, "Operator");
  v1::RetryRunRequest request;
  request.set_run_id("run-0");
  request.add_targets("mars");
  Reader reader = edge_.integration()->RetryRun(&context, request);
  ReadAll(reader);
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "TARGET_UNKNOWN");
}

TEST_F(RunStreamTest, ADryRunIsAPreview) {
  grpc::ClientContext context;
  edge_.SignIn(context, "Operator");
  v1::SyncFileRequest request;
  request.set_file_id("f1");
  request.set_validate_only(true);
  Reader reader = edge_.integration()->SyncFile(&context, request);
  const auto run = edge_.engine().AwaitRun(1);
  run->End(sync::RunState::kSucceeded);
  EXPECT_EQ(ReadAll(reader).back().snapshot().kind(), v1::Run::KIND_PREVIEW);
  EXPECT_EQ(run->run().request.kind, sync::RunKind::kPreview);
  EXPECT_EQ(run->run().request.file_id, "f1");
}

TEST(RunStreamLimit, OneStreamTooManyIsRefused) {
  RpcEdge edge({.max_run_streams = 1});
  edge.engine().AddRun({.targets = {"splp"}});
  const auto watch = [&edge](grpc::ClientContext& context) {
    edge.SignIn(context, "Viewer");
    v1::WatchRunRequest request;
    request.set_run_id("run-1");
    return edge.integration()->WatchRun(&context, request);
  };
  grpc::ClientContext first_context;
  auto first = watch(first_context);
  v1::RunEvent event;
  ASSERT_TRUE(first->Read(&event));
  grpc::ClientContext second_context;
  auto second = watch(second_context);
  EXPECT_FALSE(second->Read(&event));
  const grpc::Status status = second->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "TOO_MANY_STREAMS");
  first_context.TryCancel();
  first->Finish();
}

TEST(RunStreamLimit, OneStreamTooManyOfOneCallerIsRefusedAndOthersAreNot) {
  RpcEdge edge({.max_streams_each = 1});
  const auto run = edge.engine().AddRun({.targets = {"splp"}});
  const auto watch = [&edge](grpc::ClientContext& context, const std::string& caller) {
    edge.SignIn(context, "Viewer", caller);
    v1::WatchRunRequest request;
    request.set_run_id("run-1");
    return edge.integration()->WatchRun(&context, request);
  };
  grpc::ClientContext contexts[4];
  v1::RunEvent event;
  auto first = watch(contexts[0], "siti");
  ASSERT_TRUE(first->Read(&event));
  auto second = watch(contexts[1], "siti");
  EXPECT_FALSE(second->Read(&event));
  const grpc::Status status = second->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "TOO_MANY_OWN_STREAMS");
  EXPECT_EQ(RetrySecondsOf(status), 1);
  auto other = watch(contexts[2], "budi");
  EXPECT_TRUE(other->Read(&event));
  // Whoever has read how a stream ended has its place back.
  run->End(sync::RunState::kSucceeded);
  while (first->Read(&event)) {
  }
  EXPECT_TRUE(first->Finish().ok());
  auto next = watch(contexts[3], "siti");
  EXPECT_TRUE(next->Read(&event));
  while (next->Read(&event) || other->Read(&event)) {
  }
  EXPECT_TRUE(next->Finish().ok());
  EXPECT_TRUE(other->Finish().ok());
}

// Watchers that read to the end, give up by deadline or cancel, two publishers, and a server that stops in
// the middle of it: nothing hangs, nothing leaks, what arrives is in order.
TEST(RunStreamStress, ManyWatchersComeAndGo) {
  for (int round = 0; round < 5; ++round) {
    RpcEdge edge;
    const auto run = edge.engine().AddRun({.targets = {"splp"}});
    const auto stub = edge.integration();
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&edge, &stub, i] {
        grpc::ClientContext context;
        edge.SignIn(context, "Viewer");
        if (i % 3 == 1) {
          context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(3 + i));
        }
        v1::WatchRunRequest request;
        request.set_run_id("run-1");
        auto reader = stub->WatchRun(&context, request);
        int64_t last = 0;
        int count = 0;
        for (v1::RunEvent event; reader->Read(&event); ++count) {
          if (event.has_delivery()) {
            EXPECT_EQ(event.sequence(), ++last);
          }
          if (i % 3 == 2 && count == 50 * i) context.TryCancel();
        }
        reader->Finish();
      });
    }
    for (int p = 0; p < 2; ++p) {
      threads.emplace_back([&run] {
        for (int i = 0; i < 1000; ++i) run->AppendDelivery("f", sync::State::kConfirmed);
      });
    }
    if (round % 2 == 0) {
      run->AwaitReads(20);
      edge.run_streams().Drain();
      edge.server().Shutdown(absl::Milliseconds(20));
    } else {
      threads[8].join();
      threads[9].join();
      run->End(sync::RunState::kSucceeded);
    }
    for (std::thread& thread : threads) {
      if (thread.joinable()) thread.join();
    }
    run->AwaitWatches(0);
  }
}

}  // namespace
}  // namespace satudata::rpc
