#include "server/rpc/import_sink.h"

#include <string>
#include <utility>

#include "server/rpc/convert.h"
#include "server/rpc/validate.h"

namespace satudata::rpc {
namespace {

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

ImportSink::ImportSink(catalog::Catalog& catalog, catalog::Language language)
    : catalog_(catalog),
      language_(language),
      reader_(catalog::ImportOptions(), [this](int64_t line, absl::StatusOr<catalog::FileWithValues> file) {
        Receive(line, std::move(file));
      }) {}

absl::Status ImportSink::Take(v1::ImportFilesRequest& message) {
  if (absl::Status status = Validate(message); !status.ok()) return status;
  batch_bytes_ += message.chunk().size();
  reader_.Feed(message.chunk());
  return batch_.size() >= kBatchFiles || batch_bytes_ >= kBatchBytes ? WriteBatch() : absl::OkStatus();
}

absl::StatusOr<v1::ImportFilesResponse> ImportSink::End() {
  reader_.Finish();
  if (absl::Status status = WriteBatch(); !status.ok()) return status;
  return std::move(result_);
}

void ImportSink::Receive(int64_t line, absl::StatusOr<catalog::FileWithValues> file) {
  if (!file.ok()) {
    Refuse(line, file.status());
    return;
  }
  batch_.push_back(*std::move(file));
  batch_lines_.push_back(line);
}

absl::Status ImportSink::WriteBatch() {
  const std::vector<int64_t> lines = std::exchange(batch_lines_, {});
  batch_bytes_ = 0;
  const auto outcomes = catalog_.Import(std::exchange(batch_, {}));
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

void ImportSink::Refuse(int64_t line, const absl::Status& why) {
  result_.set_refused_count(result_.refused_count() + 1);
  if (result_.refused_lines_size() >= kMaxRefusedLines) return;
  *result_.add_refused_lines() = ToProto(line, why, language_);
}

}  // namespace satudata::rpc
