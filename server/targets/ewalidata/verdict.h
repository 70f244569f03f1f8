// File: verdict.h
//
// What the answers of e-walidata mean. Pure functions of (status, headers, body) and what was asked.
#ifndef SERVER_TARGETS_EWALIDATA_VERDICT_H_
#define SERVER_TARGETS_EWALIDATA_VERDICT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/http/http_client.h"
#include "server/sync/verdict.h"
#include "server/targets/ewalidata/row_reader.h"

namespace satudata::targets::ewalidata {

// On a push. The status code says nothing about the rows; each row's line in `log` does:
//
//   accepted   exactly one line `<key> OK`, no ERROR line with that key, and a COMMIT TRANS line
//   rejected   an ERROR line names its key, and no line says OK; the line's text is the reason
//   unknown    anything else: no line, no commit, both
//
// A body whose `code` is not 200, or whose log also tells of a rollback, has committed nothing. An object
// without a log is not understood as a whole, unless its own code (or a 400 or 422) says that all of it was
// refused. The content type does not matter: a body is what it parses as. `row_keys` name the records, in
// order; an empty one is never accepted.
sync::Verdict JudgePush(absl::Span<const std::string> row_keys, const http::Answer& answer,
                        absl::Time received_at);

// On a table read: kJudged, with the rows in `rows`, or why there are none.
sync::Verdict JudgeTable(const http::Answer& answer, absl::Time received_at, std::vector<TargetRow>& rows);

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_VERDICT_H_
