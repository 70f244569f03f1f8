// File: client_fixture.h
//
// A client of a server in this process, each method of which is answered by what the test puts in; pauses
// pass at once, by a clock of the test's own.
#ifndef TESTS_UNIT_CLIENTS_CPP_CLIENT_FIXTURE_H_
#define TESTS_UNIT_CLIENTS_CPP_CLIENT_FIXTURE_H_

#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "clients/cpp/channel.h"
#include "clients/cpp/client_core.h"
#include "gtest/gtest.h"
#include "satudata/integration/client.h"
#include "tests/fakes/fake_clock.h"
#include "tests/unit/clients/cli/fake_server.h"

namespace satudata::integration {

class ClientTest : public testing::Test {
 protected:
  explicit ClientTest(ClientOptions options = {}) { Use(std::move(options)); }

  void Use(ClientOptions options) {
    options.address = server_.address();
    auto channel = MakeChannel(options.address, std::nullopt);
    client_ = std::make_unique<Client>(
        std::make_unique<ClientCore>(std::move(options), channel,
                                     Surroundings{.clock = &clock_,
                                                  .uniform = [] { return 1.0; },
                                                  .wait =
                                                      [this](auto duration, const auto& stop) {
                                                        waits_.push_back(duration);
                                                        clock_.Advance(duration);
                                                        return !stop.stop_requested();
                                                      }}));
  }

  // Outlive the server, whose methods wait for them.
  absl::Notification begun_;
  absl::Notification ended_;
  cli::FakeServer server_;
  fakes::FakeClock clock_;
  std::vector<absl::Duration> waits_;
  std::unique_ptr<Client> client_;
};

inline grpc::Status Unavailable() { return {grpc::StatusCode::UNAVAILABLE, "gone"}; }

}  // namespace satudata::integration

#endif  // TESTS_UNIT_CLIENTS_CPP_CLIENT_FIXTURE_H_
