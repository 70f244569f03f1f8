#include "server/store/rows.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace satudata::store {
namespace {

template <typename Formatter>
std::string ForEachColumn(absl::string_view columns, Formatter&& formatter) {
  const std::vector<absl::string_view> names = absl::StrSplit(columns, ", ");
  return absl::StrJoin(names, ", ", formatter);
}

}  // namespace

std::string Qualified(absl::string_view alias, absl::string_view columns) {
  return ForEachColumn(
      columns, [alias](std::string* out, absl::string_view name) { absl::StrAppend(out, alias, ".", name); });
}

std::string Placeholders(absl::string_view columns) {
  return ForEachColumn(columns,
                       [](std::string* out, absl::string_view name) { absl::StrAppend(out, ":", name); });
}

std::string FromExcluded(absl::string_view columns) {
  return ForEachColumn(columns, [](std::string* out, absl::string_view name) {
    absl::StrAppend(out, name, " = excluded.", name);
  });
}

}  // namespace satudata::store
