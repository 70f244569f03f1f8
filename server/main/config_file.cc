#include "server/main/config_file.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <yaml-cpp/yaml.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

namespace satudata::main {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::json;

absl::Status Error(const YAML::Node& where, absl::string_view path, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", where.Mark().line + 1, ": ", path, ": ", what));
}

std::string Join(absl::string_view path, absl::string_view key) {
  return path.empty() ? std::string(key) : absl::StrCat(path, ".", key);
}

std::string KnownKeys(const Descriptor& message) {
  std::vector<std::string> names;
  for (int i = 0; i < message.field_count(); ++i) names.push_back(message.field(i)->name());
  return absl::StrJoin(names, ", ");
}

// `skip` for PRIVATE_FILES_SKIP of the enumeration PrivateFiles, whose zero is PRIVATE_FILES_UNSPECIFIED.
std::optional<std::string> EnumName(const EnumDescriptor& type, absl::string_view text) {
  constexpr absl::string_view kZero = "UNSPECIFIED";
  const std::string& zero = type.value(0)->name();
  const std::string prefix = zero.substr(0, zero.size() - kZero.size());
  for (int i = 1; i < type.value_count(); ++i) {
    const std::string& name = type.value(i)->name();
    if (absl::EqualsIgnoreCase(text, name) || absl::EqualsIgnoreCase(text, name.substr(prefix.size()))) {
      return name;
    }
  }
  return std::nullopt;
}

std::string EnumChoices(const EnumDescriptor& type) {
  constexpr size_t kZeroSize = sizeof("UNSPECIFIED") - 1;
  const size_t prefix = type.value(0)->name().size() - kZeroSize;
  std::vector<std::string> names;
  for (int i = 1; i < type.value_count(); ++i) {
    names.push_back(absl::AsciiStrToLower(type.value(i)->name().substr(prefix)));
  }
  return absl::StrJoin(names, " or ");
}

absl::StatusOr<Json> DurationJson(const YAML::Node& node, absl::string_view path, const std::string& text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration < absl::ZeroDuration() ||
      duration == absl::InfiniteDuration()) {
    return Error(node, path, "not a duration; write it like 500ms, 10s or 10m");
  }
  return Json(absl::StrFormat("%.3fs", absl::ToDoubleSeconds(duration)));
}

absl::StatusOr<Json> ScalarJson(const YAML::Node& node, const FieldDescriptor& field,
                                absl::string_view path) {
  if (!node.IsScalar()) return Error(node, path, "one value is expected here");
  const std::string& text = node.Scalar();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return Json(text);
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t number = 0;
      if (!absl::SimpleAtoi(text, &number)) return Error(node, path, "not a whole number");
      return Json(number);
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      double number = 0;
      if (!absl::SimpleAtod(text, &number) || !std::isfinite(number))
        return Error(node, path, "not a number");
      return Json(number);
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const std::optional<std::string> name = EnumName(*field.enum_type(), text);
      if (!name) return Error(node, path, absl::StrCat("write ", EnumChoices(*field.enum_type())));
      return Json(*name);
    }
    default:
      return Error(node, path, "cannot be set here");
  }
}

absl::StatusOr<Json> MessageJson(const YAML::Node& node, const Descriptor& message, absl::string_view path);

absl::StatusOr<Json> TextMapJson(const YAML::Node& node, absl::string_view path) {
  if (!node.IsMap()) return Error(node, path, "names with their values are expected here");
  Json out = Json::object();
  for (const auto& entry : node) {
    if (!entry.second.IsScalar()) return Error(entry.first, path, "one value is expected here");
    out[entry.first.Scalar()] = entry.second.Scalar();
  }
  return out;
}

absl::StatusOr<Json> FieldJson(const YAML::Node& node, const FieldDescriptor& field, absl::string_view path) {
  if (field.is_map()) return TextMapJson(node, path);
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return ScalarJson(node, field, path);
  if (field.message_type()->full_name() != "google.protobuf.Duration") {
    return MessageJson(node, *field.message_type(), path);
  }
  if (!node.IsScalar()) return Error(node, path, "one duration is expected here");
  return DurationJson(node, path, node.Scalar());
}

absl::StatusOr<Json> MessageJson(const YAML::Node& node, const Descriptor& message, absl::string_view path) {
  if (!node.IsMap()) {
    return Error(node, path.empty() ? "the file" : path, "keys with their values are expected here");
  }
  Json out = Json::object();
  for (const auto& entry : node) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    const std::string key_path = Join(path, key);
    const FieldDescriptor* field = message.FindFieldByName(key);
    if (field == nullptr) {
      return Error(entry.first, key_path, absl::StrCat("unknown key; known here: ", KnownKeys(message)));
    }
    if (out.contains(key)) return Error(entry.first, key_path, "given twice");
    absl::StatusOr<Json> value = FieldJson(entry.second, *field, key_path);
    if (!value.ok()) return value.status();
    out[key] = *std::move(value);
  }
  return out;
}

// yaml-cpp throws; nothing beyond this function does.
absl::StatusOr<YAML::Node> LoadYaml(absl::string_view text) {
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", error.mark.line + 1, ": not YAML or JSON (", error.msg, ")"));
  }
}

}  // namespace

absl::StatusOr<integration::v1::ServerConfig> ParseConfigFile(absl::string_view text) {
  integration::v1::ServerConfig config;
  const absl::StatusOr<YAML::Node> root = LoadYaml(text);
  if (!root.ok()) return root.status();
  if (root->IsNull()) return config;
  try {
    const absl::StatusOr<Json> json = MessageJson(*root, *config.GetDescriptor(), "");
    if (!json.ok()) return json.status();
    const auto status = google::protobuf::util::JsonStringToMessage(json->dump(), &config);
    if (!status.ok()) return absl::InvalidArgumentError(status.ToString());
  } catch (const std::exception& error) {  // Text that is not UTF-8.
    return absl::InvalidArgumentError(error.what());
  }
  return config;
}

}  // namespace satudata::main
