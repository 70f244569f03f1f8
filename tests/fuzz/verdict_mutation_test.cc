// Mutates recorded answers and checks what must hold for every answer there can be: no crash, nothing called
// accepted or confirmed that the body does not say, no effect ruled out that the answer leaves open. What a
// body says is decided here by other means than the code under test.
//
// FUZZ_SEED repeats a run, FUZZ_ITERATIONS makes it longer.
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/unit/server/targets/corpus.h"

namespace satudata::targets {
namespace {

using Json = nlohmann::json;
using sync::Effect;
using sync::Ruling;
using sync::VerdictKind;

constexpr uint64_t kDefaultIterations = 10'000;  // A second or two.

uint64_t Setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t value = 0;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

class Mutator {
 public:
  Mutator(uint64_t seed, const std::vector<RecordedAnswer>& corpus) : random_(seed), corpus_(corpus) {}

  // A recorded answer with one to eight changes.
  RecordedAnswer Next() {
    RecordedAnswer mutant = Pick(corpus_);
    if (Below(4) == 0) mutant.answer.status = Pick(kStatuses);
    for (size_t changes = 1 + Below(8); changes > 0; --changes) Change(mutant.answer.body);
    return mutant;
  }

 private:
  void Change(std::string& body) {
    const size_t at = Below(body.size() + 1);
    const size_t length = Below(std::min<size_t>(body.size() - at, 64) + 1);
    switch (Below(7)) {
      case 0:
        if (at < body.size()) body[at] = static_cast<char>(Below(256));
        break;
      case 1:
        body.erase(at, length);
        break;
      case 2:
        body.insert(at, body.substr(at, length));
        break;
      case 3:
        body.insert(at, Pick(kTokens));
        break;
      case 4:
        body.resize(at);
        break;
      case 5: {  // A piece of another answer.
        const std::string& other = Pick(corpus_).answer.body;
        const size_t from = Below(other.size() + 1);
        body.insert(at, other.substr(from, Below(200)));
        break;
      }
      default:
        if (at < body.size()) std::swap(body[at], body[Below(body.size())]);
        break;
    }
  }

