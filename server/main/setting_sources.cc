#include "server/main/setting_sources.h"

#include <utility>

#include "server/main/setting_table.h"

namespace satudata::main {

std::optional<SettingSources::Found> SettingSources::Find(absl::string_view name) const {
  const std::string key(name);
  const std::pair<const Variables*, std::string> sources[] = {
      {&flags, FlagName(name)}, {&environment, key}, {&env_file, key}};
  for (const auto& [variables, origin] : sources) {
    const auto found = variables->find(key);
    if (found != variables->end() && !found->second.empty()) return Found{found->second, origin};
  }
  return std::nullopt;
}

}  // namespace satudata::main
