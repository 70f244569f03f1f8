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
void UpsertTargetMemory(Connection& connection, const sync::TargetMemory& memory);
std::vector<sync::TargetMemory> SelectTargetMemories(Connection& connection);

}  // namespace satudata::store

#endif  // SERVER_STORE_TARGET_QUERIES_H_
