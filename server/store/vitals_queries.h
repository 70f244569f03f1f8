// File: vitals_queries.h
//
// What waits, what was confirmed last and how far runs have come, out of indexes alone. Internal to store/;
// throws what SOCI throws.
#ifndef SERVER_STORE_VITALS_QUERIES_H_
#define SERVER_STORE_VITALS_QUERIES_H_

#include <string>
#include <vector>

#include "server/store/connection.h"
#include "server/sync/vitals.h"

namespace satudata::store {

sync::StoredVitals SelectVitals(Connection& connection, const std::vector<std::string>& targets);

}  // namespace satudata::store

#endif  // SERVER_STORE_VITALS_QUERIES_H_
