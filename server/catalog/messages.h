// File: messages.h
//
// The wording of every reason, in Indonesian and English: what happened, and what mends it. The texts are in
// reason_table.h; a test proves that no reason lacks either language, an owner or an argument. Pure and
// thread-safe.
#ifndef SERVER_CATALOG_MESSAGES_H_
#define SERVER_CATALOG_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/catalog/failure.h"

namespace satudata::catalog {

enum class Language { kIndonesian, kEnglish };

// From an Accept-Language value ("en-GB,en;q=0.9,id;q=0.8"): the language with the higher weight, the earlier
// of equals. Indonesian where it names neither.
Language ParseLanguage(absl::string_view accept_language);

// Cause and cure, in a few sentences, after the place if the arguments have one (`cell`, `sheet`); empty for
// kNone. A missing argument is shown as `?`.
std::string WordFailure(const Failure& failure, Language language);
// The same of every failure with this reason: `…` stands where they differ.
std::string WordReason(Reason reason, Language language);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_MESSAGES_H_
