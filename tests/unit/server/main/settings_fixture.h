// File: settings_fixture.h
//
// Settings as the tests of settings load them: from sources of their own.
#ifndef TESTS_UNIT_SERVER_MAIN_SETTINGS_FIXTURE_H_
#define TESTS_UNIT_SERVER_MAIN_SETTINGS_FIXTURE_H_

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "server/catalog/content_source.h"
#include "server/main/settings.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/temporary_directory.h"

namespace satudata::main {

class SettingsTest : public testing::Test {
 protected:
  // What is enough on loopback.
  SettingsTest() {
    sources_.environment = {{"SPLP_API_URL", "http://127.0.0.1:9/api/"},
                            {"SIPD_API_URL", "https://sipd.example.go.id/ewalidata/serv"},
                            {"EXTERNAL_API_KEY", "k3y"}};
  }
  Settings Load() {
    auto settings = LoadSettings(sources_, clock_);
    EXPECT_TRUE(settings.ok()) << settings.status();
    return settings.ok() ? *std::move(settings) : Settings();
  }
  std::string Complaint() {
    const auto settings = LoadSettings(sources_, clock_);
    if (settings.ok()) return "none";
    EXPECT_EQ(settings.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(settings.status().message());
  }
  std::string ComplaintWith(const std::string& name, const std::string& value) {
    const Variables before = sources_.environment;
    sources_.environment[name] = value;
    std::string complaint = Complaint();
    sources_.environment = before;
    return complaint;
  }
  void UseConfig(const std::string& text) {
    sources_.environment["CONFIG_FILE"] = directory_.Write("config.yaml", text);
  }

  fakes::TemporaryDirectory directory_;
  fakes::FakeClock clock_;
  catalog::DirectoryContentSource contents_{{}};
  SettingSources sources_;
};

}  // namespace satudata::main

#endif  // TESTS_UNIT_SERVER_MAIN_SETTINGS_FIXTURE_H_
