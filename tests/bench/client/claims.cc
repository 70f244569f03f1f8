#include <iostream>
#include <memory>

#include "nlohmann/json.hpp"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "tests/bench/client/commands.h"

namespace satudata::bench {
namespace {

namespace v1 = ::satudata::integration::v1;
using nlohmann::json;

constexpr int kPageSize = 1000;

class ClaimPrinter {
 public:
  ClaimPrinter(const Caller& caller, bool with_records)
      : caller_(caller),
        with_records_(with_records),
        stub_(v1::IntegrationService::NewStub(Connect(caller.server))) {}

  void PrintAll(const std::string& run_id) {
    v1::ListDeliveriesRequest request;
    request.set_run_id(run_id);
    request.set_page_size(kPageSize);
    do {
      grpc::ClientContext context;
      Authorize(caller_, context);
      v1::ListDeliveriesResponse page;
      ExitUnlessOk(stub_->ListDeliveries(&context, request, &page), "list deliveries");
      for (const v1::Delivery& delivery : page.deliveries()) Print(delivery);
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
  }

 private:
  void Print(const v1::Delivery& delivery) {
    json line = {{"file", delivery.file_id()},
                 {"target", delivery.target()},
                 {"state", v1::Delivery::State_Name(delivery.state())},
                 {"reason", delivery.failure().reason()},
                 {"attempts", delivery.attempt_count()}};
    if (with_records_) line["records"] = RecordsOf(delivery.delivery_id());
    std::cout << line << "\n";
  }

  json RecordsOf(const std::string& delivery_id) {
    grpc::ClientContext context;
    Authorize(caller_, context);
    v1::GetDeliveryRequest request;
    request.set_delivery_id(delivery_id);
    v1::GetDeliveryResponse detail;
    ExitUnlessOk(stub_->GetDelivery(&context, request, &detail), "get delivery");
    json records = json::array();
    for (const v1::Record& record : detail.records()) {
      records.push_back({{"key", record.key()},
                         {"value", record.value()},
                         {"state", v1::Delivery::State_Name(record.state())}});
    }
    return records;
  }

  const Caller& caller_;
  const bool with_records_;
  std::unique_ptr<v1::IntegrationService::Stub> stub_;
};

json RunLine(const v1::Run& run) {
  return {{"run_id", run.run_id()}, {"state", v1::Run::State_Name(run.state())}, {"open", run.open_count()}};
}

}  // namespace

void Runs(const Caller& caller) {
  const auto stub = v1::IntegrationService::NewStub(Connect(caller.server));
  v1::ListRunsRequest request;
  request.set_page_size(kPageSize);
  do {
    grpc::ClientContext context;
    Authorize(caller, context);
    v1::ListRunsResponse page;
    ExitUnlessOk(stub->ListRuns(&context, request, &page), "list runs");
    for (const v1::Run& run : page.runs()) std::cout << RunLine(run) << "\n";
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::cout << std::flush;
}

void Claims(const Caller& caller, const std::string& run_id, bool with_records) {
  ClaimPrinter(caller, with_records).PrintAll(run_id);
  std::cout << std::flush;
}

}  // namespace satudata::bench
