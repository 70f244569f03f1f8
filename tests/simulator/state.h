// File: state.h
//
// What the systems hold: the form of --state files and of POST /admin/values. Values; any thread.
//
//   {"reference": [{"kodeindikator", "uraian_indikator", "satuan", "bidangurusan", "status"}],
//    "values":    [{"kodeindikator", "kodepemda", "tahun", "data", "final", "walidata", "pembina"}],
//    "datasets":  [{"dataset_id", …}],
//    "remove_values": ["kodepemda.kodeindikator.tahun"], "remove_datasets": ["dataset_id"]}
//
// Every part may be missing. "data" is text or null; the three flags are false where they are missing.
#ifndef TESTS_SIMULATOR_STATE_H_
#define TESTS_SIMULATOR_STATE_H_

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::simulator {

struct Reference {
  std::string kodeindikator;
  std::string uraian_indikator;
  std::string satuan;
  std::string bidangurusan;
  std::string status = "AKTIF";
};

// What names one value. Ordered as tables list them: by region, year, code.
struct ValueKey {
  std::string kodepemda;
  std::string tahun;
  std::string kodeindikator;

  // "kodepemda.kodeindikator.tahun".
  std::string Text(char separator = '.') const;
  auto operator<=>(const ValueKey&) const = default;
};

// The reverse of ValueKey::Text; nothing when there are fewer than three parts.
std::optional<ValueKey> ParseValueKey(absl::string_view text);

struct Value {
  ValueKey key;
  std::optional<std::string> data;
  bool is_final = false;
  bool by_walidata = false;
  bool by_pembina = false;
};

struct Dataset {
  std::string id;
  std::string body;  // JSON, a flat object.
};

struct State {
  std::vector<Reference> reference;
  std::vector<Value> values;
  std::vector<Dataset> datasets;
  std::vector<ValueKey> remove_values;
  std::vector<std::string> remove_datasets;
};

// InvalidArgument says which entry is wrong and how.
absl::StatusOr<State> ParseState(absl::string_view json);
// NotFound when the file cannot be read; otherwise as ParseState, with the path in the message.
absl::StatusOr<State> ReadState(const std::string& path);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_STATE_H_
