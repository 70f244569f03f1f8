// File: trace.h
//
// Which trace (W3C Trace Context) the work of this thread belongs to: requests that leave carry it, and log
// lines name it. A scope is opened where work for a caller begins on a thread; what is called from there need
// not be told.
#ifndef SERVER_BASE_TRACE_H_
#define SERVER_BASE_TRACE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace satudata::base {

// `00-<32 hex>-<16 hex>-<2 hex>` in lower case, neither id all zeros: anything else is nobody's trace.
bool IsTraceparent(absl::string_view text);
// One that nobody began before. Not sampled: nobody records our part of it.
std::string NewTraceparent();
// The 32 digits of the trace; empty for what is no traceparent.
absl::string_view TraceIdOf(absl::string_view traceparent);

// Of the calling thread; empty outside of any scope. Lives as long as the innermost scope.
absl::string_view CurrentTraceparent();

// While it lives, the calling thread works for `traceparent`; for nobody if that is none. Scopes nest; each
// is destroyed by the thread that made it.
class TraceScope {
 public:
  explicit TraceScope(absl::string_view traceparent);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  const std::string traceparent_;
  const std::string* const outer_;
};

}  // namespace satudata::base

#endif  // SERVER_BASE_TRACE_H_
