// File: catalog_store.h
//
// Where catalogue files live. store/ implements it.
#ifndef SERVER_CATALOG_CATALOG_STORE_H_
#define SERVER_CATALOG_CATALOG_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/catalog/catalog_file.h"

namespace satudata::catalog {

// How many files have the same theme, or the same producer.
struct NameCount {
  std::string name;  // As the files have it; may be empty.
  int64_t count = 0;
  friend bool operator==(const NameCount&, const NameCount&) = default;
};

// What the catalogue holds, in numbers.
struct CatalogSummary {
  static constexpr int64_t kMostNames = 1000;

  int64_t file_count = 0;
  int64_t verified_file_count = 0;
  // The kMostNames that most files have, by name.
  std::vector<NameCount> themes;
  std::vector<NameCount> producers;
};

// Thread-safe. All methods block on the database. Errors: UNAVAILABLE with kStoreUnavailable; what else is
// named below.
class CatalogStore {
 public:
  virtual ~CatalogStore() = default;

  // Turns the present state of a file into its next; nullopt stands for "not there", on either side.
  using Mutator = std::function<absl::StatusOr<std::optional<FileWithValues>>(
      const std::optional<FileWithValues>& current)>;
  struct Mutation {
    std::string file_id;
    Mutator mutate;
  };
  // Runs the mutations in order in one transaction. A mutator that fails leaves its file as it was and its
  // status in the answer; the others take effect. A file that comes out different has its revision raised,
  // its update_time (and, if new, its create_time) set to `now`; one that comes out equal is not touched. A
  // mutator is called once and must not call the store.
  virtual std::vector<absl::Status> Update(std::vector<Mutation> mutations, absl::Time now) = 0;

  // NOT_FOUND with kFileNotFound.
  virtual absl::StatusOr<CatalogFile> GetFile(absl::string_view file_id) = 0;

  // In the order of position, after `after_position`, at most `limit`. Empty for an unknown file.
  virtual absl::StatusOr<std::vector<IndicatorValue>> ListValues(absl::string_view file_id,
                                                                 int64_t after_position, int64_t limit) = 0;

  virtual absl::StatusOr<CatalogSummary> SummarizeCatalog() = 0;

  // Rises with every change of any file's revision or verification that this process has committed.
  virtual int64_t Generation() const = 0;
};

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CATALOG_STORE_H_
