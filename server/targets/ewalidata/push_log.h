// File: push_log.h
//
// The `log` of a push's answer: the only place where e-walidata tells the truth about each row.
#ifndef SERVER_TARGETS_EWALIDATA_PUSH_LOG_H_
#define SERVER_TARGETS_EWALIDATA_PUSH_LOG_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace satudata::targets::ewalidata {

class PushLog {
 public:
  // nullopt if `log` is not an array of texts (and nulls).
  static std::optional<PushLog> Read(const nlohmann::json& log);

  // A COMMIT TRANS line, and no line of a rollback.
  bool IsCommitted() const { return is_committed_ && !is_rolled_back_; }
  // How many lines are exactly `<key> OK`.
  int CountOk(absl::string_view row_key) const;
  // The text of the first ERROR line that names the key; nullopt if none does. A key counts only where it
  // stands by itself: 1612.1.02.000318.2024 is not named by 1612.1.02.000318.20245.
  std::optional<std::string> ErrorOf(absl::string_view row_key) const;

 private:
  void Note(absl::string_view line);

  absl::flat_hash_map<std::string, int> ok_;  // By key, joined with dots.
  // ERROR lines: joined with dots for searching, and as they stand.
  std::vector<std::pair<std::string, std::string>> errors_;
  bool is_committed_ = false;
  bool is_rolled_back_ = false;
};

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_PUSH_LOG_H_
