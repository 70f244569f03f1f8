#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "tests/bench/client/commands.h"
#include "tests/bench/client/run_reader.h"

namespace satudata::bench {
namespace {

namespace v1 = ::satudata::integration::v1;

// One stream that follows a run. What a call needs must outlive it.
struct Watcher {
  Watcher(const Caller& caller, const std::string& run_id)
      : stub(v1::IntegrationService::NewStub(Connect(caller.server))) {
    Authorize(caller, context);
    v1::WatchRunRequest request;
    request.set_run_id(run_id);
    stream = stub->WatchRun(&context, request);
  }

  std::unique_ptr<v1::IntegrationService::Stub> stub;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<v1::RunEvent>> stream;
  RunReader run;
  grpc::Status status;
};

void ReadToTheEnd(Watcher& watcher) {
  v1::RunEvent event;
  while (watcher.stream->Read(&event)) watcher.run.Take(event);
  watcher.status = watcher.stream->Finish();
}

std::vector<std::unique_ptr<Watcher>> Open(const Caller& caller, const std::string& run_id, int count) {
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < count; ++i) watchers.push_back(std::make_unique<Watcher>(caller, run_id));
  return watchers;
}

}  // namespace

void Watch(const Caller& caller, const WatchOptions& options) {
  const auto idlers = Open(caller, options.run_id, options.idlers);
  const auto readers = Open(caller, options.run_id, options.readers);
  std::cout << R"({"open":)" << idlers.size() + readers.size() << "}" << std::endl;
  std::vector<std::thread> threads;
  for (const auto& watcher : readers) threads.emplace_back([&watcher] { ReadToTheEnd(*watcher); });
  for (std::thread& thread : threads) thread.join();
  nlohmann::json accounts = nlohmann::json::array();
  for (const auto& watcher : readers) {
    ExitUnlessOk(watcher->status, "watch");
    accounts.push_back(watcher->run.Account());
  }
  for (const auto& watcher : idlers) watcher->context.TryCancel();
  std::cout << nlohmann::json{{"readers", accounts}} << std::endl;
}

}  // namespace satudata::bench
