// File: ckan_package.h
//
// A CKAN package with its resources as the truth holds it, and what each action makes of it. Pure functions.
#ifndef TESTS_SIMULATOR_CKAN_PACKAGE_H_
#define TESTS_SIMULATOR_CKAN_PACKAGE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "httplib.h"
#include "nlohmann/json.hpp"

namespace satudata::simulator {

// Sentences per field, as CKAN says what is wrong; empty if nothing is.
using FieldErrors = nlohmann::json;

// What is wrong with the fields of a package that is created (`patch`: changed).
enum class PackageWrite { kCreate, kPatch };
FieldErrors CheckPackage(const nlohmann::json& fields, PackageWrite write, absl::string_view organization);

// What is wrong with an uploaded file.
FieldErrors CheckUpload(const httplib::MultipartFormData& upload, size_t max_bytes);

// What the truth lists a package under: our own id in its extras, where it has one, else its name.
std::string TruthIdOf(const nlohmann::json& package);

nlohmann::json NewPackage(const nlohmann::json& fields, absl::string_view id);
nlohmann::json Patched(nlohmann::json package, const nlohmann::json& fields);

// A resource out of a form, with what CKAN finds out about its file by itself.
nlohmann::json ResourceOf(const httplib::MultipartFormDataMap& form, absl::string_view id);
// The package with that resource in the place of the one with the same id; nothing if that is not there.
std::optional<nlohmann::json> WithResource(nlohmann::json package, const nlohmann::json& resource,
                                           bool is_new);

// As package_show tells it.
nlohmann::json ShownPackage(nlohmann::json package, absl::string_view organization);
nlohmann::json ShownResource(nlohmann::json resource, absl::string_view package_id);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_CKAN_PACKAGE_H_
