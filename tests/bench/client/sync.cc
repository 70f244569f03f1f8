#include <iostream>
#include <memory>

#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "tests/bench/client/catalogue.h"
#include "tests/bench/client/commands.h"
#include "tests/bench/client/run_reader.h"

namespace satudata::bench {
namespace {

namespace v1 = ::satudata::integration::v1;
using Stub = v1::IntegrationService::Stub;
using EventReader = std::unique_ptr<grpc::ClientReader<v1::RunEvent>>;

EventReader Start(Stub& stub, const SyncOptions& options, grpc::ClientContext& context) {
  v1::SyncAllRequest request;
  if (!options.target.empty()) request.add_targets(options.target);
  for (int64_t i = 0; i < options.count; ++i) request.add_file_ids(FileId(options.first + i));
  return stub.SyncAll(&context, request);
}

}  // namespace

void Sync(const Caller& caller, const SyncOptions& options) {
  const auto stub = v1::IntegrationService::NewStub(Connect(caller.server));
  grpc::ClientContext context;
  Authorize(caller, context);
  RunReader run;
  const EventReader stream = Start(*stub, options, context);
  v1::RunEvent event;
  while (stream->Read(&event)) {
    run.Take(event);
    if (options.detach) context.TryCancel();
  }
  const grpc::Status status = stream->Finish();
  if (!options.detach || run.run_id().empty()) ExitUnlessOk(status, "sync");
  std::cout << run.Account() << std::endl;
}

}  // namespace satudata::bench
