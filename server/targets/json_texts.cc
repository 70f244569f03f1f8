#include "server/targets/json_texts.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"

namespace satudata::targets {
namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::optional<std::string>>;

// Follows the parser through the document.
class TextFinder final : public nlohmann::json_sax<Json> {
 public:
  explicit TextFinder(absl::Span<const absl::string_view> pointers) : texts_(pointers.size()) {
    for (const absl::string_view pointer : pointers) {
      paths_.push_back(absl::StrSplit(pointer, '/', absl::SkipEmpty()));
    }
  }

  Texts&& Release() { return std::move(texts_); }

  bool string(std::string& text) override {
    for (size_t i = 0; i < paths_.size(); ++i) {
      if (paths_[i].size() == depth_ && LeadsHere(paths_[i])) texts_[i] = text;
    }
    return true;
  }
  // What had this name before is replaced, with all that was in it.
  bool key(std::string& name) override {
    levels_[depth_ - 1].name = name;
    for (size_t i = 0; i < paths_.size(); ++i) {
      if (paths_[i].size() >= depth_ && LeadsHere(paths_[i])) texts_[i].reset();
    }
    return true;
  }
  bool start_object(size_t /*size*/) override { return Enter(/*is_object=*/true); }
  bool start_array(size_t /*size*/) override { return Enter(/*is_object=*/false); }
  bool end_object() override { return Leave(); }
  bool end_array() override { return Leave(); }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(int64_t /*value*/) override { return true; }
  bool number_unsigned(uint64_t /*value*/) override { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) override { return true; }
  bool binary(Json::binary_t& /*value*/) override { return true; }
  bool parse_error(size_t /*place*/, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    return false;
  }

 private:
  using Path = std::vector<std::string>;
  struct Level {
    bool is_object = false;  // Nothing leads into an array.
    std::string name;        // Of the member that we are at.
  };

  bool Enter(bool is_object) {
    if (depth_ == levels_.size()) levels_.emplace_back();
    levels_[depth_].is_object = is_object;
    levels_[depth_++].name.clear();
    return true;
  }
  bool Leave() {
    --depth_;
    return true;
  }
  // Whether the path begins with the place where we are.
  bool LeadsHere(const Path& path) const {
    for (size_t i = 0; i < depth_; ++i) {
      if (!levels_[i].is_object || levels_[i].name != path[i]) return false;
    }
    return true;
  }

  std::vector<Path> paths_;
  Texts texts_;
  std::vector<Level> levels_;
  size_t depth_ = 0;
};

}  // namespace

Texts TextsAt(absl::string_view json, absl::Span<const absl::string_view> pointers) {
  TextFinder finder(pointers);
  if (!Json::sax_parse(json.begin(), json.end(), &finder)) return Texts(pointers.size());
  return finder.Release();
}

}  // namespace satudata::targets
