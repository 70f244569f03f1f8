#include "server/main/config_file.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/random.h"
#include "server/main/roles_file.h"
#include "server/main/text_file.h"

namespace satudata::main {
namespace {

using testing::HasSubstr;

std::string Complaint(absl::string_view text) {
  const auto config = ParseConfigFile(text);
  return config.ok() ? "none" : std::string(config.status().message());
}

TEST(ConfigFile, EmptyIsAllDefaults) {
  EXPECT_EQ(ParseConfigFile("")->ByteSizeLong(), 0U);
  EXPECT_EQ(ParseConfigFile("# nothing\n")->ByteSizeLong(), 0U);
  EXPECT_EQ(ParseConfigFile("{}")->ByteSizeLong(), 0U);
}

TEST(ConfigFile, TheExampleForCkanIsOne) {
  const auto text = ReadTextFile(SATUDATA_DEPLOY_DIR "/splp-ckan.yaml");
  ASSERT_TRUE(text.ok()) << text.status();
  const auto config = ParseConfigFile(*text);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->splp().profile(), "ckan");
  EXPECT_EQ(config->splp().ckan().name_prefix(), "kab-contoh-");
  EXPECT_EQ(config->splp().ckan().refused_types(), "pdf,doc,docx,png");
}

TEST(ConfigFile, YamlAndJsonSayTheSame) {
  const auto yaml = ParseConfigFile("sipd:\n  kodepemda: 1612\n  target:\n    confirm_wait: 1m30s\n");
  const auto json = ParseConfigFile(R"({"sipd": {"kodepemda": "1612", "target": {"confirm_wait": "90s"}}})");
  ASSERT_TRUE(yaml.ok() && json.ok());
  EXPECT_EQ(yaml->sipd().kodepemda(), "1612");
  EXPECT_EQ(yaml->sipd().target().confirm_wait().seconds(), 90);
  EXPECT_EQ(yaml->SerializeAsString(), json->SerializeAsString());
}

TEST(ConfigFile, ATextThatLooksLikeANumberStaysText) {
  EXPECT_EQ(ParseConfigFile("sipd: {kodepemda: 0112}")->sipd().kodepemda(), "0112");
}

TEST(ConfigFile, ComplaintsNameLineAndKey) {
  EXPECT_THAT(Complaint("databse_url: x"),
              HasSubstr("line 1: databse_url: unknown key; known here: database_url"));
  EXPECT_THAT(Complaint("splp:\n  target: 7\n"), HasSubstr("line 2: splp.target: "));
  EXPECT_THAT(Complaint("splp:\n  target:\n    max_concurrency: many\n"),
              HasSubstr("line 3: splp.target.max_concurrency: not a whole number"));
  EXPECT_THAT(Complaint("splp:\n  target: {rate_limit: fast}\n"), HasSubstr("not a number"));
  for (const char* endless : {".inf", "inf", "-inf", "nan"}) {
    EXPECT_THAT(Complaint(absl::StrCat("splp: {target: {rate_limit: ", endless, "}}")),
                HasSubstr("not a number"));
  }
  EXPECT_THAT(Complaint("splp: {target: {settle_time: 5}}"), HasSubstr("500ms, 10s or 10m"));
  EXPECT_THAT(Complaint("splp: {target: {private_files: hide}}"), HasSubstr("write send or skip"));
  EXPECT_THAT(Complaint("database_url: a\ndatabase_url: b\n"),
              HasSubstr("line 2: database_url: given twice"));
  EXPECT_THAT(Complaint("database_url: [a, b]"), HasSubstr("one value"));
  EXPECT_THAT(Complaint("splp: {field_names: [a]}"), HasSubstr("names with their values"));
  EXPECT_THAT(Complaint("a: [\n"), HasSubstr("not YAML or JSON"));
  EXPECT_THAT(Complaint("- a\n- b\n"), HasSubstr("keys with their values"));
  EXPECT_THAT(Complaint("just text"), HasSubstr("keys with their values"));
  EXPECT_NE(Complaint("database_url: \"\xFF\""), "none");
}

TEST(ConfigFile, SecretsHaveNoKey) {
  EXPECT_THAT(Complaint("splp: {target: {api_key: k}}"), HasSubstr("unknown key"));
  EXPECT_THAT(Complaint("jwt_secret: k"), HasSubstr("unknown key"));
}

TEST(ConfigFile, SurvivesGarbage) {
  const base::Uniform dice = base::SeededUniform(3);
  constexpr char kAlphabet[] = "{}[]:,-'\"\n\t #&*!|>%@ab1splp";
  for (int round = 0; round < 5000; ++round) {
    std::string text(static_cast<size_t>(dice() * 40), ' ');
    for (char& c : text) c = kAlphabet[static_cast<size_t>(dice() * (sizeof(kAlphabet) - 1))];
    ParseConfigFile(text).IgnoreError();
    ParseRolesFile(text).IgnoreError();
  }
}

TEST(RolesFile, GivesRolesToNames) {
  const auto roles = ParseRolesFile("siti: Operator\n65f0c1: VALIDATOR\n");
  ASSERT_TRUE(roles.ok()) << roles.status();
  EXPECT_EQ(roles->Find("Siti", ""), access::Role::kOperator);
  EXPECT_EQ(roles->Find("", "65f0c1"), access::Role::kValidator);
  EXPECT_FALSE(roles->Find("budi", "7").has_value());
  EXPECT_TRUE(ParseRolesFile(R"({"siti": "Admin"})").ok());
}

TEST(RolesFile, ComplaintsNameTheLine) {
  const auto complaint = [](absl::string_view text) { return ParseRolesFile(text).status().ToString(); };
  EXPECT_THAT(complaint("siti: Operator\nbudi: King\n"), HasSubstr("line 2: no role \"King\""));
  EXPECT_THAT(complaint("siti: Operator\nsiti: Admin\n"), HasSubstr("line 2: siti is given twice"));
  EXPECT_THAT(complaint("siti: [Operator]"), HasSubstr("one role per user"));
  EXPECT_THAT(complaint("- siti"), HasSubstr("user names with their roles"));
}

}  // namespace
}  // namespace satudata::main
