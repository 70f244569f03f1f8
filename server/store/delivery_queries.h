// File: delivery_queries.h
//
// Reads of deliveries and records, inside the caller's snapshot. Internal to store/; throws what SOCI throws.
#ifndef SERVER_STORE_DELIVERY_QUERIES_H_
#define SERVER_STORE_DELIVERY_QUERIES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/store/connection.h"
#include "server/sync/store.h"

namespace satudata::store {

absl::StatusOr<sync::DeliveryDetail> SelectDelivery(Connection& connection, absl::string_view delivery_id);
std::vector<sync::DeliveryDetail> SelectUnsettled(Connection& connection, const sync::Chunk& chunk);
absl::flat_hash_map<std::string, sync::OpenRecord> SelectOpenRecords(Connection& connection,
                                                                     absl::string_view target,
                                                                     absl::Span<const std::string> keys);
absl::flat_hash_map<std::string, sync::Baseline> SelectBaselines(Connection& connection,
                                                                 absl::string_view target,
                                                                 absl::Span<const std::string> keys);
// See Store::KeysInUse.
absl::flat_hash_map<std::string, sync::KeyUse> SelectKeysInUse(Connection& connection,
                                                               absl::string_view target,
                                                               absl::Span<const std::string> keys,
                                                               absl::Span<const std::string> delivery_ids);
// See Store::NewerDeliveries.
absl::flat_hash_map<std::string, std::string> SelectNewerDeliveries(
    Connection& connection, absl::Span<const std::string> delivery_ids);
std::vector<sync::Baseline> SelectBaselinesUnder(Connection& connection, absl::string_view target,
                                                 absl::Span<const std::string> prefixes);
absl::flat_hash_map<std::string, sync::Refusal> SelectRefusals(Connection& connection,
                                                               absl::string_view target,
                                                               absl::Span<const std::string> keys);

}  // namespace satudata::store

#endif  // SERVER_STORE_DELIVERY_QUERIES_H_
