// File: codec.h
//
// A dataset as CKAN has it, a package with one resource: from the catalogue to request bodies, and from
// package_show back to something that compares with it. Pure.
//
// A package and its file are written by two requests, and anything may happen between them. The package
// therefore says in an extra which content belongs to it; as long as its resource is another one, or none, it
// is not whole, and holds nothing as far as a read-back is concerned.
#ifndef SERVER_TARGETS_CKAN_CODEC_H_
#define SERVER_TARGETS_CKAN_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "server/catalog/catalog_file.h"
#include "server/sync/target.h"

namespace satudata::targets::ckan {

struct Content {
  std::string file_name;
  std::string sha256;
  int64_t size_bytes = 0;
  std::string path = {};  // Where it lies under the content directory: no part of what it is.
  friend bool operator==(const Content& a, const Content& b) {
    return a.file_name == b.file_name && a.sha256 == b.sha256 && a.size_bytes == b.size_bytes;
  }
};

struct Metadata {
  std::string file_id;
  std::string title;
  std::string notes;
  bool is_private = false;
  std::string theme;
  std::string producer;
  std::string coverage;
  std::string frequency;
  std::string dimension;
  friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct Dataset {
  Metadata metadata;
  Content content;
};

Dataset DatasetOf(const catalog::CatalogFile& file);

// Key and scope are the file id; the payload is the dataset, the hash is over it.
sync::OutboundRecord EncodeRecord(const Dataset& dataset);
// nullopt for what EncodeRecord did not write.
std::optional<Dataset> DecodePayload(absl::string_view payload);

// A package as package_show gives it.
struct HeldPackage {
  std::string id;
  bool is_active = false;           // Not deleted, which here only hides it.
  std::vector<std::string> owners;  // The organisation's id and name.
  Metadata metadata;                // With the file id that is in its extras; empty: it is not of our making.
  std::string wanted_content;       // The mark of the content that belongs to it; empty without one.
  std::string resource_id;          // Of our resource; empty without one.
  bool has_resources = false;       // Anybody's.
  std::optional<Content> content;   // Of our resource, if it is whole.
  nlohmann::json foreign_extras;    // What others have added.

  // Active, with the content that belongs to it.
  bool IsWhole() const;
  // Everything about `dataset` but its content is as it should be, the mark of that included.
  bool HasMetadata(const Dataset& dataset) const;
  bool HasContent(const Content& wanted) const { return content.has_value() && *content == wanted; }
  // Comparable with OutboundRecord::hash. Only of a package that is whole.
  std::string Hash() const;
};

// nullopt if `result` is not the package `name`.
std::optional<HeldPackage> ReadPackage(const nlohmann::json& result, absl::string_view name);

// Bodies of package_create and package_patch. The latter also revives a deleted package, and leaves extras
// that are not ours as they are.
std::string CreateBody(const Dataset& dataset, absl::string_view name, absl::string_view owner_org);
std::string PatchBody(const Dataset& dataset, const HeldPackage& held);
// Body of package_delete.
std::string DeleteBody(const HeldPackage& held);

// The form fields of resource_create, or with a resource id of resource_update; `type` as ContentFile::Type
// has it.
std::vector<std::pair<std::string, std::string>> ResourceFields(const Dataset& dataset,
                                                                absl::string_view package_id,
                                                                absl::string_view resource_id,
                                                                absl::string_view type);

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_CODEC_H_
