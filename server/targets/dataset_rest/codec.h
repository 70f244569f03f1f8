// File: codec.h
//
// A dataset's metadata: from the catalogue to a request body, and from a target's answer back to something
// that compares with it. Pure.
#ifndef SERVER_TARGETS_DATASET_REST_CODEC_H_
#define SERVER_TARGETS_DATASET_REST_CODEC_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "server/catalog/catalog_file.h"
#include "server/catalog/failure.h"
#include "server/sync/target.h"

namespace satudata::targets::dataset_rest {

// kMetadataMissing with a violation per empty field that the target requires, named as in the portal's record
// (`metaData.produsen`); kNone if all are there.
catalog::Failure FindMissingMetadata(const catalog::CatalogFile& file);

// Key and scope are the file id, the payload is the request's body, and the hash leaves its timestamps out.
sync::OutboundRecord EncodeDataset(const catalog::CatalogFile& file);

// The hash that EncodeDataset would give for a dataset as the target returns it; nullopt if `dataset` is not
// the object of `dataset_id`. Members beyond ours do not count.
std::optional<std::string> HashDataset(const nlohmann::json& dataset, absl::string_view dataset_id);

}  // namespace satudata::targets::dataset_rest

#endif  // SERVER_TARGETS_DATASET_REST_CODEC_H_
