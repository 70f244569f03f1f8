// File: delivery_list.h
//
// Deliveries by filter, inside the caller's snapshot. Internal to store/; throws what SOCI throws.
#ifndef SERVER_STORE_DELIVERY_LIST_H_
#define SERVER_STORE_DELIVERY_LIST_H_

#include <vector>

#include "server/store/connection.h"
#include "server/sync/store.h"

namespace satudata::store {

// By id.
std::vector<sync::Delivery> SelectDeliveries(Connection& connection, const sync::DeliveryFilter& filter,
                                             const sync::Page& page);

}  // namespace satudata::store

#endif  // SERVER_STORE_DELIVERY_LIST_H_
