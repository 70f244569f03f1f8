#include "server/store/numbering.h"

#include <initializer_list>
#include <string>
#include <tuple>

#include "server/base/random.h"

namespace satudata::store {

namespace {

void StartAfter(Connection& connection, std::initializer_list<const char*> queries) {
  for (const char* newest : queries) {
    base::StartTimeOrderedUuidsAfter(connection.SelectOne<std::string>(newest, std::tuple<>()).value_or(""));
  }
}

}  // namespace

void GoOnAfterOthers(Connection& connection) {
  StartAfter(connection, {"SELECT coalesce(max(run_id), '') FROM run",
                          "SELECT coalesce(max(delivery_id), '') FROM delivery"});
}

void GoOnNumbering(Connection& connection) {
  GoOnAfterOthers(connection);
  StartAfter(connection,
             {"SELECT coalesce(max(a.attempt_id), '') FROM delivery d "
              "CROSS JOIN attempt a ON a.delivery_id = d.delivery_id WHERE d.unsettled = 1",
              "SELECT coalesce(max(s.attempt_id), '') FROM delivery d "
              "CROSS JOIN shared_attempt s ON s.delivery_id = d.delivery_id WHERE d.unsettled = 1"});
}

}  // namespace satudata::store
