// File: sipd_batch.h
//
// One batch of push_dssd or push_disable_dssd: its rows, what becomes of each, and the log that tells of it.
// Lives on the thread that serves the request.
#ifndef TESTS_SIMULATOR_SIPD_BATCH_H_
#define TESTS_SIMULATOR_SIPD_BATCH_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/simulator/exchange.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/services.h"

namespace satudata::simulator {

// The rows of {"data":[…]}; InvalidArgument when the body has another form. A row that lacks a part of its
// key keeps it empty: the batch refuses it in the log.
absl::StatusOr<std::vector<Write>> ParseBatch(const std::string& body, WriteKind kind);

class SipdBatch {
 public:
  // All must outlive the batch.
  SipdBatch(const Services& services, const Exchange& exchange, const std::vector<Write>& rows);

  // Performs the rows, each by its own dice, under the fate of the whole request, and words the answer.
  Reply Perform(const Fate& request_fate);
  // Keeps with each row's record how it was answered; `status` is what the client saw.
  void NoteAnswers(int status, const Fate& request_fate);

 private:
  void PerformRow(const Write& row, const Fate& request_fate);
  void Take(const Write& row, const std::string& key, const Fate& fate, const Fate& request_fate);
  void TakeEffect(const Write& row, const Fate& fate, const Fate& request_fate);
  void LogError(absl::string_view key, absl::string_view text);
  std::string Body(const Fate& request_fate) const;

  const Services& services_;
  const Exchange& exchange_;
  const std::vector<Write>& rows_;
  std::vector<std::string> log_;
  std::vector<std::pair<const Write*, absl::string_view>> answers_;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_SIPD_BATCH_H_
