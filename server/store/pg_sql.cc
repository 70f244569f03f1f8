#include "server/store/pg_sql.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace satudata::store {
namespace {

constexpr absl::string_view kJsonEach = "json_each(";
constexpr absl::string_view kCrossJoin = "CROSS JOIN ";

bool IsNameChar(char c) { return absl::ascii_isalnum(c) || c == '_'; }

// The word at the head of `text`, and the blanks behind it, are taken away.
absl::string_view TakeName(absl::string_view& text) {
  const auto* end = std::find_if_not(text.begin(), text.end(), IsNameChar);
  const absl::string_view name = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(name.size());
  text = absl::StripLeadingAsciiWhitespace(text);
  return name;
}

bool HasCondition(absl::string_view after_cross_join) {
  const bool is_named = !TakeName(after_cross_join).empty() && !TakeName(after_cross_join).empty();
  return is_named && absl::StartsWith(after_cross_join, "ON ");
}

class PgTranslation {
 public:
  explicit PgTranslation(absl::string_view sql) : rest_(sql) {}

  std::string Run() {
    while (!rest_.empty()) Step();
    return std::move(out_);
  }

 private:
  void Step() {
    if (rest_[0] == '\'') return CopyText();
    if (absl::StartsWith(rest_, "::")) return Copy(2);
    if (rest_[0] == ':' && rest_.size() > 1 && IsNameChar(rest_[1])) return AddParameter("");
    if (absl::ConsumePrefix(&rest_, kJsonEach)) {
      out_ += "json_array_elements_text(";
      return AddParameter("::json");
    }
    if (absl::ConsumePrefix(&rest_, kCrossJoin)) {
      absl::StrAppend(&out_, HasCondition(rest_) ? "JOIN " : kCrossJoin);
      return;
    }
    Copy(1);
  }
  void CopyText() {
    const size_t end = rest_.find('\'', 1);
    Copy(end == absl::string_view::npos ? rest_.size() : end + 1);
  }
  void Copy(size_t size) {
    out_.append(rest_.data(), size);
    rest_.remove_prefix(size);
  }
  void AddParameter(absl::string_view cast) {
    rest_.remove_prefix(1);  // The colon.
    const auto* end = std::find_if_not(rest_.begin(), rest_.end(), IsNameChar);
    const absl::string_view name = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    auto place = std::find(names_.begin(), names_.end(), name);
    if (place == names_.end()) place = names_.insert(names_.end(), name);
    absl::StrAppend(&out_, "$", place - names_.begin() + 1, cast);
    rest_.remove_prefix(name.size());
  }

  absl::string_view rest_;
  std::string out_;
  std::vector<absl::string_view> names_;
};

}  // namespace

std::string ToPgSql(absl::string_view sql) { return PgTranslation(sql).Run(); }

std::string ToPgDefinition(absl::string_view sql) {
  return absl::StrReplaceAll(sql, {{" TEXT", " TEXT COLLATE \"C\""}, {" WITHOUT ROWID", ""}});
}

}  // namespace satudata::store
