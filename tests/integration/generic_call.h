// File: generic_call.h
//
// One call of any method, by its path: a request of given bytes, and at most one response read.
#ifndef TESTS_INTEGRATION_GENERIC_CALL_H_
#define TESTS_INTEGRATION_GENERIC_CALL_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "absl/synchronization/notification.h"

namespace satudata::rpc {

class GenericCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // `path`: `/package.Service/Method`. `channel` and `context` must outlive the call.
  GenericCall(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
              const std::string& path, const std::string& request = "")
      : stub_(channel), slice_(request), request_(&slice_, 1) {
    stub_.PrepareBidiStreamingCall(&context, path, grpc::StubOptions(), this);
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&response_);
    StartCall();
  }

  // Once. Blocks until the call is over.
  grpc::Status Await() {
    done_.WaitForNotification();
    return status_;
  }
  // After Await.
  std::string response() const {
    std::vector<grpc::Slice> slices;
    std::string bytes;
    if (!response_.Dump(&slices).ok()) return bytes;
    for (const grpc::Slice& slice : slices) {
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    return bytes;
  }

 private:
  void OnDone(const grpc::Status& status) override {
    status_ = status;
    done_.Notify();
  }

  grpc::GenericStub stub_;
  grpc::Slice slice_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
  absl::Notification done_;
};

}  // namespace satudata::rpc

#endif  // TESTS_INTEGRATION_GENERIC_CALL_H_
