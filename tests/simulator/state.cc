#include "tests/simulator/state.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace satudata::simulator {
namespace {

using nlohmann::json;

// Reads the fields of one entry and remembers the first that is missing or of a wrong type.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {
    if (!object.is_object()) problem_ = "is no object";
  }

  std::string Text(const char* name) { return OptionalText(name, /*required=*/true).value_or(""); }

  std::string TextOr(const char* name, const std::string& fallback) {
    return OptionalText(name, /*required=*/false).value_or(fallback);
  }

  std::optional<std::string> OptionalText(const char* name, bool required) {
    const json* value = Find(name);
    if (value != nullptr && value->is_string()) return value->get<std::string>();
    const bool absent = value == nullptr || value->is_null();
    if ((!absent || required) && problem_.empty()) problem_ = absl::StrCat("needs the text \"", name, "\"");
    return std::nullopt;
  }

  bool Flag(const char* name) {
    const json* value = Find(name);
    if (value == nullptr || value->is_null()) return false;
    if (value->is_boolean()) return value->get<bool>();
    if (problem_.empty()) problem_ = absl::StrCat("has a \"", name, "\" that is neither true nor false");
    return false;
  }

  const std::string& problem() const { return problem_; }

 private:
  const json* Find(const char* name) const {
    if (!object_.is_object()) return nullptr;
    auto it = object_.find(name);
    return it == object_.end() ? nullptr : &*it;
  }

  const json& object_;
  std::string problem_;
};

std::string Read(const json& entry, Reference* out) {
  Fields fields(entry);
  *out = {fields.Text("kodeindikator"), fields.TextOr("uraian_indikator", ""), fields.TextOr("satuan", ""),
          fields.TextOr("bidangurusan", ""), fields.TextOr("status", "AKTIF")};
  return fields.problem();
}

std::string Read(const json& entry, Value* out) {
  Fields fields(entry);
  out->key = {fields.Text("kodepemda"), fields.Text("tahun"), fields.Text("kodeindikator")};
  out->data = fields.OptionalText("data", /*required=*/false);
  out->is_final = fields.Flag("final");
  out->by_walidata = fields.Flag("walidata");
  out->by_pembina = fields.Flag("pembina");
  return fields.problem();
}

std::string Read(const json& entry, Dataset* out) {
  Fields fields(entry);
  *out = {fields.Text("dataset_id"), entry.dump(-1, ' ', false, json::error_handler_t::replace)};
  return fields.problem();
}

std::string Read(const json& entry, std::string* out) {
  if (!entry.is_string()) return "is no text";
  *out = entry.get<std::string>();
  return "";
}

std::string Read(const json& entry, ValueKey* out) {
  std::string text;
  if (std::string problem = Read(entry, &text); !problem.empty()) return problem;
  std::optional<ValueKey> key = ParseValueKey(text);
  if (!key.has_value()) return "is no kodepemda.kodeindikator.tahun";
  *out = *std::move(key);
  return "";
}

template <typename T>
absl::Status ReadList(const json& document, const char* name, std::vector<T>* out) {
  auto it = document.find(name);
  if (it == document.end()) return absl::OkStatus();
  if (!it->is_array()) return absl::InvalidArgumentError(absl::StrCat("\"", name, "\" is no list"));
  for (const json& entry : *it) {
    T item;
    if (std::string problem = Read(entry, &item); !problem.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(name, "[", out->size(), "] ", problem));
    }
    out->push_back(std::move(item));
  }
  return absl::OkStatus();
}

}  // namespace

std::string ValueKey::Text(char separator) const {
  const absl::string_view joint(&separator, 1);
  return absl::StrCat(kodepemda, joint, kodeindikator, joint, tahun);
}

std::optional<ValueKey> ParseValueKey(absl::string_view text) {
  const size_t first = text.find('.');
  const size_t last = text.rfind('.');
  if (first == absl::string_view::npos || last <= first + 1) return std::nullopt;
  return ValueKey{std::string(text.substr(0, first)), std::string(text.substr(last + 1)),
                  std::string(text.substr(first + 1, last - first - 1))};
}

absl::StatusOr<State> ParseState(absl::string_view text) {
  const json document = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return absl::InvalidArgumentError("the state is no JSON object");
  State state;
  absl::Status status = ReadList(document, "reference", &state.reference);
  status.Update(ReadList(document, "values", &state.values));
  status.Update(ReadList(document, "datasets", &state.datasets));
  status.Update(ReadList(document, "remove_values", &state.remove_values));
  status.Update(ReadList(document, "remove_datasets", &state.remove_datasets));
  if (!status.ok()) return status;
  return state;
}

absl::StatusOr<State> ReadState(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read the state file ", path));
  }
  absl::StatusOr<State> state = ParseState(text.str());
  if (state.ok()) return state;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", state.status().message()));
}

}  // namespace satudata::simulator
