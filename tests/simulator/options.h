// File: options.h
//
// Everything the simulator can be told at start. Plain values: fill, then hand to Simulator::Start.
#ifndef TESTS_SIMULATOR_OPTIONS_H_
#define TESTS_SIMULATOR_OPTIONS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/simulator/quirks.h"
#include "tests/simulator/state.h"

namespace satudata::simulator {

// What becomes of a request that finds every slot taken.
enum class SlotPolicy { kQueue, kRefuse };

// What a quota's 429 says about when to come back.
enum class QuotaHint { kNone, kSeconds, kDate, kNextAccess };

struct SystemOptions {
  std::string key;  // Default: empty, any caller is let in.
  std::string header = "Authorization";
  std::string prefix = "Bearer ";  // Kept as given, blank included. Default: "Bearer ".
  std::string second_header;       // Default: empty, no second credential is asked for.
  std::string second_value;
  absl::Duration latency;        // Time a request takes inside its slot. Default: none.
  int slots = 0;                 // Requests worked on at a time. Default: 0, no limit.
  double quota = 0;              // Requests a second, token bucket. Default: 0, no limit.
  double quota_burst = 0;        // Its size. Default: 0, a quarter second's worth, at least 1.
  int64_t quota_per_minute = 0;  // Requests per fixed minute. Default: 0, no limit.
};

struct Options {
  std::string listen = "127.0.0.1:0";  // Numeric host and port; port 0 takes any free one.
  uint64_t seed = 1;
  State state;  // What is there before anybody comes. Default: nothing.

  double quirk_rate = 0;            // Spread over all quirks of each operation. Default: 0.
  std::vector<NamedRate> quirks;    // On top of quirk_rate, by name.
  std::vector<std::string> poison;  // Record keys that the firewall refuses any request over.

  SystemOptions splp;
  SystemOptions sipd;
  SlotPolicy slot_policy = SlotPolicy::kQueue;
  QuotaHint quota_hint = QuotaHint::kNone;

  std::string oauth_client_id;  // Default: empty, no token endpoint.
  std::string oauth_client_secret;
  absl::Duration token_lifetime = absl::Hours(1);

  absl::Duration hold = absl::Seconds(10);                 // How long hung answers are held.
  absl::Duration drip_interval = absl::Milliseconds(200);  // Between two bytes of a dripping body.
  absl::Duration late_min = absl::Milliseconds(500);       // A late apply comes this much later at least …
  absl::Duration late_max = absl::Seconds(2);              // … and this much at most.
  absl::Duration slow = absl::Seconds(2);                  // The delay of the quirk "slow".
  absl::Duration throttle_wait = absl::Seconds(2);         // How far ahead the hints of 429 point.
  absl::Duration tenant_idle;                              // SPLP falls asleep after it. Default: 0, never.

  std::string ckan_organization = "walidata";  // The one that may own datasets at CKAN.
  int64_t ckan_max_upload = 50LL << 20;        // Files beyond it are refused there.

  bool conflict_on_existing = false;  // POST of a dataset that exists is 409 instead of an update.
  char log_key_separator = '.';       // Joins the parts of a row key in push_dssd's log.
  int history = 64;                   // Applies and answers kept per record; counts stay exact.
  int request_log = 200;              // Requests kept for /admin/requests; 0 keeps none.
  int connections = 1024;             // Connections served at a time; more wait to be accepted.
};

// InvalidArgument: numbers below zero, a late range the wrong way round, half a credential.
absl::Status Validate(const Options& options);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_OPTIONS_H_
