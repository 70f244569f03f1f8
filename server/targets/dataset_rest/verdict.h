// File: verdict.h
//
// What the answers of a dataset-rest API mean. Pure functions of (status, headers, body) and what was asked.
#ifndef SERVER_TARGETS_DATASET_REST_VERDICT_H_
#define SERVER_TARGETS_DATASET_REST_VERDICT_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/http/http_client.h"
#include "server/sync/target.h"
#include "server/sync/verdict.h"
#include "server/targets/dataset_rest/options.h"

namespace satudata::targets::dataset_rest {

// On a POST or PUT: confirmed only by a success code, the success status and our own id in its place; refused
// only by a refusal code with the error status. The content type does not matter: a body is what it parses
// as.
sync::Verdict JudgeWrite(const Options& options, absl::string_view dataset_id, const http::Answer& answer,
                         absl::Time received_at);

// The POST was not carried out, because a dataset of this id is there already.
bool SaysAlreadyThere(const http::Answer& answer);

// On a GET: kJudged when the answer shows the dataset, which then is in `held`, or that there is none.
sync::Verdict JudgeRead(const Options& options, absl::string_view dataset_id, const http::Answer& answer,
                        absl::Time received_at, std::optional<sync::ObservedValue>& held);

}  // namespace satudata::targets::dataset_rest

#endif  // SERVER_TARGETS_DATASET_REST_VERDICT_H_
