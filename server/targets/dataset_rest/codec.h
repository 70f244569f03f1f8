// File: codec.h
//
// A dataset's metadata: from the catalogue to a request body, and from a target's answer back to something
// that compares with it. Pure.
#ifndef SERVER_TARGETS_DATASET_REST_CODEC_H_
#define SERVER_TARGETS_DATASET_REST_CODEC_H_

#include <functional>
#include <map>
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

// What a target calls the fields of a dataset, by the contract's name for them; those left out keep that
// name.
using FieldNames = std::map<std::string, std::string, std::less<>>;

// The contract's names, in the order in which they are written.
std::vector<std::string> ContractFieldNames();

// Key and scope are the file id, the payload is the request's body, and the hash leaves its timestamps out.
// The hash is over the contract's names: another name for a field is no change of the record.
sync::OutboundRecord EncodeDataset(const catalog::CatalogFile& file, const FieldNames& names = {});

// The hash that EncodeDataset would give for a dataset as the target returns it; nullopt if `dataset` is not
// the object of `dataset_id`. Members beyond ours do not count.
std::optional<std::string> HashDataset(const nlohmann::json& dataset, absl::string_view dataset_id,
                                       const FieldNames& names = {});

}  // namespace satudata::targets::dataset_rest

#endif  // SERVER_TARGETS_DATASET_REST_CODEC_H_
