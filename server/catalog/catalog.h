// File: catalog.h
//
// The rules of the catalogue: who may set a file's verification, what takes it away again, and when content
// is read. Verification is tied to the bytes: it stands for the values, the content and the mapping that were
// there when it was given.
//
//   Import           the portal speaks: its verification holds, for the content that is there at that moment.
//   Upsert           cannot set it. A change of values, content (another file name, other bytes) or mapping
//                    (kodepemda, FileMapping) of a verified file takes it away; a change of other metadata
//                    does not.
//   RefreshContent   content seen for the first time binds: the file stays as it was verified. Other bytes
//                    than those read before take it away. Content that is gone or unreadable changes nothing
//                    and is reported: the same bytes may come back. The same bytes read by other rules, of a
//                    newer program or configuration, are the same content.
//   FinishUpload     other bytes than those that were there before take it away.
//   SetVerification  a person speaks, about the content that is there at that moment.
#ifndef SERVER_CATALOG_CATALOG_H_
#define SERVER_CATALOG_CATALOG_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/clock.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/catalog_store.h"
#include "server/catalog/content.h"
#include "server/catalog/content_upload.h"

namespace satudata::catalog {

// Whether nothing differs that a delivery pins: metadata, verification, values, content. When the content was
// last looked at is not part of it.
bool SameRevision(const FileWithValues& a, const FileWithValues& b);
bool SameValues(absl::Span<const IndicatorValue> a, absl::Span<const IndicatorValue> b);

enum class Outcome { kCreated, kUpdated, kUnchanged };

struct ContentState {
  std::string file_id;
  Failure content_failure;  // Why the content cannot be read now; kNone if it can, or if none is needed.
};

// Thread-safe. All methods block on the database and most on the disk. Errors: UNAVAILABLE with
// kStoreUnavailable; what else is named below.
class Catalog {
 public:
  // `store` and `clock` must outlive the catalogue.
  Catalog(CatalogStore& store, base::Clock& clock, ContentOptions options)
      : store_(store), clock_(clock), options_(std::move(options)), rules_(ContentRules(options_)) {}

  // What the portal says of these files, values judged; it says nothing of a mapping that is there. One
  // outcome per file, in order. Any number of files; each few hundred are one transaction.
  std::vector<absl::StatusOr<Outcome>> Import(std::vector<FileWithValues> files);

  // Creates or replaces a file; the file as it is then. `file.verification` is ignored. Judges the values;
  // content that was read stays with the file as long as its name does.
  absl::StatusOr<CatalogFile> Upsert(FileWithValues file);

  // NOT_FOUND with kFileNotFound. History and what the targets hold stay.
  absl::Status Delete(absl::string_view file_id);

  // With `revision`: ABORTED with kRevisionChanged if the file, or its content, is another by now. NOT_FOUND
  // with kFileNotFound.
  absl::StatusOr<CatalogFile> SetVerification(absl::string_view file_id, Verification verification,
                                              std::optional<int64_t> revision);

  // Content for a file that exists, on its way: the caller writes it, finishes it and hands it to
  // FinishUpload. NOT_FOUND with kFileNotFound; else as ContentUpload.
  absl::StatusOr<std::unique_ptr<ContentUpload>> BeginUpload(absl::string_view file_id,
                                                             absl::string_view file_name);
  // What was stored is the file's content from now on, until its file name changes. It stays so where it
  // cannot be read. A file without a file name takes `file_name`. NOT_FOUND with kFileNotFound.
  absl::StatusOr<CatalogFile> FinishUpload(absl::string_view file_id, absl::string_view file_name,
                                           const StoredContent& stored);

  // Reads the content of those files that take their values from it and whose content has changed since it
  // was read. One state per file that exists.
  absl::StatusOr<std::vector<ContentState>> RefreshContent(absl::Span<const std::string> file_ids);
  // The same for files that the caller has just loaded: without changes it costs no query.
  absl::StatusOr<std::vector<ContentState>> RefreshContentOf(absl::Span<const FileWithValues> files);

 private:
  struct Reading;

  Reading ReadIfChanged(const CatalogFile& wanted, const CatalogFile* known) const;
  Reading ReadWithoutValues(const CatalogFile& wanted, const CatalogFile* known, Failure failure) const;
  absl::StatusOr<std::optional<CatalogFile>> Find(absl::string_view file_id) const;
  absl::StatusOr<std::vector<ContentState>> Refresh(absl::Span<const CatalogFile* const> files);
  absl::Status UpdateOne(absl::string_view file_id, CatalogStore::Mutator mutator);

  CatalogStore& store_;
  base::Clock& clock_;
  const ContentOptions options_;
  const std::string rules_;  // Of options_.
};

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CATALOG_H_
