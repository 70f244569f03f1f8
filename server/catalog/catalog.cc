#include "server/catalog/catalog.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"
#include "server/catalog/indicator.h"

namespace satudata::catalog {
namespace {

// One transaction: enough to share its cost, few enough not to hold up the deliveries behind it.
constexpr size_t kMaxMutations = 500;
constexpr size_t kMaxValues = 100'000;
// The time of content that must be looked at again: no file has it.
constexpr int64_t kLookAgain = -1;

auto RevisionFields(const CatalogFile& file) {
  return std::tie(file.name, file.theme, file.producer, file.coverage, file.frequency, file.dimension,
                  file.file_name, file.file_type, file.is_public, file.verification, file.kodepemda,
                  file.source_create_time, file.source_update_time, file.mapping, file.has_inline_values,
                  file.content_sha256, file.content_name);
}

auto ValueFields(const IndicatorValue& value) {
  return std::tie(value.position, value.kodeindikator, value.kodepemda, value.tahun, value.raw_value,
                  value.satuan, value.value, value.finding, value.line, value.column_number, value.column,
                  value.sheet);
}

bool TakesContent(const CatalogFile& file) { return !file.has_inline_values && !ContentPath(file).empty(); }

// Both have the same content and the same use for it, so what was read for one is true of the other.
bool SameContentPlace(const CatalogFile& a, const CatalogFile& b) {
  return !ContentPath(a).empty() && ContentPath(a) == ContentPath(b) && a.mapping == b.mapping &&
         a.has_inline_values == b.has_inline_values;
}

// What was read is used once: a file may have many values. Inline values stay, whatever the content is.
void SetContent(FileWithValues& file, Content& content) {
  file.file.content_sha256 = content.sha256;
  file.file.content_size_bytes = content.stamp.size_bytes;
  file.file.content_mtime_us = content.stamp.mtime_us;
  file.file.content_rules = content.rules;
  if (!file.file.has_inline_values) file.values = std::move(content.values);
}

void KeepContent(FileWithValues& file, const FileWithValues& current) {
  file.file.content_sha256 = current.file.content_sha256;
  file.file.content_size_bytes = current.file.content_size_bytes;
  file.file.content_mtime_us = current.file.content_mtime_us;
  file.file.content_rules = current.file.content_rules;
  if (!file.file.has_inline_values) file.values = current.values;
}

// What was uploaded for a file stays with it as long as its name does: the portal knows nothing of it.
void KeepUpload(CatalogFile& next, const CatalogFile& current) {
  if (next.file_name == current.file_name) next.content_name = current.content_name;
}

// Gives `next` the content that belongs to it: freshly read, or that of the file it replaces.
void TakeContent(FileWithValues& next, const std::optional<FileWithValues>& current, Content* fresh) {
  next.file.content_sha256.clear();
  next.file.content_size_bytes = 0;
  next.file.content_mtime_us = 0;
  next.file.content_rules.clear();
  if (!next.file.has_inline_values) next.values.clear();
  if (fresh != nullptr) {
    SetContent(next, *fresh);
  } else if (current.has_value() && SameContentPlace(current->file, next.file)) {
    KeepContent(next, *current);
  }
}

// The same for what was read outside of the transaction: meanwhile other content may have been uploaded.
void TakeFresh(FileWithValues& next, const std::optional<FileWithValues>& current, Content* fresh) {
  const std::string read_path = ContentPath(next.file);
  if (current.has_value()) KeepUpload(next.file, current->file);
  TakeContent(next, current, ContentPath(next.file) == read_path ? fresh : nullptr);
}

// The source has no word for mappings; what a person said of the file stays, and judges its values as well.
void KeepMapping(FileWithValues& file, const FileMapping& mapping) {
  file.file.mapping = mapping;
  if (mapping.number_format != NumberFormat::kUnknown) JudgeValuesAgain(file.values, mapping.number_format);
}

// Whether the bytes are others than those that were read before. What is seen for the first time is not.
bool OtherBytes(const CatalogFile& before, const CatalogFile& after) {
  return !before.content_sha256.empty() && !after.content_sha256.empty() &&
         before.content_sha256 != after.content_sha256;
}

// Whether `next` is no longer what somebody looked at when he verified `current`.
bool LosesVerification(const FileWithValues& current, const FileWithValues& next) {
  if (current.file.verification != Verification::kVerified) return false;
  if (current.file.kodepemda != next.file.kodepemda || current.file.file_name != next.file.file_name ||
      current.file.mapping != next.file.mapping ||
      current.file.has_inline_values != next.file.has_inline_values) {
    return true;
  }
  if (OtherBytes(current.file, next.file)) return true;
  return next.file.has_inline_values && !SameValues(current.values, next.values);
}

Outcome OutcomeOf(const std::optional<FileWithValues>& current, const FileWithValues& next) {
  if (!current.has_value()) return Outcome::kCreated;
  return SameRevision(*current, next) ? Outcome::kUnchanged : Outcome::kUpdated;
}

absl::Status FileNotFound(absl::string_view file_id) {
  return FailureStatus(absl::StatusCode::kNotFound,
                       Failure{.reason = Reason::kFileNotFound, .args = {{"file_id", std::string(file_id)}}});
}

absl::Status RevisionChanged(int64_t revision) {
  return FailureStatus(absl::StatusCode::kAborted, Failure{.reason = Reason::kRevisionChanged,
                                                           .args = {{"revision", absl::StrCat(revision)}}});
}

// Collects mutations and runs them, so many in a transaction.
class Batch {
 public:
  // Called with the mutation's index, in the order of Add, and its status.
  using Receiver = std::function<void(size_t index, const absl::Status& status)>;

