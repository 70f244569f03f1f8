// File: import_sink.h
//
// What ImportFiles does with an export: parsed as it comes and written to the catalogue in batches, so that
// it costs one message and one batch of memory. What was imported stays imported when the call breaks: the
// same export can be sent again.
#ifndef SERVER_RPC_IMPORT_SINK_H_
#define SERVER_RPC_IMPORT_SINK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "server/catalog/catalog.h"
#include "server/catalog/catalog_import.h"
#include "server/catalog/messages.h"
#include "server/rpc/client_stream.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// Not thread-safe.
class ImportSink final : public MessageSink<v1::ImportFilesRequest, v1::ImportFilesResponse> {
 public:
  // `catalog` must outlive it. Failures are worded in `language`.
  ImportSink(catalog::Catalog& catalog, catalog::Language language);

  absl::Status Take(v1::ImportFilesRequest& message) override;
  absl::StatusOr<v1::ImportFilesResponse> End() override;

 private:
  void Receive(int64_t line, absl::StatusOr<catalog::FileWithValues> file);
  absl::Status WriteBatch();
  void Refuse(int64_t line, const absl::Status& why);

  catalog::Catalog& catalog_;
  const catalog::Language language_;
  catalog::ImportReader reader_;
  std::vector<catalog::FileWithValues> batch_;
  std::vector<int64_t> batch_lines_;
  size_t batch_bytes_ = 0;
  v1::ImportFilesResponse result_;
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_IMPORT_SINK_H_
