// File: pages.h
//
// Walks the pages of a list:
//
//   for (v1::ListRunsRequest request;;) {
//     const auto page = client->ListRuns(request);
//     …
//     const absl::StatusOr<bool> more = TurnPage(*page, &request);
//     if (!more.ok() || !*more) break;
//   }
#ifndef CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_PAGES_H_
#define CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_PAGES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace satudata::integration {

// Makes `*request` ask for the page after `response`, which answered it; false: that was the last. INTERNAL
// for a server that gives the same page again and again.
template <typename Response, typename Request>
absl::StatusOr<bool> TurnPage(const Response& response, Request* request) {
  if (response.next_page_token().empty()) return false;
  if (response.next_page_token() == request->page_token()) {
    return absl::InternalError("the server gives the same page again and again");
  }
  request->set_page_token(response.next_page_token());
  return true;
}

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_PAGES_H_
