// Syncs one file and shows what becomes of it; against a demo that was left running:
//
//   ./deploy/demo.sh --keep
//   satudata_client_example 127.0.0.1:50051 TOKEN_FILE FILE_ID
#include <iostream>
#include <string>

#include "satudata/integration/client.h"

namespace integration = satudata::integration;
namespace v1 = satudata::integration::v1;

namespace {

int Complain(const absl::Status& status) {
  std::cerr << status.message() << " [" << integration::DetailsOf(status).reason << "]\n";
  return 1;
}

void Show(const v1::Delivery& delivery) {
  std::cout << delivery.file_name() << " -> " << delivery.target() << ": "
            << v1::Delivery::State_Name(delivery.state());
  if (delivery.has_failure()) std::cout << " (" << delivery.failure().message() << ")";
  std::cout << "\n";
}

int Sync(integration::Client& client, const std::string& file_id) {
  v1::SyncFileRequest request;
  request.set_file_id(file_id);
  const auto run = client.SyncFile(request);
  for (v1::RunEvent event; run->Next(&event);) {
    if (event.has_delivery()) Show(event.delivery());
  }
  const absl::StatusOr<v1::Run> ended = run->Result();
  if (!ended.ok()) return Complain(ended.status());
  std::cout << "run " << ended->run_id() << ": " << v1::Run::State_Name(ended->state()) << "\n";
  return ended->state() == v1::Run::STATE_SUCCEEDED ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: satudata_client_example ADDRESS TOKEN_FILE FILE_ID\n";
    return 2;
  }
  const auto client = integration::Connect({.address = argv[1],
                                            .token = integration::TokenFromFile(argv[2]),
                                            .language = integration::Language::kEnglish});
  if (!client.ok()) return Complain(client.status());
  return Sync(**client, argv[3]);
}
