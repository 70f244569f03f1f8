// File: standings.h
//
// By what deliveries, and the files that stand by them, are found out of an index: the state and the reason
// of its failure. Both are kept where few come to rest and many look; in the states that every delivery
// passes through they would cost with each step more than they give. Pure. Internal to store/.
#ifndef SERVER_STORE_STANDINGS_H_
#define SERVER_STORE_STANDINGS_H_

#include <string>
#include <vector>

#include "server/sync/run.h"
#include "server/sync/state.h"

namespace satudata::store {

// SKIPPED, REJECTED, PARTIAL, UNKNOWN, DEFERRED, PARKED, CANCELLED.
bool IsIndexed(sync::State state);
// Their names; and in quotes, for SQL: `'SKIPPED', 'REJECTED', …`.
const std::vector<std::string>& IndexedStates();
const std::string& IndexedStatesSql();

// What is kept of a delivery: both are empty where it is not to be found so.
struct Standing {
  std::string state;
  std::string reason;
};
Standing StandingOf(const sync::Delivery& delivery);

}  // namespace satudata::store

#endif  // SERVER_STORE_STANDINGS_H_
