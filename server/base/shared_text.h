// File: shared_text.h
//
// A text that many values have in common, such as a heading: 16 bytes each, whatever its length. Immutable,
// apart from being assigned; copies may be used in several threads.
#ifndef SERVER_BASE_SHARED_TEXT_H_
#define SERVER_BASE_SHARED_TEXT_H_

#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace satudata::base {

class SharedText {
 public:
  SharedText() = default;
  // No move: a row that is filled again and again keeps what it has in common with the one before it.
  SharedText(const SharedText&) = default;
  SharedText& operator=(const SharedText&) = default;
  // Converts, so that it is filled like a std::string.
  SharedText(std::string text)  // NOLINT(google-explicit-constructor)
      : text_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}
  SharedText(const char* text) : SharedText(std::string(text)) {}  // NOLINT(google-explicit-constructor)

  const std::string& str() const {
    static const auto* const kEmpty = new std::string();
    return text_ == nullptr ? *kEmpty : *text_;
  }
  bool empty() const { return text_ == nullptr; }

  friend bool operator==(const SharedText& a, const SharedText& b) {
    return a.text_ == b.text_ || a.str() == b.str();
  }
  friend bool operator==(const SharedText& a, absl::string_view b) { return a.str() == b; }
  friend bool operator==(const SharedText& a, const char* b) { return a.str() == b; }
  friend bool operator==(const SharedText& a, const std::string& b) { return a.str() == b; }
  friend std::ostream& operator<<(std::ostream& out, const SharedText& text) { return out << text.str(); }

 private:
  std::shared_ptr<const std::string> text_;
};

}  // namespace satudata::base

#endif  // SERVER_BASE_SHARED_TEXT_H_
