// Runs over streams that break.
#include "satudata/integration/run_stream.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/clients/cpp/client_fixture.h"

namespace satudata::integration {
namespace {

using cli::EventWriter;
using cli::RefusalStatus;
using grpc::StatusCode;
using testing::ElementsAre;

void WriteSnapshot(EventWriter* writer, int64_t sequence, v1::Run::State state) {
  v1::RunEvent event;
  event.set_run_id("r1");
  event.set_sequence(sequence);
  event.mutable_snapshot()->set_run_id("r1");
  event.mutable_snapshot()->set_state(state);
  writer->Write(event);
}

void WriteDelivery(EventWriter* writer, int64_t sequence) {
  v1::RunEvent event;
  event.set_run_id("r1");
  event.set_sequence(sequence);
  event.mutable_delivery()->set_file_id(absl::StrCat("f", sequence));
  writer->Write(event);
}

void WriteHeartbeat(EventWriter* writer, int64_t sequence) {
  v1::RunEvent event;
  event.set_run_id("r1");
  event.set_sequence(sequence);
  event.mutable_heartbeat();
  writer->Write(event);
}

class ClientRunTest : public ClientTest {
 protected:
  // What a loop is told, in short.
  static std::vector<std::string> TellAll(RunStream& run) {
    std::vector<std::string> told;
    for (v1::RunEvent event; run.Next(&event);) {
      told.push_back(event.has_snapshot() ? v1::Run::State_Name(event.snapshot().state()).substr(6)
                                          : event.delivery().file_id());
    }
    return told;
  }
  // WatchRun notes from where it is called, and answers call after call with these.
  void AnswerWatchRun(std::vector<cli::Streaming<v1::WatchRunRequest>> answers) {
    server_.integration.watch_run = [this, answers](const v1::WatchRunRequest& request, EventWriter* writer) {
      after_.push_back(request.after_sequence());
      return answers[std::min(after_.size(), answers.size()) - 1](request, writer);
    };
  }
  std::unique_ptr<RunStream> Watch(int64_t after_sequence = 0) {
    v1::WatchRunRequest request;
    request.set_run_id("r1");
    request.set_after_sequence(after_sequence);
    return client_->WatchRun(request);
  }

