// File: answer_text.h
//
// Reading answers that may be anything: JSON, XML of an old gateway, a firewall's HTML page, or half of one
// of them. All pure; nothing here throws or fails, it just does not find what is not there.
#ifndef SERVER_TARGETS_ANSWER_TEXT_H_
#define SERVER_TARGETS_ANSWER_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace satudata::targets {

// What `text` is by its own first bytes: a content type alone proves nothing with these systems.
bool LooksLikeHtml(absl::string_view text);

// A discarded value (`is_discarded()`) for anything that is not one whole JSON text, and for one that is
// nested deeper than 100: to copy or to write such a value takes as much stack as the sender likes.
nlohmann::json ParseJson(absl::string_view text);

// The member as text: a string as it is, a number or boolean as JSON writes it; empty if there is none, if it
// is null, an object or an array, or if `object` is no object.
std::string TextMember(const nlohmann::json& object, absl::string_view name);

// The text of the first XML element of that local name, whatever its prefix; empty if there is none.
std::string XmlElement(absl::string_view xml, absl::string_view local_name);

// `text` to keep or show: at most `limit` bytes, cut between characters, with what is not UTF-8 replaced by
// U+FFFD.
std::string Excerpt(absl::string_view text, size_t limit);

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_ANSWER_TEXT_H_
