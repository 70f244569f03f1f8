// Calls with one answer: deadlines, repetition, tokens, errors, uploads.
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/clients/cpp/client_fixture.h"

namespace satudata::integration {
namespace {

using cli::RefusalStatus;
using grpc::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;

class CallTest : public ClientTest {
 protected:
  // Answers GetRun with these, one after the other, and then with a run.
  void AnswerGetRun(std::vector<grpc::Status> statuses) {
    server_.integration.get_run = [statuses, call = size_t{0}](const auto&, v1::Run* run) mutable {
      if (call < statuses.size()) return statuses[call++];
      run->set_run_id("r1");
      return grpc::Status::OK;
    };
  }
};

TEST_F(CallTest, ReturnsTheAnswer) {
  AnswerGetRun({});
  const absl::StatusOr<v1::Run> run = client_->GetRun({});
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->run_id(), "r1");
  EXPECT_EQ(server_.notes.Header("accept-language"), "id");
  EXPECT_EQ(server_.notes.Header("authorization"), "");
  EXPECT_TRUE(client_->GetRun({}, {.token = "t", .language = Language::kEnglish}).ok());
  EXPECT_EQ(server_.notes.Header("accept-language"), "en");
  EXPECT_EQ(server_.notes.Header("authorization"), "Bearer t");
}

TEST_F(CallTest, EndsAtItsDeadline) {
  server_.integration.get_run = [this](const auto&, auto*) {
    ended_.WaitForNotification();
    return grpc::Status::OK;
  };
  EXPECT_EQ(client_->GetRun({}, {.deadline = absl::Milliseconds(50)}).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  ended_.Notify();
  EXPECT_EQ(server_.notes.calls(), 1);
}

TEST_F(CallTest, WhatReadsIsRepeatedWhileTheServerIsAway) {
  AnswerGetRun({Unavailable(), RefusalStatus(StatusCode::UNAVAILABLE, "SERVER_STOPPING", "stops"),
                RefusalStatus(StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE", "full")});
  EXPECT_TRUE(client_->GetRun({}).ok());
  EXPECT_EQ(server_.notes.calls(), 4);
  EXPECT_THAT(waits_, ElementsAre(absl::Milliseconds(200), absl::Milliseconds(400), absl::Milliseconds(800)));
}

TEST_F(CallTest, NothingElseIsRepeated) {
  AnswerGetRun({RefusalStatus(StatusCode::UNAVAILABLE, "TARGET_OUTAGE", "the target is away")});
  EXPECT_EQ(client_->GetRun({}).status().code(), absl::StatusCode::kUnavailable);
  AnswerGetRun({RefusalStatus(StatusCode::NOT_FOUND, "RUN_NOT_FOUND", "no such run")});
  EXPECT_EQ(client_->GetRun({}).status().code(), absl::StatusCode::kNotFound);
  server_.integration.cancel_run = [](const auto&, auto*) { return Unavailable(); };
  EXPECT_EQ(client_->CancelRun({}).status().code(), absl::StatusCode::kUnavailable);
  server_.catalog.set_verification = [](const auto&, auto*) { return Unavailable(); };
  EXPECT_EQ(client_->SetVerification({}).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server_.notes.calls(), 4);
  EXPECT_TRUE(waits_.empty());
}

TEST_F(CallTest, RepetitionsStayWithinTheDeadline) {
  server_.integration.get_run = [](const auto&, auto*) { return Unavailable(); };
  const absl::Duration begin = clock_.Monotonic();
  EXPECT_EQ(client_->GetRun({}, {.deadline = absl::Seconds(8)}).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_LT(clock_.Monotonic() - begin, absl::Seconds(8));
  EXPECT_EQ(server_.notes.calls(), 6);  // After 0, 0.2, 0.6, 1.4, 3 and 6.2 s.
}

// It was refused before anything was done, and says when to come back.
TEST_F(CallTest, AnythingIsRepeatedThatCameTooFast) {
  server_.integration.cancel_run = [call = 0](const auto&, v1::Run* run) mutable {
    run->set_run_id("r1");
    if (call++ > 0) return grpc::Status::OK;
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    info.set_reason("TOO_MANY_CALLS");
    details.add_details()->PackFrom(info);
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(3);
    details.add_details()->PackFrom(retry);
    return grpc::Status(StatusCode::RESOURCE_EXHAUSTED, "slowly", details.SerializeAsString());
  };
  EXPECT_TRUE(client_->CancelRun({}).ok());
  EXPECT_THAT(waits_, ElementsAre(absl::Seconds(3)));
}

TEST_F(CallTest, ErrorsSayWhatTheServerSaid) {
  AnswerGetRun(
      {RefusalStatus(StatusCode::INVALID_ARGUMENT, "FIELD_REQUIRED", "run_id is missing", "run_id")});
  const absl::Status status = client_->GetRun({}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "run_id is missing");
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, "FIELD_REQUIRED");
  ASSERT_EQ(details.field_violations.size(), 1U);
  EXPECT_EQ(details.field_violations[0].field, "run_id");
  EXPECT_EQ(details.retry_after, std::nullopt);
  EXPECT_EQ(DetailsOf(absl::InternalError("ours")).reason, "");
}

TEST_F(CallTest, ATokenIsAskedForEachTry) {
  Use({.token = [count = 0]() mutable { return "token-" + std::to_string(++count); }});
  AnswerGetRun({Unavailable()});
  EXPECT_TRUE(client_->GetRun({}).ok());
  EXPECT_EQ(server_.notes.Header("authorization"), "Bearer token-2");
  EXPECT_TRUE(client_->GetRun({}).ok());
  EXPECT_EQ(server_.notes.Header("authorization"), "Bearer token-3");
}

TEST_F(CallTest, ATokenFileIsReadForEachCall) {
  const std::string path = testing::TempDir() + "/client-token";
  Use({.token = TokenFromFile(path)});
  AnswerGetRun({});
  for (const char* token : {"first", "second"}) {
    std::ofstream(path) << " " << token << "\n";
    EXPECT_TRUE(client_->GetRun({}).ok());
    EXPECT_EQ(server_.notes.Header("authorization"), std::string("Bearer ") + token);
  }
  std::remove(path.c_str());
  EXPECT_EQ(client_->GetRun({}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(server_.notes.calls(), 2);
}

TEST_F(CallTest, WithoutAGoodTokenNothingGoesOut) {
  Use({.token = [] { return absl::UnauthenticatedError("signed out"); }});
  EXPECT_EQ(client_->GetRun({}).status().message(), "signed out");
  Use({.token = FixedToken("two words")});
  EXPECT_THAT(std::string(client_->GetRun({}).status().message()), HasSubstr("is not a token"));
  EXPECT_EQ(server_.notes.calls(), 0);
}

TEST_F(CallTest, CanBeGivenUp) {
  server_.integration.get_run = [this](const auto&, auto*) {
    begun_.Notify();
    ended_.WaitForNotification();
    return grpc::Status::OK;
  };
  std::stop_source stop;
  std::thread other([this, &stop] {
    begun_.WaitForNotification();
    stop.request_stop();
  });
  EXPECT_EQ(client_->GetRun({}, {.stop = stop.get_token()}).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(client_->GetRun({}, {.stop = stop.get_token()}).status().code(), absl::StatusCode::kCancelled);
  ended_.Notify();
  other.join();
  EXPECT_EQ(server_.notes.calls(), 1);
}

TEST_F(CallTest, AllPagesAreWalkedOnce) {
  server_.integration.list_runs = [](const v1::ListRunsRequest& request, v1::ListRunsResponse* response) {
    response->add_runs()->set_run_id("after " + request.page_token());
    if (request.page_token() != "c") response->set_next_page_token(request.page_token().empty() ? "b" : "c");
    return grpc::Status::OK;
  };
  std::vector<std::string> seen;
  for (v1::ListRunsRequest request;;) {
    const auto page = client_->ListRuns(request);
    ASSERT_TRUE(page.ok()) << page.status();
    seen.push_back(page->runs(0).run_id());
    const absl::StatusOr<bool> more = TurnPage(*page, &request);
    ASSERT_TRUE(more.ok());
    if (!*more) break;
  }
  EXPECT_THAT(seen, ElementsAre("after ", "after b", "after c"));
}

PieceSource PiecesOf(std::vector<std::string> pieces) {
  return
      [pieces, next = size_t{0}]() mutable { return next < pieces.size() ? pieces[next++] : std::string(); };
}

TEST_F(CallTest, AnUploadArrivesWholeAndInMessagesOfAGoodSize) {
  const std::string large(600'000, 'x');
  std::string arrived;
  size_t messages = 0;
  server_.catalog.upload_content = [&](const std::vector<v1::UploadContentRequest>& requests,
                                       v1::UploadContentResponse* response) {
    EXPECT_EQ(requests[0].head().file_id(), "f1");
    for (const v1::UploadContentRequest& request : requests) arrived += request.chunk();
    messages = requests.size();
    response->set_size_bytes(static_cast<int64_t>(arrived.size()));
    return grpc::Status::OK;
  };
  v1::UploadContentHead head;
  head.set_file_id("f1");
  const auto stored = client_->UploadContent(head, PiecesOf({"ab", large, "c"}));
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->size_bytes(), 600'003);
  EXPECT_EQ(arrived, "ab" + large + "c");
  EXPECT_EQ(messages, 6U);  // The head, three of the large piece, and the small ones.
}

TEST_F(CallTest, HalfAnImportIsNotTakenForAWholeOne) {
  server_.catalog.import_files = [](const auto&, v1::ImportFilesResponse*) { return grpc::Status::OK; };
  EXPECT_TRUE(client_->ImportFiles(PiecesOf({"{}\n"})).ok());
  const absl::Status status =
      client_->ImportFiles([] { return absl::DataLossError("the disk is gone"); }).status();
  EXPECT_EQ(status.message(), "the disk is gone");
}

}  // namespace
}  // namespace satudata::integration
