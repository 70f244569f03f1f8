// File: pages.h
//
// Walks the pages of a list and prints its items: a table, or a JSON object per line.
#ifndef CLIENTS_CLI_PAGES_H_
#define CLIENTS_CLI_PAGES_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/exit_code.h"
#include "clients/cli/json_line.h"
#include "clients/cli/session.h"
#include "clients/cli/table.h"
#include "satudata/integration/pages.h"

namespace satudata::cli {

inline constexpr int64_t kLargestPage = 1000;  // What the server allows.

// Calls `fetch(request, &response)` for page after page and `take(response)` for each, until the last one or
// until `limit` items were asked for (0: all). Stops at the first error, which it returns.
template <typename Response, typename Request, typename Fetch, typename Take>
grpc::Status WalkPages(Request request, int64_t limit, const Fetch& fetch, const Take& take) {
  int64_t left = limit > 0 ? limit : std::numeric_limits<int64_t>::max();
  while (left > 0) {
    const int64_t page_size = std::min(left, kLargestPage);
    request.set_page_size(static_cast<int32_t>(page_size));
    Response response;
    const grpc::Status status = fetch(request, &response);
    if (!status.ok()) return status;
    take(response);
    const absl::StatusOr<bool> more = integration::TurnPage(response, &request);
    if (!more.ok()) return grpc::Status(grpc::StatusCode::INTERNAL, std::string(more.status().message()));
    if (!*more) break;
    left -= page_size;
  }
  return grpc::Status::OK;
}

// Prints items as they come. `session` must outlive it.
template <typename Item>
class ItemPrinter {
 public:
  using RowOf = std::function<std::vector<Cell>(const Item&)>;

  ItemPrinter(Session& session, std::vector<Column> columns, RowOf row_of)
      : session_(session), table_(std::move(columns), session.out_style()), row_of_(std::move(row_of)) {}

  template <typename Items>
  void Print(const Items& items) {
    for (const Item& item : items) {
      if (session_.json()) {
        session_.out() << JsonLine(item);
      } else {
        table_.Add(row_of_(item));
      }
    }
    session_.out() << table_.Take() << std::flush;
  }

 private:
  Session& session_;
  Table table_;
  const RowOf row_of_;
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_PAGES_H_