  std::vector<int64_t> after_;
};

TEST_F(ClientRunTest, IsToldFromItsStartToItsEnd) {
  server_.integration.sync_file = [](const v1::SyncFileRequest& request, EventWriter* writer) {
    EXPECT_EQ(request.file_id(), "f1");
    EXPECT_EQ(request.request_id().size(), 36U);
    WriteSnapshot(writer, 0, v1::Run::STATE_QUEUED);
    WriteDelivery(writer, 1);
    WriteHeartbeat(writer, 1);
    WriteSnapshot(writer, 2, v1::Run::STATE_SUCCEEDED);
    return grpc::Status::OK;
  };
  v1::SyncFileRequest request;
  request.set_file_id("f1");
  const auto run = client_->SyncFile(request);
  EXPECT_EQ(server_.notes.calls(), 0);
  EXPECT_THAT(TellAll(*run), ElementsAre("QUEUED", "f1", "SUCCEEDED"));
  EXPECT_TRUE(run->status().ok()) << run->status();
  EXPECT_EQ(run->run_id(), "r1");
  EXPECT_EQ(run->Result()->state(), v1::Run::STATE_SUCCEEDED);
  EXPECT_EQ(run->Started()->run_id(), "r1");
}

TEST_F(ClientRunTest, GoesOnAfterTheLastEventAndTellsEachOnce) {
  server_.integration.sync_all = [](const v1::SyncAllRequest&, EventWriter* writer) {
    WriteSnapshot(writer, 0, v1::Run::STATE_RUNNING);
    WriteDelivery(writer, 1);
    WriteDelivery(writer, 2);
    return Unavailable();
  };
  AnswerWatchRun({[](const auto&, EventWriter* writer) {
                    WriteSnapshot(writer, 2, v1::Run::STATE_RUNNING);
                    WriteDelivery(writer, 3);
                    return grpc::Status::OK;  // A proxy may end it so, too.
                  },
                  [](const auto&, EventWriter*) {
                    return RefusalStatus(StatusCode::UNAVAILABLE, "SERVER_STOPPING", "stops");
                  },
                  [](const auto&, EventWriter* writer) {
                    WriteSnapshot(writer, 3, v1::Run::STATE_RUNNING);
                    WriteDelivery(writer, 3);  // Once more.
                    WriteDelivery(writer, 4);
                    WriteSnapshot(writer, 5, v1::Run::STATE_PARTIAL);
                    return grpc::Status::OK;
                  }});
  const auto run = client_->SyncAll({});
  EXPECT_THAT(TellAll(*run), ElementsAre("RUNNING", "f1", "f2", "f3", "f4", "PARTIAL"));
  EXPECT_TRUE(run->status().ok()) << run->status();
  EXPECT_THAT(after_, ElementsAre(2, 3, 3));
  EXPECT_EQ(waits_.size(), 3U);
}

TEST_F(ClientRunTest, AnEndWhoseStatusIsLostIsToldOnce) {
  AnswerWatchRun({[](const auto&, EventWriter* writer) {
                    WriteSnapshot(writer, 0, v1::Run::STATE_RUNNING);
                    WriteSnapshot(writer, 1, v1::Run::STATE_SUCCEEDED);
                    return Unavailable();
                  },
                  [](const auto&, EventWriter* writer) {
                    WriteSnapshot(writer, 0, v1::Run::STATE_SUCCEEDED);
                    WriteSnapshot(writer, 1, v1::Run::STATE_SUCCEEDED);
                    return grpc::Status::OK;
                  }});
  const auto run = Watch();
  EXPECT_THAT(TellAll(*run), ElementsAre("RUNNING", "SUCCEEDED"));
  EXPECT_TRUE(run->status().ok()) << run->status();
}

TEST_F(ClientRunTest, WatchingBeginsAfterWhatWasSeenBefore) {
  AnswerWatchRun({[](const auto&, EventWriter*) { return Unavailable(); },
                  [](const auto&, EventWriter* writer) {
                    WriteSnapshot(writer, 7, v1::Run::STATE_RUNNING);
                    WriteDelivery(writer, 8);
                    WriteSnapshot(writer, 8, v1::Run::STATE_SUCCEEDED);
                    return grpc::Status::OK;
                  }});
  EXPECT_THAT(TellAll(*Watch(7)), ElementsAre("RUNNING", "f8", "SUCCEEDED"));
  EXPECT_THAT(after_, ElementsAre(7, 7));
}

// By its request_id it attaches to the run that the try before may have begun.
TEST_F(ClientRunTest, AStartIsRepeatedAsTheSameRequest) {
  std::vector<std::string> request_ids;
  server_.integration.sync_all = [&request_ids](const v1::SyncAllRequest& request, EventWriter* writer) {
    request_ids.push_back(request.request_id());
    if (request_ids.size() < 3) return Unavailable();
    WriteSnapshot(writer, 0, v1::Run::STATE_SUCCEEDED);
    WriteSnapshot(writer, 0, v1::Run::STATE_SUCCEEDED);
    return grpc::Status::OK;
  };
  EXPECT_TRUE(client_->SyncAll({})->Result().ok());
  EXPECT_THAT(request_ids, ElementsAre(request_ids[0], request_ids[0], request_ids[0]));
  v1::SyncAllRequest own;
  own.set_request_id("mine");
  EXPECT_TRUE(client_->SyncAll(own)->Result().ok());
  EXPECT_EQ(request_ids.back(), "mine");
}

TEST_F(ClientRunTest, ARefusedStartIsNotRepeated) {
  server_.integration.sync_file = [](const auto&, EventWriter*) {
    return RefusalStatus(StatusCode::FAILED_PRECONDITION, "FILE_NOT_VERIFIED", "not verified");
  };
  const absl::Status status = client_->SyncFile({})->Started().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DetailsOf(status).reason, "FILE_NOT_VERIFIED");
  EXPECT_EQ(server_.notes.calls(), 1);
}

TEST_F(ClientRunTest, WithStrictARunThatDidNotSucceedIsAnError) {
  server_.integration.sync_file = [](const v1::SyncFileRequest&, EventWriter* writer) {
    WriteSnapshot(writer, 0, v1::Run::STATE_RUNNING);
    return Unavailable();
  };
  AnswerWatchRun({[](const v1::WatchRunRequest& request, EventWriter* writer) {
    EXPECT_TRUE(request.strict());
    WriteSnapshot(writer, 0, v1::Run::STATE_FAILED);
    WriteSnapshot(writer, 1, v1::Run::STATE_FAILED);
    return RefusalStatus(StatusCode::ABORTED, "RUN_NOT_SUCCEEDED", "failed");
  }});
  v1::SyncFileRequest request;
  request.set_strict(true);
  const auto run = client_->SyncFile(request);
  EXPECT_THAT(TellAll(*run), ElementsAre("RUNNING", "FAILED"));
  EXPECT_EQ(DetailsOf(run->status()).reason, "RUN_NOT_SUCCEEDED");
}

TEST_F(ClientRunTest, ARunThatStaysLostIsGivenUp) {
  Use({.most_reconnects = 5});
  AnswerWatchRun({[](const auto&, EventWriter*) { return Unavailable(); }});
  EXPECT_EQ(Watch()->Result().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server_.notes.calls(), 6);
  EXPECT_THAT(waits_, ElementsAre(absl::Milliseconds(100), absl::Milliseconds(200), absl::Milliseconds(400),
                                  absl::Milliseconds(800), absl::Milliseconds(1600)));
}

TEST_F(ClientRunTest, TokensAreAskedForEachStream) {
  Use({.token = [count = 0]() mutable { return absl::StrCat("token-", ++count); }});
  AnswerWatchRun({[](const auto&, EventWriter*) { return Unavailable(); },
                  [](const auto&, EventWriter* writer) {
                    WriteSnapshot(writer, 0, v1::Run::STATE_SUCCEEDED);
                    WriteSnapshot(writer, 0, v1::Run::STATE_SUCCEEDED);
                    return grpc::Status::OK;
                  }});
  EXPECT_TRUE(Watch()->Result().ok());
  EXPECT_EQ(server_.notes.Header("authorization"), "Bearer token-2");
}

TEST_F(ClientRunTest, AStreamWithoutASignOfLifeIsOpenedAnew) {
  AnswerWatchRun({[this](const auto&, EventWriter* writer) {
                    WriteSnapshot(writer, 0, v1::Run::STATE_RUNNING);
                    ended_.WaitForNotification();
                    return grpc::Status::OK;
                  },
                  [this](const auto&, EventWriter* writer) {
                    ended_.Notify();
                    WriteSnapshot(writer, 0, v1::Run::STATE_SUCCEEDED);
                    WriteSnapshot(writer, 0, v1::Run::STATE_SUCCEEDED);
                    return grpc::Status::OK;
                  }});
  const auto run = Watch();
  ASSERT_TRUE(run->Started().ok());
  clock_.Advance(absl::Seconds(46));
  EXPECT_EQ(run->Result()->state(), v1::Run::STATE_SUCCEEDED);
}

TEST_F(ClientRunTest, GivingUpEndsTheWatchingOfASilentRun) {
  AnswerWatchRun({[this](const auto&, EventWriter* writer) {
    WriteSnapshot(writer, 0, v1::Run::STATE_RUNNING);
    ended_.WaitForNotification();
    return grpc::Status::OK;
  }});
  const auto run = Watch();
  ASSERT_TRUE(run->Started().ok());
  std::thread other([&run] { run->Cancel(); });
  EXPECT_EQ(run->Result().status().code(), absl::StatusCode::kCancelled);
  other.join();
  ended_.Notify();
  v1::RunEvent event;
  EXPECT_FALSE(run->Next(&event));
  EXPECT_EQ(server_.notes.calls(), 1);
}

}  // namespace
}  // namespace satudata::integration