  size_t Below(size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random_); }
  template <typename T>
  const T& Pick(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

  const std::vector<int> kStatuses = {0,   200, 201, 202, 204, 301, 400, 401,
                                      403, 404, 409, 413, 422, 429, 500, 503};
  const std::vector<std::string> kTokens = {"\"",
                                            "{",
                                            "}",
                                            "[",
                                            "]",
                                            ",",
                                            ":",
                                            "\\",
                                            " OK",
                                            "ERROR: ",
                                            "null",
                                            "200",
                                            "COMMIT TRANS",
                                            "\"log\":",
                                            "\"data\":",
                                            "\"code\":",
                                            "<html>",
                                            "success",
                                            "1612.1.02.000318.2024",
                                            "65f0c1d2e3f4a5b6c7d8e9f0",
                                            "\"success\": true",
                                            "Validation Error",
                                            "\"satudata_content\"",
                                            "900802",
                                            "\xff"};
  std::mt19937_64 random_;
  const std::vector<RecordedAnswer>& corpus_;
};

bool LineSaysOk(const Json& line, const std::string& key) {
  if (!line.is_string()) return false;
  const std::string text = absl::StrReplaceAll(line.get<std::string>(), {{",", "."}});
  const absl::string_view trimmed = absl::StripAsciiWhitespace(text);
  if (!absl::StartsWith(trimmed, key)) return false;
  const absl::string_view rest = trimmed.substr(key.size());
  return absl::StartsWith(rest, " ") && absl::StripAsciiWhitespace(rest) == "OK";
}

bool LogSaysOk(const http::Answer& answer, const std::string& key) {
  const Json body = Json::parse(answer.body, nullptr, false);
  if (answer.status / 100 != 2 || !body.is_object() || !body.contains("log")) return false;
  int ok_lines = 0;
  int commits = 0;
  for (const Json& line : body["log"]) {
    ok_lines += LineSaysOk(line, key) ? 1 : 0;
    commits += line.is_string() && absl::StrContains(line.get<std::string>(), "COMMIT TRANS") ? 1 : 0;
  }
  return ok_lines == 1 && commits > 0;
}

bool BodyNamesTheDataset(const http::Answer& answer) {
  const Json body = Json::parse(answer.body, nullptr, false);
  if (!body.is_object() || body.value("status", Json()) != "success") return false;
  const Json data = body.value("data", Json());
  return data.is_object() && data.value("dataset_id", Json()) == std::string(kCorpusDatasetId);
}

// Only 200 with "success": true and our own id where it belongs; names are no proof of an upload.
bool CkanSaysSuccess(const std::string& operation, const http::Answer& answer) {
  const Json body = Json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !body.is_object() || body.value("success", Json()) != true) return false;
  const Json result = body.value("result", Json());
  if (!result.is_object()) return false;
  return operation == "resource_create" ? result.value("package_id", Json()) == std::string(kCorpusPackageId)
                                        : result.value("name", Json()) == std::string(kCorpusPackageName);
}

bool IsCkanWrite(const std::string& operation) {
  return operation == "package_create" || operation == "resource_create";
}

void ExpectTruth(const std::string& operation, const http::Answer& answer, const Judgement& judgement) {
  const std::vector<std::string> keys = CorpusRowKeys();
  const std::vector<sync::RecordRuling>& records = judgement.verdict.records;
  for (size_t i = 0; i < records.size(); ++i) {
    if (records[i].ruling == Ruling::kAccepted && IsCkanWrite(operation)) {
      ASSERT_TRUE(CkanSaysSuccess(operation, answer));
    } else if (records[i].ruling == Ruling::kAccepted) {
      ASSERT_EQ(operation, "push_dssd");
      ASSERT_TRUE(LogSaysOk(answer, keys.at(i)));
    }
    if (records[i].ruling == Ruling::kConfirmed) {
      ASSERT_TRUE(answer.status == 200 || answer.status == 201);
      ASSERT_TRUE(BodyNamesTheDataset(answer));
    }
  }
}

void ExpectConsistency(const std::string& operation, const http::Answer& answer,
                       const sync::Verdict& verdict) {
  const bool is_harmless = verdict.kind == VerdictKind::kThrottled ||
                           verdict.kind == VerdictKind::kWarmingUp ||
                           verdict.kind == VerdictKind::kUnauthorized;
  ASSERT_EQ(verdict.effect == Effect::kNone, is_harmless);
  const bool is_judged = verdict.kind == VerdictKind::kJudged;
  ASSERT_TRUE(answer.status < 500 || verdict.kind == VerdictKind::kOutage);
  ASSERT_TRUE(!is_judged || Json::accept(answer.body));
  ASSERT_TRUE(!is_judged || operation != "push_dssd" || verdict.records.size() == 2U);
  for (const auto& [name, value] : verdict.failure.args) {
    ASSERT_LE(value.size(), 600U);
    ASSERT_NO_THROW(Json(value).dump()) << name;  // It throws at what is not UTF-8.
  }
}

TEST(VerdictMutationTest, NoMutantIsBelievedBeyondWhatItSays) {
  const std::vector<RecordedAnswer> corpus = ReadCorpus(SATUDATA_CORPUS);
  ASSERT_FALSE(corpus.empty());
  const uint64_t seed = Setting("FUZZ_SEED", std::random_device()());
  std::cout << "FUZZ_SEED=" << seed << "\n";
  Mutator mutator(seed, corpus);
  for (uint64_t i = Setting("FUZZ_ITERATIONS", kDefaultIterations); i > 0; --i) {
    const RecordedAnswer mutant = mutator.Next();
    for (const char* operation : {"push_dssd", "get_dssd", "create_dataset", "get_dataset", "package_show",
                                  "package_create", "resource_create", "organization_list_for_user"}) {
      SCOPED_TRACE(absl::StrCat(operation, " from ", mutant.name, ", HTTP ", mutant.answer.status, "\n",
                                mutant.answer.body.substr(0, 2000)));
      const Judgement judgement = JudgeRecorded(operation, mutant.answer);
      ASSERT_NO_FATAL_FAILURE(ExpectTruth(operation, mutant.answer, judgement));
      ASSERT_NO_FATAL_FAILURE(ExpectConsistency(operation, mutant.answer, judgement.verdict));
    }
  }
}

}  // namespace
}  // namespace satudata::targets
