#include "tests/unit/server/targets/corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "server/targets/ckan/verdict.h"
#include "server/targets/dataset_rest/codec.h"
#include "server/targets/dataset_rest/verdict.h"
#include "server/targets/ewalidata/verdict.h"

namespace satudata::targets {
namespace {

// Takes the lines up to `end` off `text`.
std::vector<std::string> TakeLines(absl::string_view& text, absl::string_view end) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t length = text.find('\n');
    const absl::string_view line = text.substr(0, length);
    text.remove_prefix(length == absl::string_view::npos ? text.size() : length + 1);
    if (line == end) break;
    lines.emplace_back(line);
  }
  return lines;
}

std::pair<std::string, std::string> SplitField(const std::string& line) {
  return absl::StrSplit(line, absl::MaxSplits(": ", 1));
}

}  // namespace

std::string RecordedAnswer::Expected(const std::string& expectation) const {
  const auto found = expectations.find(expectation);
  return found == expectations.end() ? "" : found->second;
}

RecordedAnswer ParseRecorded(std::string name, absl::string_view text) {
  RecordedAnswer recorded{.name = std::move(name)};
  for (const std::string& line : TakeLines(text, "---")) recorded.expectations.insert(SplitField(line));
  const std::vector<std::string> head = TakeLines(text, "");
  if (head.empty()) return recorded;
  const std::vector<absl::string_view> status_line = absl::StrSplit(head[0], ' ');
  if (status_line.size() < 2 || !absl::SimpleAtoi(status_line[1], &recorded.answer.status)) {
    recorded.answer.status = 0;
  }
  for (size_t i = 1; i < head.size(); ++i) recorded.answer.headers.push_back(SplitField(head[i]));
  recorded.answer.body = std::string(text);
  return recorded;
}

std::vector<RecordedAnswer> ReadCorpus(const std::string& directory) {
  std::vector<RecordedAnswer> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    corpus.push_back(ParseRecorded(entry.path().stem().string(), text));
  }
  std::sort(corpus.begin(), corpus.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return corpus;
}

std::vector<std::string> CorpusRowKeys() { return {"1612.1.02.000318.2024", "1612.1.02.000319.2024"}; }

absl::Time CorpusTime() {
  return absl::FromCivil(absl::CivilSecond(2026, 1, 16, 12, 0, 0), absl::UTCTimeZone());
}

std::string CorpusDatasetHash() {
  const catalog::CatalogFile file = {.file_id = std::string(kCorpusDatasetId),
                                     .name = "Jumlah Puskesmas",
                                     .theme = "Kesehatan",
                                     .producer = "Dinas Kesehatan",
                                     .coverage = "Kabupaten",
                                     .frequency = "Tahunan",
                                     .dimension = "Kecamatan",
                                     .file_name = "puskesmas.csv",
                                     .file_type = "csv",
                                     .verification = catalog::Verification::kVerified,
                                     .source_create_time = CorpusTime()};
  return dataset_rest::EncodeDataset(file).hash;
}

Judgement JudgeRecorded(const std::string& operation, const http::Answer& answer) {
  Judgement judgement;
  const dataset_rest::Options options;
  if (operation == "push_dssd") {
    judgement.verdict = ewalidata::JudgePush(CorpusRowKeys(), answer, CorpusTime());
  } else if (operation == "get_dssd") {
    std::vector<ewalidata::TargetRow> rows;
    judgement.verdict = ewalidata::JudgeTable(answer, CorpusTime(), rows);
    judgement.row_count = rows.size();
  } else if (operation == "get_dataset") {
    std::optional<sync::ObservedValue> held;
    judgement.verdict = dataset_rest::JudgeRead(options, kCorpusDatasetId, answer, CorpusTime(), held);
    if (held.has_value()) judgement.held_hash = held->hash;
  } else if (operation == "package_show") {
    std::optional<ckan::HeldPackage> held;
    judgement.verdict = ckan::JudgeShow(kCorpusPackageName, answer, CorpusTime(), held);
    if (held.has_value() && held->IsWhole()) judgement.held_hash = held->Hash();
  } else if (operation == "package_create") {
    std::optional<ckan::HeldPackage> written;
    judgement.verdict = ckan::JudgePackageWrite(kCorpusPackageName, answer, CorpusTime(), written);
    judgement.is_already_there = ckan::SaysNameInUse(answer);
  } else if (operation == "resource_create") {
    judgement.verdict = ckan::JudgeUpload(kCorpusPackageId, answer, CorpusTime());
  } else if (operation == "organization_list_for_user") {
    bool is_member = false;
    judgement.verdict = ckan::JudgeMembership("walidata", answer, CorpusTime(), is_member);
    judgement.row_count = is_member ? 1 : 0;
  } else {
    judgement.verdict = dataset_rest::JudgeWrite(options, kCorpusDatasetId, answer, CorpusTime());
    judgement.is_already_there = dataset_rest::SaysAlreadyThere(answer);
  }
  return judgement;
}

}  // namespace satudata::targets
