// File: target_factory.h
//
// The targets that the settings name.
#ifndef SERVER_MAIN_TARGET_FACTORY_H_
#define SERVER_MAIN_TARGET_FACTORY_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "server/catalog/content_source.h"
#include "server/main/settings.h"
#include "server/sync/target.h"

namespace satudata::main {

// One for each target that has an address. Opens no connection. INVALID_ARGUMENT in one line for a
// certificate that cannot be read or plain http to another machine. `clock` and `contents` must outlive the
// targets.
absl::StatusOr<std::vector<std::unique_ptr<sync::Target>>> MakeTargets(const Settings& settings,
                                                                       base::Clock& clock,
                                                                       catalog::ContentSource& contents);

}  // namespace satudata::main

#endif  // SERVER_MAIN_TARGET_FACTORY_H_
