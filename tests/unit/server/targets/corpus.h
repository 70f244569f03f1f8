// File: corpus.h
//
// Recorded answers of the targets and what they mean, one case a file under corpus/:
//
//   operation: push_dssd          what was asked
//   expect: JUDGED possible       the verdict's kind and effect
//   records: accepted unknown     more expectations, see verdict_corpus_test.cc
//   ---
//   HTTP/1.1 200 OK               the answer, as it came
//   Content-Type: application/json
//
//   {...}
#ifndef TESTS_UNIT_SERVER_TARGETS_CORPUS_H_
#define TESTS_UNIT_SERVER_TARGETS_CORPUS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/http/http_client.h"
#include "server/sync/verdict.h"
#include "server/targets/ewalidata/row_reader.h"

namespace satudata::targets {

struct RecordedAnswer {
  std::string name;
  std::map<std::string, std::string> expectations;
  http::Answer answer;

  // Empty if nothing is expected of it.
  std::string Expected(const std::string& name) const;
};

// One case out of its text, whatever that is: where no answer can be told, it has status 0 and no body.
RecordedAnswer ParseRecorded(std::string name, absl::string_view text);

// All of `directory`, by name.
std::vector<RecordedAnswer> ReadCorpus(const std::string& directory);

// What was asked when these answers were recorded.
std::vector<std::string> CorpusRowKeys();  // Of a push, in its order.
inline constexpr absl::string_view kCorpusDatasetId = "65f0c1d2e3f4a5b6c7d8e9f0";
inline constexpr absl::string_view kCorpusPackageName = "satudata-65f0c1d2e3f4a5b6c7d8e9f0";
inline constexpr absl::string_view kCorpusPackageId = "4f1e2d3c-0000-4000-8000-00000000000a";
absl::Time CorpusTime();          // When each answer came.
std::string CorpusDatasetHash();  // Of the dataset as we would send it.

// What a profile's verdict makes of one answer to `operation`.
struct Judgement {
  sync::Verdict verdict;
  size_t row_count = 0;           // Tables; 1 if an organisation is listed.
  std::string held_hash;          // Datasets that were read; empty if there is none.
  bool is_already_there = false;  // Datasets that were written.
};
Judgement JudgeRecorded(const std::string& operation, const http::Answer& answer);

}  // namespace satudata::targets

#endif  // TESTS_UNIT_SERVER_TARGETS_CORPUS_H_
