// File: target_settings.h
//
// From the settings of SPLP_… and SIPD_… and the configuration file to the options of the profiles.
#ifndef SERVER_MAIN_TARGET_SETTINGS_H_
#define SERVER_MAIN_TARGET_SETTINGS_H_

#include <optional>

#include "satudata/integration/v1/server_config.pb.h"
#include "server/main/setting_reader.h"
#include "server/main/settings.h"

namespace satudata::main {

enum class SplpProfile { kDatasetRest, kCkan };
SplpProfile ReadSplpProfile(SettingReader& reader, const integration::v1::DatasetRestConfig& config);

// nullopt without an address, or when something is wrong, which `reader` then knows.
std::optional<DatasetRestSettings> ReadSplp(SettingReader& reader,
                                            const integration::v1::DatasetRestConfig& config);
std::optional<CkanSettings> ReadCkan(SettingReader& reader, const integration::v1::DatasetRestConfig& config);
std::optional<EwalidataSettings> ReadSipd(SettingReader& reader,
                                          const integration::v1::EwalidataConfig& config);

}  // namespace satudata::main

#endif  // SERVER_MAIN_TARGET_SETTINGS_H_
