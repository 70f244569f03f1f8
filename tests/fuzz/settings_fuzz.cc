// Fuzz target for what an operator writes: the variables of an --env-file, and CONFIG_FILE behind a line `==
// config`. A complaint is one line and quotes no secret; what is accepted is in order.
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/env_file.h"
#include "server/main/config_file.h"
#include "server/main/setting_table.h"
#include "server/main/settings.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fuzz/check.h"

namespace satudata::main {
namespace {

using fuzz::Check;

constexpr size_t kTellingSecret = 12;  // Shorter ones may be found in the words of any complaint.

bool IsOneLine(absl::string_view text) {
  return !text.empty() && text.find_first_of("\r\n") == absl::string_view::npos;
}

// Has it as a file while it lives.
class ConfigFile {
 public:
  explicit ConfigFile(absl::string_view text) : fd_(memfd_create("config", MFD_CLOEXEC)) {
    Check(fd_ >= 0 && write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  ~ConfigFile() { close(fd_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  std::string path() const { return absl::StrCat("/proc/self/fd/", fd_); }

 private:
  const int fd_;
};

// No rate is infinite or none at all.
bool HasOddNumber(const google::protobuf::Message& message) {
  using google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated()) continue;
    const bool is_odd = field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE &&
                        !std::isfinite(reflection.GetDouble(message, field));
    const bool has_odd = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                         HasOddNumber(reflection.GetMessage(message, field));
    if (is_odd || has_odd) return true;
  }
  return false;
}

void CheckConfig(absl::string_view text) {
  const auto config = ParseConfigFile(text);
  if (config.ok()) {
    Check(!HasOddNumber(*config));
  } else {
    Check(absl::IsInvalidArgument(config.status()) && !config.status().message().empty());
  }
}

bool IsTellingSecret(const std::string& name, const std::string& value) {
  const SettingRow* row = FindSetting(name);
  return row != nullptr && row->exposure == Exposure::kSecret && value.size() >= kTellingSecret;
}

void CheckNoSecret(const Variables& variables, absl::string_view text) {
  for (const auto& [name, value] : variables) {
    Check(!IsTellingSecret(name, value) || !absl::StrContains(text, value));
  }
}

bool IsTold(const Variables& variables) {
  // A secret that is a word of the settings themselves is not given away by their names.
  for (const auto& [name, value] : variables) {
    for (const auto& [other, text] : variables) {
      if (IsTellingSecret(name, value) && name != other && !IsTellingSecret(other, text) &&
          (absl::StrContains(text, value) || absl::StrContains(other, value))) {
        return true;
      }
    }
  }
  return false;
}

void CheckSettings(Variables variables, absl::string_view config_text) {
  // Of files there is only ours.
  for (auto it = variables.begin(); it != variables.end();) {
    it = absl::EndsWith(it->first, "_FILE") ? variables.erase(it) : std::next(it);
  }
  const bool is_told = IsTold(variables);
  const ConfigFile config(config_text);
  SettingSources sources{.env_file = variables};
  sources.env_file["CONFIG_FILE"] = config.path();
  static fakes::FakeClock clock;
  const absl::StatusOr<Settings> settings = LoadSettings(sources, clock);
  if (!settings.ok()) {
    Check(absl::IsInvalidArgument(settings.status()) && IsOneLine(settings.status().message()));
    if (!is_told && config_text.empty()) CheckNoSecret(variables, settings.status().message());
    return;
  }
  if (!is_told && config_text.empty()) CheckNoSecret(variables, settings->summary);
  Check(IsOneLine(settings->summary));
  Check(settings->lease_time > absl::ZeroDuration() && settings->lease_time < absl::InfiniteDuration());
  Check(settings->splp.has_value() || settings->ckan.has_value() || settings->sipd.has_value());
  for (const ListenAddress* address :
       {&settings->grpc_listen, &settings->web_listen, &settings->admin_listen}) {
    Check(address->port >= 0 && address->port < 65536);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits("== config\n", 1));
  CheckConfig(parts.second);
  const auto variables = ParseEnvFile(parts.first);
  if (!variables.ok()) {
    Check(absl::IsInvalidArgument(variables.status()) && IsOneLine(variables.status().message()));
    return 0;
  }
  CheckSettings(*variables, parts.second);
  return 0;
}

}  // namespace satudata::main
