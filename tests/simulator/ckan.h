// File: ckan.h
//
// SPLP's CKAN (2.9): the action API as far as datasets and their files go. Deletion is soft, and a name stays
// taken. Thread-safe.
#ifndef TESTS_SIMULATOR_CKAN_H_
#define TESTS_SIMULATOR_CKAN_H_

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "server/base/mutex.h"
#include "tests/simulator/exchange.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/services.h"

namespace satudata::simulator {

class Ckan {
 public:
  // `services` must outlive it, with all it refers to.
  explicit Ckan(const Services& services) : services_(services) {}

  // For CKAN's operations.
  Reply Answer(Exchange& exchange);
  // Forgets every address.
  void Reset();

 private:
  // An address of a package: its name or its id.
  std::optional<std::string> TruthIdAt(absl::string_view address);
  void Remember(const std::string& address, const std::string& truth_id);

  Reply Show(Exchange& exchange);
  Reply Organizations(Exchange& exchange);
  Reply Create(Exchange& exchange);
  Reply Patch(Exchange& exchange);
  Reply Delete(Exchange& exchange);
  Reply StoreResource(Exchange& exchange);
  Reply Read(Exchange& exchange, absl::string_view key, const Reply& right, const Fate& fate);
  // Performs the write as its fate is; `right` is the answer when it was applied, `refused` when it could
  // not.
  Reply Perform(Exchange& exchange, const Write& write, const Reply& right, const Reply& refused);

  const Services& services_;
  base::Mutex mu_;
  std::map<std::string, std::string, std::less<>> addresses_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_CKAN_H_
