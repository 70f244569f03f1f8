// File: redaction.h
//
// Keeps secrets out of what is stored and shown. Targets echo what they were sent: a debug page lists the
// headers it got, an error quotes the key, each in its own spelling.
#ifndef SERVER_TARGETS_REDACTION_H_
#define SERVER_TARGETS_REDACTION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/catalog/failure.h"
#include "server/sync/verdict.h"

namespace satudata::targets {

// What was secret in one request. Not thread-safe.
class Redactor {
 public:
  // From now on `secret` is removed as it is and as JSON (also inside JSON), HTML and URLs write it. Empty:
  // nothing.
  void Add(absl::string_view secret);

  // Puts `[redacted]` in the place of every secret.
  void Clean(std::string& text) const;
  void Clean(catalog::Failure& failure) const;
  void Clean(sync::Verdict& verdict) const;

  // At most `limit` bytes of `body`, as UTF-8. Cleaned before it is cut, so that no secret survives by halves
  // at the edge; no more than that is searched.
  std::string Excerpt(absl::string_view body, size_t limit) const;

 private:
  std::vector<std::string> secrets_;  // The longest first: one may be part of another.
};

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_REDACTION_H_
