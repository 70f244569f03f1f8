// File: delivery_detail.h
//
// One delivery in full: its records with what sending changes, the requests that carried it, the bodies of a
// preview.
#ifndef CLIENTS_CLI_DELIVERY_DETAIL_H_
#define CLIENTS_CLI_DELIVERY_DETAIL_H_

#include <string>

#include "clients/cli/exit_code.h"
#include "clients/cli/session.h"
#include "clients/cli/style.h"

namespace satudata::cli {

// Pure. Text of the server is made harmless.
std::string RenderDelivery(const v1::GetDeliveryResponse& response, const Style& style);

// Prints what the deliveries of a preview would change, as JSON one GetDeliveryResponse a line; `exit_code`
// if that can be fetched.
ExitCode PrintPlannedChanges(Session& session, const std::string& run_id, ExitCode exit_code);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_DELIVERY_DETAIL_H_
