#include "server/rpc/import_stream.h"

#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/convert.h"
#include "server/rpc/status.h"
#include "server/rpc/unary_call.h"
#include "server/rpc/validate.h"

namespace satudata::rpc {
namespace {

using catalog::Reason;

// A transaction's worth of files, and about as many bytes as one large file may have.
constexpr size_t kBatchFiles = 500;
constexpr size_t kBatchBytes = 4 << 20;
// What the response promises to list.
constexpr int kMaxRefusedLines = 1000;

bool IsOfTheStore(const absl::Status& status) { return status.code() == absl::StatusCode::kUnavailable; }

v1::RefusedLine ToProto(int64_t line, const absl::Status& why, catalog::Language language) {
  const catalog::Failure failure = catalog::FailureOf(why);
  v1::RefusedLine out;
  out.set_line(line);
  const auto field = failure.args.find("field");
  if (field != failure.args.end()) out.set_field(field->second);
  if (field == failure.args.end() && !failure.field_violations.empty()) {
    out.set_field(failure.field_violations.front().field);
  }
  *out.mutable_failure() = rpc::ToProto(failure, language);
  return out;
}

}  // namespace

ImportStream::ImportStream(const Dependencies& dependencies, Options options,
                           v1::ImportFilesResponse* response)
    : deps_(dependencies),
      options_(options),
      response_(response),
      reader_(catalog::ImportOptions(), [this](int64_t line, absl::StatusOr<catalog::FileWithValues> file) {
        Receive(line, std::move(file));
      }) {}

grpc::ServerReadReactor<v1::ImportFilesRequest>* ImportStream::Start(const Dependencies& dependencies,
                                                                     Options options,
                                                                     v1::ImportFilesResponse* response) {
  auto stream = std::make_shared<ImportStream>(dependencies, options, response);
  stream->self_ = stream;
  const auto admission = dependencies.registry.Add(stream);
  if (admission != StreamRegistry::Admission::kAdmitted) {
    stream->Stop(RefusedStream(admission, dependencies.registry.limit(), options.language));
    return stream.get();
  }
  stream->ReadNext();
  stream->WatchForStall(options.stall);
  return stream.get();
}

void ImportStream::ReadNext() {
  {
    base::MutexLock lock(&mu_);
    if (phase_ != Phase::kImporting) return;
    phase_ = Phase::kReading;
    read_start_ = deps_.clock.Monotonic();
  }
  StartRead(&request_);
}

void ImportStream::OnReadDone(bool ok) {
  {
    base::MutexLock lock(&mu_);
    if (phase_ != Phase::kReading) return;
    phase_ = Phase::kImporting;
  }
  const Input input = ok ? Input::kMore : Input::kEnded;
  if (!deps_.executor.Execute([self = shared_from_this(), input] { self->Import(input); })) {
    Stop(Overloaded(options_.language));
  }
}

void ImportStream::Import(Input input) {
  if (const absl::Status status = Consume(input); !status.ok()) {
    Stop(ToGrpcStatus(status, options_.language));
  } else if (input == Input::kEnded) {
    Succeed();
  } else {
    ReadNext();
  }
}

absl::Status ImportStream::Consume(Input input) {
  if (input == Input::kEnded) {
    reader_.Finish();
    return WriteBatch();
  }
  if (absl::Status status = Validate(request_); !status.ok()) return status;
  batch_bytes_ += request_.chunk().size();
  reader_.Feed(request_.chunk());
  return batch_.size() >= kBatchFiles || batch_bytes_ >= kBatchBytes ? WriteBatch() : absl::OkStatus();
}

void ImportStream::Receive(int64_t line, absl::StatusOr<catalog::FileWithValues> file) {
  if (!file.ok()) {
    Refuse(line, file.status());
    return;
  }
  batch_.push_back(*std::move(file));
  batch_lines_.push_back(line);
}

absl::Status ImportStream::WriteBatch() {
  const std::vector<int64_t> lines = std::exchange(batch_lines_, {});
  batch_bytes_ = 0;
  const auto outcomes = deps_.catalog.Import(std::exchange(batch_, {}));
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].ok()) {
      if (IsOfTheStore(outcomes[i].status())) return outcomes[i].status();
      Refuse(lines[i], outcomes[i].status());
    } else if (*outcomes[i] == catalog::Outcome::kCreated) {
      result_.set_created_count(result_.created_count() + 1);
    } else if (*outcomes[i] == catalog::Outcome::kUpdated) {
      result_.set_updated_count(result_.updated_count() + 1);
    } else {
      result_.set_unchanged_count(result_.unchanged_count() + 1);
    }
  }
  return absl::OkStatus();
}

void ImportStream::Refuse(int64_t line, const absl::Status& why) {
  result_.set_refused_count(result_.refused_count() + 1);
  if (result_.refused_lines_size() >= kMaxRefusedLines) return;
  *result_.add_refused_lines() = ToProto(line, why, options_.language);
}

// Ends the call from whatever phase it is in. An outstanding read is ended by gRPC; an import that is under
// way is not waited for and finds kFinished.
void ImportStream::Stop(grpc::Status status) {
  {
    base::MutexLock lock(&mu_);
    if (phase_ == Phase::kFinished) return;
    phase_ = Phase::kFinished;
  }
  Finish(std::move(status));
}

void ImportStream::Succeed() {
  {
    base::MutexLock lock(&mu_);
    if (phase_ == Phase::kFinished) return;
    phase_ = Phase::kFinished;
  }
  *response_ = std::move(result_);
  Finish(grpc::Status::OK);
}

void ImportStream::WatchForStall(absl::Duration wait) {
  auto alarm = std::make_unique<grpc::Alarm>();
  grpc::Alarm* const set = alarm.get();
  base::MutexLock lock(&mu_);
  if (phase_ == Phase::kFinished) return;
  // The one before has fired: alarms are not set again, for their callback may still be running.
  alarm_ = std::move(alarm);
  set->Set(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(wait),
           [weak = weak_from_this()](bool fired) {
             const auto stream = fired ? weak.lock() : nullptr;
             if (stream != nullptr) stream->CheckForStall();
           });
}

void ImportStream::CheckForStall() {
  absl::Duration quiet;
  {
    base::MutexLock lock(&mu_);
    if (phase_ == Phase::kReading) quiet = deps_.clock.Monotonic() - read_start_;
  }
  if (quiet < options_.stall) return WatchForStall(options_.stall - quiet);
  Stop(GrpcFailure(
      absl::StatusCode::kDeadlineExceeded,
      {.reason = Reason::kUploadStalled, .args = {{"wait", absl::FormatDuration(options_.stall)}}},
      options_.language));
}

void ImportStream::Drain() {
  Stop(GrpcFailure(absl::StatusCode::kUnavailable, {.reason = Reason::kServerStopping}, options_.language));
}

void ImportStream::OnCancel() { Stop(grpc::Status::CANCELLED); }

void ImportStream::OnDone() {
  deps_.registry.Remove(this);
  std::unique_ptr<grpc::Alarm> alarm;
  {
    base::MutexLock lock(&mu_);
    alarm = std::move(alarm_);
  }
  alarm.reset();
  const auto last = std::move(self_);
}

}  // namespace satudata::rpc
