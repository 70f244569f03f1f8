// File: dataset_name.h
//
// What a dataset is called at CKAN: its address there, and the only key by which it can be asked for without
// a search index that lags behind.
//
// It must be the same for ever, so it is made of the file's id alone. A title, which is what people put into
// such names, changes, and titles of different files make the same name; and CKAN never gives a name free
// again, not even when its dataset is deleted. The title is shown on the dataset's page all the same.
#ifndef SERVER_TARGETS_CKAN_DATASET_NAME_H_
#define SERVER_TARGETS_CKAN_DATASET_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace satudata::targets::ckan {

// Two to a hundred letters, digits, dashes and underscores, in lower case. An id of lower-case letters and
// digits (the portal's are) follows the prefix as it is; of any other id what is fit for a name, then a part
// of its hash. Different ids have different names. `prefix` is one that IsNamePrefix takes. Pure.
std::string DatasetName(absl::string_view prefix, absl::string_view file_id);

// At most 20 of those characters; may be empty.
bool IsNamePrefix(absl::string_view text);

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_DATASET_NAME_H_
