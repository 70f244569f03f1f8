#include "server/rpc/upload_sink.h"

#include <utility>

#include "server/rpc/convert_catalog.h"
#include "server/rpc/validate.h"

namespace satudata::rpc {
namespace {

absl::Status HeadOutOfPlace(catalog::Reason reason) {
  return catalog::FailureStatus(
      absl::StatusCode::kInvalidArgument,
      {.reason = reason,
       .args = {{"field", "head"}, {"value", "head"}, {"expected", "only in the first message"}}});
}

}  // namespace

absl::Status UploadSink::Take(v1::UploadContentRequest& message) {
  if (absl::Status status = Validate(message); !status.ok()) return status;
  if (upload_ == nullptr) {
    if (!message.has_head()) return HeadOutOfPlace(catalog::Reason::kFieldRequired);
    return Begin(message.head());
  }
  if (message.has_head()) return HeadOutOfPlace(catalog::Reason::kFieldInvalid);
  return upload_->Write(message.chunk());
}

absl::Status UploadSink::Begin(const v1::UploadContentHead& head) {
  auto upload = catalog_.BeginUpload(head.file_id(), head.file_name());
  if (!upload.ok()) return upload.status();
  head_ = head;
  upload_ = *std::move(upload);
  return absl::OkStatus();
}

absl::StatusOr<v1::UploadContentResponse> UploadSink::End() {
  if (upload_ == nullptr) return HeadOutOfPlace(catalog::Reason::kFieldRequired);
  catalog::StatedContent stated{.sha256 = head_.sha256()};
  if (head_.has_size_bytes()) stated.size_bytes = head_.size_bytes();
  const auto stored = upload_->Finish(stated);
  if (!stored.ok()) return stored.status();
  const auto file = catalog_.FinishUpload(head_.file_id(), head_.file_name(), *stored);
  if (!file.ok()) return file.status();
  v1::UploadContentResponse response;
  *response.mutable_file() = ToProto(*file);
  response.set_sha256(stored->sha256);
  response.set_size_bytes(stored->size_bytes);
  return response;
}

}  // namespace satudata::rpc