  Batch(CatalogStore& store, base::Clock& clock, Receiver receiver)
      : store_(store), clock_(clock), receiver_(std::move(receiver)) {}

  void Add(CatalogStore::Mutation mutation, size_t values) {
    mutations_.push_back(std::move(mutation));
    values_ += values;
    if (mutations_.size() >= kMaxMutations || values_ >= kMaxValues) Flush();
  }
  void Flush() {
    if (mutations_.empty()) return;
    const std::vector<absl::Status> statuses = store_.Update(std::move(mutations_), clock_.Now());
    for (const absl::Status& status : statuses) receiver_(flushed_++, status);
    mutations_.clear();
    values_ = 0;
  }

 private:
  CatalogStore& store_;
  base::Clock& clock_;
  Receiver receiver_;
  std::vector<CatalogStore::Mutation> mutations_;
  size_t values_ = 0;
  size_t flushed_ = 0;
};

CatalogStore::Mutator ImportMutator(std::shared_ptr<FileWithValues> wanted, std::shared_ptr<Content> fresh,
                                    Outcome& outcome) {
  return [=, &outcome](
             const std::optional<FileWithValues>& current) -> absl::StatusOr<std::optional<FileWithValues>> {
    FileWithValues next = std::move(*wanted);
    TakeFresh(next, current, fresh.get());
    outcome = OutcomeOf(current, next);
    return next;
  };
}

CatalogStore::Mutator RefreshMutator(const CatalogFile& file, std::shared_ptr<Content> fresh) {
  return [as_read = file, fresh = std::move(fresh)](
             const std::optional<FileWithValues>& current) -> absl::StatusOr<std::optional<FileWithValues>> {
    // Meanwhile gone, or its values come from elsewhere: what was read is not its content.
    if (!current.has_value() || !SameContentPlace(current->file, as_read)) {
      return current;
    }
    FileWithValues next = {.file = current->file};
    if (next.file.has_inline_values) next.values = current->values;
    SetContent(next, *fresh);
    if (LosesVerification(*current, next)) next.file.verification = Verification::kUnverified;
    return next;
  };
}

// `content` is null where it cannot be read: why is said to whom it concerns, when it is planned.
FileWithValues WithUpload(const FileWithValues& current, absl::string_view file_name,
                          const StoredContent& stored, Content* content) {
  FileWithValues next = current;
  next.file.content_name = stored.content_name;
  if (next.file.file_name.empty()) next.file.file_name = std::string(file_name);
  TakeContent(next, std::nullopt, content);
  const bool same_bytes =
      current.file.content_name == stored.content_name || current.file.content_sha256 == stored.sha256;
  if (!same_bytes && next.file.verification == Verification::kVerified) {
    next.file.verification = Verification::kUnverified;
  }
  return next;
}

}  // namespace

bool SameValues(absl::Span<const IndicatorValue> a, absl::Span<const IndicatorValue> b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const IndicatorValue& x, const IndicatorValue& y) { return ValueFields(x) == ValueFields(y); });
}

bool SameRevision(const FileWithValues& a, const FileWithValues& b) {
  return RevisionFields(a.file) == RevisionFields(b.file) && SameValues(a.values, b.values);
}

// What is under the content directory for a file, if it differs from what was read before.
struct Catalog::Reading {
  std::shared_ptr<Content> fresh;
  Failure failure;
};

