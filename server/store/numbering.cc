#include "server/store/numbering.h"

#include <string>
#include <tuple>

#include "server/base/random.h"

namespace satudata::store {

void GoOnNumbering(Connection& connection) {
  for (const char* newest :
       {"SELECT coalesce(max(run_id), '') FROM run", "SELECT coalesce(max(delivery_id), '') FROM delivery",
        "SELECT coalesce(max(a.attempt_id), '') FROM delivery d "
        "CROSS JOIN attempt a ON a.delivery_id = d.delivery_id WHERE d.unsettled = 1",
        "SELECT coalesce(max(s.attempt_id), '') FROM delivery d "
        "CROSS JOIN shared_attempt s ON s.delivery_id = d.delivery_id WHERE d.unsettled = 1"}) {
    base::StartTimeOrderedUuidsAfter(connection.SelectOne<std::string>(newest, std::tuple<>()).value_or(""));
  }
}

}  // namespace satudata::store
