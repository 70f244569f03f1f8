// File: grant.h
//
// How several servers are one guest to a target: each holds a grant of a part of the target's slots and rate,
// for a few seconds, and sends nothing without one. The grants are exchanged in the store, one server at a
// time; what one gives up another may have from the next exchange on, so that all together never have more
// than there is. Pure.
#ifndef SERVER_SYNC_LIMITS_GRANT_H_
#define SERVER_SYNC_LIMITS_GRANT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::sync {

struct GrantRequest {
  std::string target;
  bool is_wanted = false;  // There is something to send or to read; else it is given back.
  int in_flight = 0;       // Requests of this server that are under way.
  int held_slots = 0;      // What it may use until it hears the answer.
  double held_rate = 0;
  int most_slots = 0;           // More it could not use.
  int slot_limit = 0;           // Of the target, for all servers.
  double rate_limit = 0;        // Requests per second, for all servers; 0: none is configured.
  absl::Duration grant_time;    // How long the grant is good for ...
  absl::Duration request_time;  // ... and how long a request may outlast it at the target.
};

struct Grant {
  std::string target;
  int slots = 0;
  double rate = 0;        // Requests per second, where there is a limit.
  bool is_alone = true;   // No other server has anything of the target.
  bool controls = false;  // Of all servers it is this one that probes the target while it is stopped.
};

// What another server has.
struct HeldGrant {
  std::string holder;
  int most_slots = 0;
  int slots = 0;  // Until its requests are surely over.
  double rate = 0;
  bool is_live = false;  // Its grant is still good; otherwise only its slots count.
};

// The part of `holder`. All that want something have the same, as far as they can use it; where slots do not
// come out even, or are fewer than servers, `turn`, which rises with time, says who has one more. Without
// `controls`.
Grant ShareOf(const GrantRequest& request, absl::string_view holder, const std::vector<HeldGrant>& others,
              int64_t turn);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LIMITS_GRANT_H_
