// File: summary.h
//
// The account of a run at its end. Pure.
#ifndef CLIENTS_CLI_SUMMARY_H_
#define CLIENTS_CLI_SUMMARY_H_

#include <string>

#include "clients/cli/run_view.h"
#include "clients/cli/style.h"

namespace satudata::cli {

// Counts per target; what was refused, grouped by reason, with cause, cure and whose turn it is; what was
// left out; what is still open. Text of the server is made harmless.
std::string RenderSummary(const RunView& view, const Style& style);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_SUMMARY_H_
