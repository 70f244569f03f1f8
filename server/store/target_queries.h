// File: target_queries.h
//
// Reads and writes of what is known of the targets, inside the caller's transaction. Internal to store/;
// throws what SOCI throws.
#ifndef SERVER_STORE_TARGET_QUERIES_H_
#define SERVER_STORE_TARGET_QUERIES_H_

#include <vector>

#include "server/store/connection.h"
#include "server/sync/store.h"

namespace satudata::store {

// See Store::PutTargetMemory and TargetMemories.
// `its_now` by the clock that is the same for all who read it.
void UpsertTargetMemory(Connection& connection, const sync::TargetMemory& memory, absl::Time its_now);
std::vector<sync::TargetMemory> SelectTargetMemories(Connection& connection, absl::Time its_now);

}  // namespace satudata::store

#endif  // SERVER_STORE_TARGET_QUERIES_H_
