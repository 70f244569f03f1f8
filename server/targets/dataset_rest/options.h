// File: options.h
//
// Everything about a dataset-rest API that nobody outside the ministry has shown.
#ifndef SERVER_TARGETS_DATASET_REST_OPTIONS_H_
#define SERVER_TARGETS_DATASET_REST_OPTIONS_H_

#include <string>
#include <vector>

#include "server/sync/target.h"
#include "server/targets/dataset_rest/codec.h"
#include "server/targets/gateway.h"

namespace satudata::targets::dataset_rest {

// splp, dataset-rest, confirmed by the response; one dataset a request; 30 s, settle time 5 s.
sync::TargetTraits DefaultTraits();

struct Options {
  sync::TargetTraits traits = DefaultTraits();
  GatewayOptions gateway;

  std::string collection_path = "/datasets";  // Default: /datasets; one is at `<collection_path>/<id>`.
  // Default: `_check`. An id that no dataset has: asking for it shows that address and credentials are in
  // order.
  std::string check_id = "_check";

  FieldNames field_names;  // Default: as in the contract. What the target calls our fields.

  std::vector<int> success_codes = {200, 201};  // Default: 200 and 201.
  std::string status_pointer = "/status";  // Default: /status. Where an answer says what became of it ...
  std::string success_status = "success";  // ... and what it says when all is well,
  std::string error_status = "error";      // or not.
  std::string id_pointer =
      "/data/dataset_id";       // Default: /data/dataset_id. Our id there is the confirmation.
  std::string dataset_pointer;  // Default: empty. Where a read answer holds the dataset.
  std::vector<int> refusal_codes = {400, 422};  // Default: 400 and 422.
};

}  // namespace satudata::targets::dataset_rest

#endif  // SERVER_TARGETS_DATASET_REST_OPTIONS_H_