Catalog::Reading Catalog::ReadIfChanged(const CatalogFile& wanted, const CatalogFile* known) const {
  const std::string& path = ContentPath(wanted);
  if (!TakesContent(wanted) && (!options_.binds_every_file || path.empty())) return {};
  if (IsMissing(options_, path)) {
    return {.fresh = nullptr,
            .failure = {.reason = Reason::kContentMissing, .args = {{"file_name", wanted.file_name}}}};
  }
  const absl::StatusOr<ContentStamp> stamp = StatContent(options_, path);
  if (!stamp.ok()) return {.fresh = nullptr, .failure = FailureOf(stamp.status())};
  if (known != nullptr && SameContentPlace(*known, wanted) && !known->content_sha256.empty() &&
      known->content_rules == rules_ &&
      *stamp == ContentStamp{known->content_size_bytes, known->content_mtime_us}) {
    return {};
  }
  absl::StatusOr<Content> content = TakesContent(wanted)
                                        ? ReadContent(options_, path, wanted.file_name, wanted.mapping)
                                        : HashContent(options_, path);
  if (!content.ok()) return ReadWithoutValues(wanted, known, FailureOf(content.status()));
  return {.fresh = std::make_shared<Content>(*std::move(content)), .failure = {}};
}

// Content that no values can be read out of: what its bytes are binds all the same where that is asked for.
// It gets no time, so that it is looked at again, and its failure told again, whenever it is asked for.
Catalog::Reading Catalog::ReadWithoutValues(const CatalogFile& wanted, const CatalogFile* known,
                                            Failure failure) const {
  if (!options_.binds_every_file) return {.fresh = nullptr, .failure = std::move(failure)};
  absl::StatusOr<Content> content = HashContent(options_, ContentPath(wanted));
  if (!content.ok()) return {.fresh = nullptr, .failure = std::move(failure)};
  content->stamp.mtime_us = kLookAgain;
  const bool is_news =
      known == nullptr || !SameContentPlace(*known, wanted) || known->content_sha256 != content->sha256;
  return {.fresh = is_news ? std::make_shared<Content>(*std::move(content)) : nullptr,
          .failure = std::move(failure)};
}

absl::StatusOr<std::optional<CatalogFile>> Catalog::Find(absl::string_view file_id) const {
  absl::StatusOr<CatalogFile> file = store_.GetFile(file_id);
  if (file.ok()) return std::make_optional(*std::move(file));
  if (absl::IsNotFound(file.status())) return std::optional<CatalogFile>();
  return file.status();
}

std::vector<absl::StatusOr<Outcome>> Catalog::Import(std::vector<FileWithValues> files) {
  std::vector<absl::StatusOr<Outcome>> results(files.size(), Outcome::kUnchanged);
  std::vector<Outcome> outcomes(files.size(), Outcome::kUnchanged);
  std::vector<size_t> places;  // Of the mutations, among the files.
  Batch batch(store_, clock_, [&](size_t index, const absl::Status& status) {
    const size_t place = places[index];
    results[place] = status.ok() ? absl::StatusOr<Outcome>(outcomes[place]) : status;
  });
  for (size_t i = 0; i < files.size(); ++i) {
    const absl::StatusOr<std::optional<CatalogFile>> known = Find(files[i].file.file_id);
    if (!known.ok()) {
      results[i] = known.status();
      continue;
    }
    if (known->has_value()) KeepUpload(files[i].file, **known);
    if (files[i].keeps_mapping && known->has_value()) KeepMapping(files[i], (*known)->mapping);
    const Reading reading = ReadIfChanged(files[i].file, known->has_value() ? &**known : nullptr);
    const size_t values =
        files[i].values.size() + (reading.fresh == nullptr ? 0 : reading.fresh->values.size());
    std::string file_id = files[i].file.file_id;
    auto wanted = std::make_shared<FileWithValues>(std::move(files[i]));
    places.push_back(i);
    batch.Add({std::move(file_id), ImportMutator(std::move(wanted), reading.fresh, outcomes[i])}, values);
  }
  batch.Flush();
  return results;
}

absl::Status Catalog::UpdateOne(absl::string_view file_id, CatalogStore::Mutator mutator) {
  std::vector<CatalogStore::Mutation> mutations;
  mutations.push_back({std::string(file_id), std::move(mutator)});
  return store_.Update(std::move(mutations), clock_.Now()).front();
}

