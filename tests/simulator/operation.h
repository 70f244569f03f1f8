// File: operation.h
//
// What the two imitated systems can be asked for. Values only; any thread.
#ifndef TESTS_SIMULATOR_OPERATION_H_
#define TESTS_SIMULATOR_OPERATION_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace satudata::simulator {

enum class System { kSplp, kSipd };
inline constexpr size_t kSystems = 2;

enum class Operation {
  kSplpPost,
  kSplpGet,
  kSplpPut,
  kSipdPush,
  kSipdDisable,
  kSipdGet,
  kSipdGetFinal,
  kSipdGetReference,
  kToken,
  kCkanShow,
  kCkanCreate,
  kCkanPatch,
  kCkanResourceCreate,
  kCkanResourceUpdate,
  kCkanOrganizations,
  kCkanDelete,
};
inline constexpr size_t kOperations = 16;

constexpr size_t IndexOf(Operation operation) { return static_cast<size_t>(operation); }
constexpr size_t IndexOf(System system) { return static_cast<size_t>(system); }

// "splp" or "sipd".
absl::string_view NameOf(System system);
// "splp.post", "sipd.push_dssd", …: what statistics, the request log and quirk scopes call it.
absl::string_view NameOf(Operation operation);
// The token endpoint belongs to SPLP's gateway; so does CKAN's API.
System SystemOf(Operation operation);

// Which operation a request line asks for; nothing when neither system has such a resource. `id` receives the
// dataset id of /splp/datasets/{id}, as written in the path (not decoded).
std::optional<Operation> Route(absl::string_view method, absl::string_view path, absl::string_view* id);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_OPERATION_H_
