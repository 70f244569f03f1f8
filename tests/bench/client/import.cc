#include <iostream>
#include <memory>

#include "nlohmann/json.hpp"
#include "satudata/integration/v1/catalog_service.grpc.pb.h"
#include "tests/bench/client/catalogue.h"
#include "tests/bench/client/commands.h"

namespace satudata::bench {
namespace {

namespace v1 = ::satudata::integration::v1;

constexpr size_t kChunkBytes = 256 << 10;

}  // namespace

void Import(const Caller& caller, const ImportOptions& options) {
  const auto stub = v1::CatalogService::NewStub(Connect(caller.server));
  grpc::ClientContext context;
  Authorize(caller, context);
  v1::ImportFilesResponse response;
  const auto writer = stub->ImportFiles(&context, &response);
  v1::ImportFilesRequest request;
  bool open = true;
  const int64_t end = options.first + options.files;
  for (int64_t i = options.first; i < end && open; ++i) {
    request.mutable_chunk()->append(ExportLine(i, options.values));
    if (request.chunk().size() < kChunkBytes && i + 1 < end) continue;
    open = writer->Write(request);
    request.clear_chunk();
  }
  writer->WritesDone();
  ExitUnlessOk(writer->Finish(), "import");
  std::cout << nlohmann::json{{"created", response.created_count()}, {"refused", response.refused_count()}}
            << std::endl;
}

}  // namespace satudata::bench