absl::StatusOr<CatalogFile> Catalog::Upsert(FileWithValues file) {
  const std::string file_id = file.file.file_id;
  const absl::StatusOr<std::optional<CatalogFile>> known = Find(file_id);
  if (!known.ok()) return known.status();
  if (file.file.has_inline_values) JudgeValues(file.values, file.file.mapping.number_format);
  if (known->has_value()) KeepUpload(file.file, **known);
  const Reading reading = ReadIfChanged(file.file, known->has_value() ? &**known : nullptr);
  absl::Status updated = UpdateOne(
      file_id, [&](std::optional<FileWithValues> current) -> absl::StatusOr<std::optional<FileWithValues>> {
        FileWithValues next = std::move(file);
        TakeFresh(next, current, reading.fresh.get());
        next.file.verification = current.has_value() ? current->file.verification : Verification::kUnverified;
        if (current.has_value() && LosesVerification(*current, next)) {
          next.file.verification = Verification::kUnverified;
        }
        return next;
      });
  if (!updated.ok()) return updated;
  return store_.GetFile(file_id);
}

absl::Status Catalog::Delete(absl::string_view file_id) {
  return UpdateOne(
      file_id, [&](std::optional<FileWithValues> current) -> absl::StatusOr<std::optional<FileWithValues>> {
        if (!current.has_value()) return FileNotFound(file_id);
        return std::optional<FileWithValues>();
      });
}

absl::StatusOr<CatalogFile> Catalog::SetVerification(absl::string_view file_id, Verification verification,
                                                     std::optional<int64_t> revision) {
  // First: what is verified is what is there now. If that is news, the file's revision rises by it.
  const std::string id(file_id);
  if (const auto refreshed = RefreshContent({id}); !refreshed.ok()) return refreshed.status();
  absl::Status updated = UpdateOne(
      file_id, [&](std::optional<FileWithValues> current) -> absl::StatusOr<std::optional<FileWithValues>> {
        if (!current.has_value()) return FileNotFound(file_id);
        if (revision.has_value() && *revision != current->file.revision) {
          return RevisionChanged(current->file.revision);
        }
        current->file.verification = verification;
        return current;
      });
  if (!updated.ok()) return updated;
  return store_.GetFile(file_id);
}

absl::StatusOr<std::unique_ptr<ContentUpload>> Catalog::BeginUpload(absl::string_view file_id,
                                                                    absl::string_view file_name) {
  const absl::StatusOr<CatalogFile> file = store_.GetFile(file_id);
  if (!file.ok()) return file.status();
  return ContentUpload::Begin(options_, file_name.empty() ? file->file_name : file_name);
}

absl::StatusOr<CatalogFile> Catalog::FinishUpload(absl::string_view file_id, absl::string_view file_name,
                                                  const StoredContent& stored) {
  const absl::StatusOr<CatalogFile> known = store_.GetFile(file_id);
  if (!known.ok()) return known.status();
  absl::StatusOr<Content> content = ReadContent(
      options_, stored.content_name, known->file_name.empty() ? file_name : known->file_name, known->mapping);
  absl::Status updated = UpdateOne(
      file_id,
      [&](const std::optional<FileWithValues>& current) -> absl::StatusOr<std::optional<FileWithValues>> {
        if (!current.has_value()) return FileNotFound(file_id);
        const bool as_read = content.ok() && current->file.mapping == known->mapping;
        return WithUpload(*current, file_name, stored, as_read ? &*content : nullptr);
      });
  if (!updated.ok()) return updated;
  return store_.GetFile(file_id);
}

absl::StatusOr<std::vector<ContentState>> Catalog::RefreshContent(absl::Span<const std::string> file_ids) {
  std::vector<CatalogFile> files;
  for (const std::string& file_id : file_ids) {
    absl::StatusOr<std::optional<CatalogFile>> file = Find(file_id);
    if (!file.ok()) return file.status();
    if (file->has_value()) files.push_back(**std::move(file));
  }
  std::vector<const CatalogFile*> pointers;
  for (const CatalogFile& file : files) pointers.push_back(&file);
  return Refresh(pointers);
}

absl::StatusOr<std::vector<ContentState>> Catalog::RefreshContentOf(absl::Span<const FileWithValues> files) {
  std::vector<const CatalogFile*> pointers;
  for (const FileWithValues& file : files) pointers.push_back(&file.file);
  return Refresh(pointers);
}

absl::StatusOr<std::vector<ContentState>> Catalog::Refresh(absl::Span<const CatalogFile* const> files) {
  std::vector<ContentState> states;
  absl::Status first_error;
  Batch batch(store_, clock_, [&](size_t, const absl::Status& status) { first_error.Update(status); });
  for (const CatalogFile* file : files) {
    Reading reading = ReadIfChanged(*file, file);
    states.push_back({file->file_id, std::move(reading.failure)});
    if (reading.fresh == nullptr) continue;
    batch.Add({file->file_id, RefreshMutator(*file, reading.fresh)}, reading.fresh->values.size());
  }
  batch.Flush();
  if (!first_error.ok()) return first_error;
  return states;
}

}  // namespace satudata::catalog
