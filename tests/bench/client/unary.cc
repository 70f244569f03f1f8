#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <vector>

#include "nlohmann/json.hpp"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "tests/bench/client/commands.h"

namespace satudata::bench {
namespace {

namespace v1 = ::satudata::integration::v1;
using Clock = std::chrono::steady_clock;

// One server asked over and over; keeps how long each call took.
class Asker {
 public:
  Asker(Caller caller, const std::string& file_id)
      : caller_(std::move(caller)), stub_(v1::IntegrationService::NewStub(Connect(caller_.server))) {
    request_.set_file_id(file_id);
  }

  void Ask() {
    grpc::ClientContext context;
    Authorize(caller_, context);
    v1::GetFileStatusResponse response;
    const Clock::time_point start = Clock::now();
    const grpc::Status status = stub_->GetFileStatus(&context, request_, &response);
    micros_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    ExitUnlessOk(status, "get file status");
  }
  void Forget() { micros_.clear(); }

  double Quantile(double share) {
    const size_t place = std::min(micros_.size() - 1, static_cast<size_t>(share * micros_.size()));
    std::nth_element(micros_.begin(), micros_.begin() + place, micros_.end());
    return micros_[place];
  }

 private:
  const Caller caller_;
  const std::unique_ptr<v1::IntegrationService::Stub> stub_;
  v1::GetFileStatusRequest request_;
  std::vector<double> micros_;
};

}  // namespace

void Unary(const Caller& caller, const UnaryOptions& options) {
  constexpr int kWarmUp = 200;
  Asker subject(caller, options.file_id);
  Asker peer({.server = options.peer, .token = caller.token}, options.file_id);
  for (int i = 0; i < options.calls + kWarmUp; ++i) {
    if (i == kWarmUp) {
      subject.Forget();
      peer.Forget();
    }
    subject.Ask();
    peer.Ask();
  }
  std::cout << nlohmann::json{{"p50", subject.Quantile(0.5)},
                              {"p99", subject.Quantile(0.99)},
                              {"peer_p50", peer.Quantile(0.5)},
                              {"peer_p99", peer.Quantile(0.99)}}
            << std::endl;
}

}  // namespace satudata::bench
