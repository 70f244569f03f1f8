#include "server/targets/ckan/codec.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/hash.h"
#include "server/targets/answer_text.h"

namespace satudata::targets::ckan {
namespace {

using Json = nlohmann::json;
using catalog::CatalogFile;

constexpr absl::string_view kFileId = "satudata_file_id";
constexpr absl::string_view kContentMark = "satudata_content";
constexpr absl::string_view kSha256 = "satudata_sha256";
constexpr absl::string_view kSize = "satudata_size";

// The extras that carry metadata, and the words for them in the notes.
struct Extra {
  absl::string_view key;
  absl::string_view label;
  std::string Metadata::*member;
};
constexpr std::array<Extra, 5> kExtras = {{{"tema", "Tema", &Metadata::theme},
                                           {"produsen_data", "Produsen data", &Metadata::producer},
                                           {"cakupan", "Cakupan", &Metadata::coverage},
                                           {"frekuensi", "Frekuensi", &Metadata::frequency},
                                           {"dimensi", "Dimensi", &Metadata::dimension}}};

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Json& Member(const Json& object, absl::string_view name) {
  static const Json* const kNull = new Json();
  if (!object.is_object()) return *kNull;
  const auto found = object.find(std::string(name));
  return found == object.end() ? *kNull : *found;
}

// What tells one content from another.
std::string MarkOf(const Content& content) {
  const Json parts = {content.file_name, content.sha256, content.size_bytes};
  return base::Sha256Hex(Dump(parts));
}

std::string NotesOf(const Metadata& metadata) {
  std::string notes;
  for (const Extra& extra : kExtras) {
    if ((metadata.*extra.member).empty()) continue;
    absl::StrAppend(&notes, notes.empty() ? "" : "\n\n", extra.label, ": ", metadata.*extra.member);
  }
  return notes;
}

Json ToJson(const Dataset& dataset) {
  const auto& [metadata, content] = dataset;
  Json json = {{"file_id", metadata.file_id},    {"title", metadata.title},        {"notes", metadata.notes},
               {"private", metadata.is_private}, {"file_name", content.file_name}, {"sha256", content.sha256},
               {"size", content.size_bytes}};
  for (const Extra& extra : kExtras) json[std::string(extra.key)] = metadata.*extra.member;
  return json;
}

void AddExtra(absl::string_view key, absl::string_view value, Json& extras) {
  if (!value.empty()) extras.push_back({{"key", std::string(key)}, {"value", std::string(value)}});
}

Json OurExtras(const Dataset& dataset) {
  Json extras = Json::array();
  for (const Extra& extra : kExtras) AddExtra(extra.key, dataset.metadata.*extra.member, extras);
  AddExtra(kFileId, dataset.metadata.file_id, extras);
  AddExtra(kContentMark, MarkOf(dataset.content), extras);
  return extras;
}

Json PackageOf(const Dataset& dataset) {
  return {{"title", dataset.metadata.title},
          {"notes", dataset.metadata.notes},
          {"private", dataset.metadata.is_private},
          {"extras", OurExtras(dataset)}};
}

// Takes one extra of a package, ours or somebody else's.
void TakeExtra(const Json& entry, HeldPackage& held) {
  const std::string key = TextMember(entry, "key");
  const std::string value = TextMember(entry, "value");
  const auto known =
      std::find_if(kExtras.begin(), kExtras.end(), [&](const Extra& extra) { return extra.key == key; });
  if (known != kExtras.end()) {
    held.metadata.*known->member = value;
  } else if (key == kFileId) {
    held.metadata.file_id = value;
  } else if (key == kContentMark) {
    held.wanted_content = value;
  } else if (!key.empty()) {
    held.foreign_extras.push_back({{"key", key}, {"value", value}});
  }
}

// What a resource says its file is; nullopt if it does not, or if CKAN counted other bytes than we sent.
std::optional<Content> ContentOf(const Json& resource) {
  Content content{.file_name = TextMember(resource, "name"), .sha256 = TextMember(resource, kSha256)};
  if (!absl::SimpleAtoi(TextMember(resource, kSize), &content.size_bytes)) return std::nullopt;
  int64_t counted = 0;
  const std::string size = TextMember(resource, "size");
  if (!size.empty() && (!absl::SimpleAtoi(size, &counted) || counted != content.size_bytes))
    return std::nullopt;
  if (content.sha256.empty() || TextMember(resource, "url_type") != "upload") return std::nullopt;
  return content;
}

void TakeResources(const Json& resources, HeldPackage& held) {
  if (!resources.is_array()) return;
  held.has_resources = !resources.empty();
  for (const Json& resource : resources) {
    if (held.metadata.file_id.empty() || TextMember(resource, kFileId) != held.metadata.file_id) continue;
    held.resource_id = TextMember(resource, "id");
    held.content = ContentOf(resource);
    return;
  }
}

}  // namespace

Dataset DatasetOf(const CatalogFile& file) {
  Dataset dataset{.metadata = {.file_id = file.file_id,
                               .title = file.name,
                               .is_private = !file.is_public,
                               .theme = file.theme,
                               .producer = file.producer,
                               .coverage = file.coverage,
                               .frequency = file.frequency,
                               .dimension = file.dimension},
                  .content = {.file_name = file.file_name,
                              .sha256 = file.content_sha256,
                              .size_bytes = file.content_size_bytes,
                              .path = catalog::ContentPath(file)}};
  dataset.metadata.notes = NotesOf(dataset.metadata);
  return dataset;
}

sync::OutboundRecord EncodeRecord(const Dataset& dataset) {
  sync::OutboundRecord record{.key = dataset.metadata.file_id, .scope = dataset.metadata.file_id};
  Json json = ToJson(dataset);
  record.hash = base::Sha256Hex(Dump(json));
  json["path"] = dataset.content.path;
  record.payload = Dump(json);
  return record;
}

std::optional<Dataset> DecodePayload(absl::string_view payload) {
  const Json json = ParseJson(payload);
  if (!json.is_object()) return std::nullopt;
  Dataset dataset{.metadata = {.file_id = TextMember(json, "file_id"),
                               .title = TextMember(json, "title"),
                               .notes = TextMember(json, "notes"),
                               .is_private = TextMember(json, "private") == "true"},
                  .content = {.file_name = TextMember(json, "file_name"),
                              .sha256 = TextMember(json, "sha256"),
                              .path = TextMember(json, "path")}};
  for (const Extra& extra : kExtras) dataset.metadata.*extra.member = TextMember(json, extra.key);
  if (!absl::SimpleAtoi(TextMember(json, "size"), &dataset.content.size_bytes)) return std::nullopt;
  if (dataset.metadata.file_id.empty()) return std::nullopt;
  return dataset;
}

bool HeldPackage::IsWhole() const {
  return is_active && content.has_value() && MarkOf(*content) == wanted_content;
}

bool HeldPackage::HasMetadata(const Dataset& dataset) const {
  return is_active && metadata == dataset.metadata && wanted_content == MarkOf(dataset.content);
}

std::string HeldPackage::Hash() const {
  return EncodeRecord({.metadata = metadata, .content = content.value_or(Content())}).hash;
}

std::optional<HeldPackage> ReadPackage(const Json& result, absl::string_view name) {
  if (name.empty() || TextMember(result, "name") != name) return std::nullopt;
  HeldPackage held{.id = TextMember(result, "id"),
                   .is_active = TextMember(result, "state") == "active",
                   .metadata = {.title = TextMember(result, "title"),
                                .notes = TextMember(result, "notes"),
                                .is_private = TextMember(result, "private") == "true"},
                   .foreign_extras = Json::array()};
  if (held.id.empty()) return std::nullopt;
  const Json& organization = Member(result, "organization");
  held.owners = {TextMember(result, "owner_org"), TextMember(organization, "id"),
                 TextMember(organization, "name")};
  const Json& extras = Member(result, "extras");
  if (extras.is_array()) {
    for (const Json& entry : extras) TakeExtra(entry, held);
  }
  TakeResources(Member(result, "resources"), held);
  return held;
}

std::string CreateBody(const Dataset& dataset, absl::string_view name, absl::string_view owner_org) {
  Json package = PackageOf(dataset);
  package["name"] = std::string(name);
  package["owner_org"] = std::string(owner_org);
  return Dump(package);
}

std::string PatchBody(const Dataset& dataset, const HeldPackage& held) {
  Json package = PackageOf(dataset);
  package["id"] = held.id;
  package["state"] = "active";
  // CKAN replaces all extras when it is given any.
  for (const Json& extra : held.foreign_extras) package["extras"].push_back(extra);
  return Dump(package);
}

std::string DeleteBody(const HeldPackage& held) { return Dump({{"id", held.id}}); }

std::vector<std::pair<std::string, std::string>> ResourceFields(const Dataset& dataset,
                                                                absl::string_view package_id,
                                                                absl::string_view resource_id,
                                                                absl::string_view type) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!resource_id.empty()) fields.emplace_back("id", resource_id);
  fields.emplace_back("package_id", package_id);
  fields.emplace_back("name", dataset.content.file_name);
  if (!type.empty()) fields.emplace_back("format", absl::AsciiStrToUpper(type));
  // No `size`: CKAN counts what has arrived, as long as nobody tells it.
  fields.emplace_back("hash", dataset.content.sha256);
  fields.emplace_back(kFileId, dataset.metadata.file_id);
  fields.emplace_back(kSha256, dataset.content.sha256);
  fields.emplace_back(kSize, absl::StrCat(dataset.content.size_bytes));
  return fields;
}

}  // namespace satudata::targets::ckan
