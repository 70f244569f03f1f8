// File: bridged_call.h
//
// One gRPC call of any method, made for somebody who reads it from a thread of his own. gRPC's reactions fill
// a bounded buffer of gRPC-Web frames; the reader empties it. A reader who does not come stops the reading,
// and with it the service.
#ifndef SERVER_WEB_BRIDGED_CALL_H_
#define SERVER_WEB_BRIDGED_CALL_H_

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"
#include "server/web/call_headers.h"
#include "server/web/frame.h"

namespace satudata::web {

// Thread-safe; meant for one reader. Keeps itself alive until gRPC is done with it, which OnDone races with
// the reader's last reference.
class BridgedCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // `method`: `/package.Service/Method`. `stub` must outlive the call's start. The reader must see the call
  // to its end (kOver) or cancel it.
  static std::shared_ptr<BridgedCall> Start(grpc::GenericStub& stub, const std::string& method,
                                            absl::string_view message, const CallHeaders& headers);
  explicit BridgedCall(absl::string_view message);

  // Waits at most `limit`. True when the initial metadata is known, also because the call is over without
  // any.
  bool AwaitInitialMetadata(absl::Duration limit);
  // After AwaitInitialMetadata said true.
  Metadata initial_metadata();

  enum class Progress { kUnderWay, kOver };
  // Waits at most `limit` for something to come; appends the frames that have come. kOver: the last of them,
  // the trailers, is among these.
  Progress Take(absl::Duration limit, std::string* frames);

  // Ends the call soon, whatever it is doing. Idempotent.
  void Cancel();

 private:
  void OnReadInitialMetadataDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  void AppendMessage() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Read() { StartRead(&incoming_); }

  grpc::ClientContext context_;
  const grpc::Slice slice_;
  const grpc::ByteBuffer message_;
  grpc::ByteBuffer incoming_;  // Of the read in flight.
  std::shared_ptr<BridgedCall> self_;

  base::Mutex mu_;
  base::CondVar changed_;
  std::string frames_ ABSL_GUARDED_BY(mu_);
  // No read is in flight, because the buffer was full; whoever clears it has the duty to start one.
  bool parked_ ABSL_GUARDED_BY(mu_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mu_) = false;
  bool has_initial_metadata_ ABSL_GUARDED_BY(mu_) = false;
  bool over_ ABSL_GUARDED_BY(mu_) = false;
  Metadata initial_metadata_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::web

#endif  // SERVER_WEB_BRIDGED_CALL_H_
