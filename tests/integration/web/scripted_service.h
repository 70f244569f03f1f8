// File: scripted_service.h
//
// A gRPC service that does what the method's name says, and remembers what it saw:
//
//   Echo    answers with the request's message
//   Count   "N": N messages, the numbers from 0; "N CODE": after them that status, with text and details
//   Idle    sends its initial metadata and then nothing
//   Silent  sends nothing at all
//   Flood   sends messages of 1 kB without end
#ifndef TESTS_INTEGRATION_WEB_SCRIPTED_SERVICE_H_
#define TESTS_INTEGRATION_WEB_SCRIPTED_SERVICE_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "server/base/mutex.h"

namespace satudata::web {

struct Observed {
  std::atomic<int> started = 0;
  std::atomic<int> cancelled = 0;
  std::atomic<int> done = 0;
  std::atomic<int64_t> written = 0;

  base::Mutex mu;
  std::multimap<std::string, std::string> metadata ABSL_GUARDED_BY(mu);  // Of the last call.
};

// Owns its server. Calls must be over, or are cancelled, when it is destroyed.
class ScriptedServer {
 public:
  ScriptedServer();
  ~ScriptedServer();
  std::shared_ptr<grpc::Channel> Channel() { return server_->InProcessChannel(grpc::ChannelArguments()); }
  Observed& observed() { return observed_; }

 private:
  class Service final : public grpc::CallbackGenericService {
   public:
    explicit Service(Observed& observed) : observed_(observed) {}
    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

   private:
    Observed& observed_;
  };

  Observed observed_;
  Service service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace satudata::web

#endif  // TESTS_INTEGRATION_WEB_SCRIPTED_SERVICE_H_
