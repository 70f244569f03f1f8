#include "tests/simulator/ckan_package.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/hash.h"

namespace satudata::simulator {
namespace {

using nlohmann::json;

constexpr size_t kLongestName = 100;
// Of a resource: the hash of the bytes that came. CKAN knows no such thing; the truth does.
constexpr char kBytes[] = "bytes_sha256";

std::string TextOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool IsName(absl::string_view name) {
  return name.size() >= 2 && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
         });
}

bool HasKeyTwice(const json& extras) {
  for (size_t i = 0; i < extras.size(); ++i) {
    for (size_t j = i + 1; j < extras.size(); ++j) {
      if (TextOf(extras[i], "key") == TextOf(extras[j], "key")) return true;
    }
  }
  return false;
}

// What the national instance refuses, by the bytes.
absl::string_view RefusedTypeOf(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "%PDF-")) return "application/pdf";
  if (absl::StartsWith(bytes, "\x89PNG")) return "image/png";
  if (absl::StartsWith(bytes, "\xD0\xCF\x11\xE0") && absl::StrContains(bytes, std::string("W\0o\0r\0d\0", 8)))
    return "application/msword";
  if (absl::StartsWith(bytes, "PK") && absl::StrContains(bytes, "word/document.xml"))
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  return "";
}

}  // namespace

FieldErrors CheckPackage(const json& fields, PackageWrite write, absl::string_view organization) {
  FieldErrors errors = json::object();
  const bool creates = write == PackageWrite::kCreate;
  if (creates && !IsName(TextOf(fields, "name"))) {
    errors["name"] = {"Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_"};
  }
  if (creates && TextOf(fields, "owner_org") != organization)
    errors["owner_org"] = {"Organization does not exist"};
  if (fields.contains("title") && TextOf(fields, "title").empty()) errors["title"] = {"Missing value"};
  const json extras = fields.value("extras", json::array());
  if (!extras.is_array() || HasKeyTwice(extras))
    errors["extras"] = {"There is a schema field with the same name"};
  return errors;
}

FieldErrors CheckUpload(const httplib::MultipartFormData& upload, size_t max_bytes) {
  FieldErrors errors = json::object();
  const absl::string_view type = RefusedTypeOf(upload.content);
  if (!type.empty()) errors["upload"] = {absl::StrCat("Unsupported upload type: ", type)};
  if (upload.content.size() > max_bytes) errors["upload"] = {"File upload too large"};
  return errors;
}

std::string TruthIdOf(const json& package) {
  for (const json& extra : package.value("extras", json::array())) {
    if (TextOf(extra, "key") == "satudata_file_id") return TextOf(extra, "value");
  }
  return TextOf(package, "name");
}

json NewPackage(const json& fields, absl::string_view id) {
  json package = {{"notes", ""}, {"private", false}, {"extras", json::array()}};
  package.update(fields);
  package["id"] = std::string(id);
  package["state"] = "active";
  package["resources"] = json::array();
  return package;
}

json Patched(json package, const json& fields) {
  for (const auto& [name, value] : fields.items()) {
    if (name != "id" && name != "resources") package[name] = value;
  }
  return package;
}

json ResourceOf(const httplib::MultipartFormDataMap& form, absl::string_view id) {
  json resource;
  for (const auto& [name, field] : form) {
    if (name != "upload" && name != "package_id") resource[name] = field.content;
  }
  resource["id"] = std::string(id);
  resource["state"] = "active";
  const auto upload = form.find("upload");
  if (upload == form.end()) return resource;
  resource["url_type"] = "upload";
  resource["url"] = absl::StrCat("https://ckan.invalid/download/", upload->second.filename);
  if (!resource.contains("size")) resource["size"] = upload->second.content.size();
  resource[kBytes] = base::Sha256Hex(upload->second.content);
  return resource;
}

std::optional<json> WithResource(json package, const json& resource, bool is_new) {
  json& resources = package["resources"];
  if (is_new) {
    resources.push_back(resource);
    return package;
  }
  for (json& held : resources) {
    if (held["id"] != resource["id"]) continue;
    held = resource;
    return package;
  }
  return std::nullopt;
}

json ShownResource(json resource, absl::string_view package_id) {
  resource.erase(kBytes);
  resource["package_id"] = std::string(package_id);
  return resource;
}

json ShownPackage(json package, absl::string_view organization) {
  const std::string id = TextOf(package, "id");
  for (json& resource : package["resources"]) resource = ShownResource(resource, id);
  package["owner_org"] = "5f0c2d1e-0000-4000-8000-000000000001";
  package["organization"] = {{"id", package["owner_org"]}, {"name", std::string(organization)}};
  package["num_resources"] = package["resources"].size();
  return package;
}

}  // namespace satudata::simulator
