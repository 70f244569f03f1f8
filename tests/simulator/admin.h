// File: admin.h
//
// The simulator's own API under /admin: what is true, what was counted, and the switches. JSON both ways.
// Thread-safe. README.md lists the endpoints.
#ifndef TESTS_SIMULATOR_ADMIN_H_
#define TESTS_SIMULATOR_ADMIN_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "httplib.h"
#include "nlohmann/json_fwd.hpp"
#include "tests/simulator/reply.h"
#include "tests/simulator/services.h"

namespace satudata::simulator {

class Admin {
 public:
  // `services` must outlive it. `reset` puts everything back to how it was at start.
  Admin(const Services& services, std::function<void()> reset)
      : services_(services), reset_(std::move(reset)) {}

  // For every path under /admin.
  Reply Answer(const httplib::Request& request) const;

 private:
  Reply Get(absl::string_view resource, const httplib::Request& request) const;
  Reply Post(absl::string_view resource, const httplib::Request& request) const;
  Reply Stats() const;
  Reply Quirks() const;
  Reply Catalogue() const;
  Reply Requests(const httplib::Request& request) const;
  absl::Status SetQuirks(const nlohmann::json& body) const;
  absl::Status SetOutage(const nlohmann::json& body) const;
  absl::Status SetQuota(const nlohmann::json& body) const;
  absl::Status SetPoison(const nlohmann::json& body) const;
  absl::Status SetValues(const std::string& body) const;

  const Services& services_;
  const std::function<void()> reset_;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_ADMIN_H_
