// File: upload_sink.h
//
// What UploadContent does with what comes: a head that names the file, then its bytes, straight to the disk.
// A call that breaks off before its end leaves nothing behind: its end cannot be told from that of a whole
// one but by what the head said of the content.
#ifndef SERVER_RPC_UPLOAD_SINK_H_
#define SERVER_RPC_UPLOAD_SINK_H_

#include <memory>

#include "absl/status/statusor.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "server/catalog/catalog.h"
#include "server/rpc/client_stream.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// Not thread-safe.
class UploadSink final : public MessageSink<v1::UploadContentRequest, v1::UploadContentResponse> {
 public:
  // `catalog` must outlive it.
  explicit UploadSink(catalog::Catalog& catalog) : catalog_(catalog) {}

  absl::Status Take(v1::UploadContentRequest& message) override;
  absl::StatusOr<v1::UploadContentResponse> End() override;

 private:
  absl::Status Begin(const v1::UploadContentHead& head);

  catalog::Catalog& catalog_;
  v1::UploadContentHead head_;
  std::unique_ptr<catalog::ContentUpload> upload_;  // Null before the head.
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_UPLOAD_SINK_H_
