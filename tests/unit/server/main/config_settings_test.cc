// What CONFIG_FILE brings to the settings.
#include <fstream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/main/settings.h"
#include "server/main/target_factory.h"
#include "tests/unit/server/main/settings_fixture.h"

namespace satudata::main {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using ConfigSettingsTest = SettingsTest;

TEST_F(ConfigSettingsTest, TheConfigFileReachesTheProfiles) {
  UseConfig(R"(
splp:
  collection_path: /v2/datasets
  id_pointer: /result/id
  field_names: {dataset_id: id, producer: opd}
  target:
    credential: {name: apikey, prefix: none}
    second_header: {name: auth, prefix: "Bearer "}
    private_files: skip
    max_concurrency: 3
    rate_limit: 0.2
    request_deadline: 1m
    read_deadline: 20s
    read_interval: 500ms
    user_agent: portal/1
sipd:
  batch_size: 25
  row_key: "{kodeindikator}.{tahun}"
  endpoint_paths: {push_dssd: /push, push_disable_dssd: /cabut, get_ref_dssd: /ref}
  withdrawal_fields: {alasan: keterangan, tahun: none}
  push_fields: {data: nilai}
  unit_aliases: {"kab/kt": Kabupaten/Kota}
  withdrawal_proof: disabled
  decimal_style: comma
  reference_ttl: 6h
column_headings: {Kd Ind: kodeindikator, Kode: kodeindikator, Angka Akhir: nilai}
)");
  const Settings settings = Load();
  EXPECT_THAT(settings.column_aliases.code, testing::UnorderedElementsAre("Kd Ind", "Kode"));
  EXPECT_THAT(settings.column_aliases.value, testing::ElementsAre("Angka Akhir"));
  const auto& splp = settings.splp->options;
  EXPECT_EQ(splp.collection_path, "/v2/datasets");
  EXPECT_EQ(splp.id_pointer, "/result/id");
  EXPECT_EQ(splp.field_names.at("producer"), "opd");
  ASSERT_EQ(splp.gateway.credentials.size(), 2U);
  EXPECT_EQ(splp.gateway.credentials[0].name, "apikey");
  EXPECT_EQ(splp.gateway.credentials[0].prefix, "");
  EXPECT_EQ(splp.gateway.credentials[1].name, "auth");
  EXPECT_EQ(splp.gateway.credentials[1].prefix, "Bearer ");
  EXPECT_EQ(splp.gateway.credentials[1].secret(), "k3y");
  EXPECT_TRUE(splp.traits.withhold_private_files);
  EXPECT_EQ(splp.traits.max_concurrency, 3);
  EXPECT_EQ(splp.traits.rate_limit_per_second, 0.2);
  EXPECT_EQ(splp.traits.request_deadline, absl::Minutes(1));
  EXPECT_EQ(splp.traits.read_deadline, absl::Seconds(20));
  EXPECT_EQ(splp.traits.read_interval, absl::Milliseconds(500));
  EXPECT_EQ(settings.splp->connection.user_agent, "portal/1");
  const auto& sipd = settings.sipd->options;
  EXPECT_EQ(sipd.traits.max_batch_records, 25U);
  EXPECT_EQ(sipd.row_key_template, "{kodeindikator}.{tahun}");
  EXPECT_EQ(sipd.push_path, "/push");
  EXPECT_EQ(sipd.references_path, "/ref");
  EXPECT_EQ(sipd.withdraw_path, "/cabut");
  EXPECT_EQ(sipd.withdrawal_fields.at("alasan"), "keterangan");
  EXPECT_EQ(sipd.withdrawal_fields.at("tahun"), "");
  EXPECT_EQ(sipd.traits.withdrawal_proof, sync::WithdrawalProof::kListed);
  EXPECT_EQ(sipd.push_fields.at("data"), "nilai");
  EXPECT_TRUE(sipd.units.AreSame("Kab/Kt", "kabupaten/kota"));
  EXPECT_EQ(sipd.values_path, "/get_dssd");
  EXPECT_EQ(sipd.number_style, targets::ewalidata::NumberStyle::kComma);
  EXPECT_EQ(sipd.reference_ttl, absl::Hours(6));
}

TEST_F(ConfigSettingsTest, WhatTheConfigFileNamesMustBeThere) {
  UseConfig("sipd: {push_fields: {nilai: data}}");
  EXPECT_THAT(Complaint(), HasSubstr("sipd.push_fields.nilai"));
  UseConfig("sipd: {unit_aliases: {kab: \"\"}}");
  EXPECT_THAT(Complaint(), HasSubstr("sipd.unit_aliases.kab"));
  UseConfig("column_headings: {Kd Ind: kode}");
  EXPECT_THAT(Complaint(), HasSubstr("column_headings.Kd Ind"));
}

TEST_F(ConfigSettingsTest, TheExamplesAreTaken) {
  for (const char* example : {"config.example.yaml", "splp-ckan.yaml"}) {
    std::ifstream file(std::string(SATUDATA_DEPLOY_DIR "/") + example);
    ASSERT_TRUE(file.is_open()) << example;
    UseConfig(std::string(std::istreambuf_iterator<char>(file), {}));
    EXPECT_TRUE(Load().splp.has_value() || Load().ckan.has_value()) << example;
  }
}

TEST_F(ConfigSettingsTest, TheConfigFileReachesTheTokenEndpoint) {
  UseConfig(R"(
splp:
  oauth: {token_url: "https://id.example/token", client_id: walidata, client_authentication: form, scope: a b}
  target: {second_header: {name: x-api-key, prefix: none}}
)");
  sources_.environment["SPLP_OAUTH_CLIENT_SECRET"] = "hunter2";
  sources_.environment["SPLP_SECOND_KEY"] = "another";
  const Settings settings = Load();
  ASSERT_TRUE(settings.splp && settings.splp->oauth);
  EXPECT_EQ(settings.splp->oauth->options.authentication, targets::ClientAuthentication::kForm);
  EXPECT_EQ(settings.splp->oauth->options.scope, "a b");
  ASSERT_EQ(settings.splp->options.gateway.credentials.size(), 2U);
  EXPECT_EQ(settings.splp->options.gateway.credentials[1].secret(), "another");
}

TEST_F(ConfigSettingsTest, AFieldThatTheContractDoesNotHaveIsAComplaint) {
  UseConfig("splp: {field_names: {produser: opd}}\n");
  EXPECT_THAT(Complaint(), testing::AllOf(HasSubstr("splp.field_names.produser"), HasSubstr("producer")));
}

TEST_F(ConfigSettingsTest, ConfigFileComplaintsNameTheLineAndTheKey) {
  UseConfig("database_url: sqlite:///x.db\nsplp:\n  target:\n    api_ulr: http://x\n");
  EXPECT_THAT(Complaint(), testing::AllOf(StartsWith("CONFIG_FILE: "),
                                          HasSubstr("line 4: splp.target.api_ulr"), HasSubstr("api_url")));
  UseConfig("splp: {profile: \"a\\\n\"}\n");  // What is quoted of it is the end of the line.
  EXPECT_EQ(Complaint().find('\n'), std::string::npos) << Complaint();
  UseConfig("sipd: {endpoint_paths: {push: /push}}\n");
  EXPECT_THAT(Complaint(), HasSubstr("sipd.endpoint_paths.push"));
  UseConfig("sipd: {withdrawal_fields: {reason: alasan}}\n");
  EXPECT_THAT(Complaint(), HasSubstr("sipd.withdrawal_fields.reason"));
}

TEST_F(ConfigSettingsTest, TheConfigFileReachesCkan) {
  UseConfig(R"(
splp:
  profile: ckan
  target: {credential: {name: X-CKAN-API-Key, prefix: "Token "}}
  ckan:
    owner_org: walidata
    name_prefix: kab-pali-
    action_path: /data/api/action
    refused_types: pdf
    max_file_bytes: 1000
)");
  const targets::ckan::Options options = Load().ckan->options;
  EXPECT_EQ(options.gateway.credentials[0].name, "X-CKAN-API-Key");
  EXPECT_EQ(options.gateway.credentials[0].prefix, "Token ");
  EXPECT_EQ(options.name_prefix, "kab-pali-");
  EXPECT_EQ(options.action_path, "/data/api/action");
  EXPECT_THAT(options.refused_types, testing::ElementsAre("pdf"));
  EXPECT_EQ(options.max_file_bytes, 1000);
  sources_.environment["SPLP_CKAN_REFUSED_TYPES"] = "PDF, zip";
  sources_.environment["SPLP_CKAN_MAX_FILE_BYTES"] = "2000";
  EXPECT_THAT(Load().ckan->options.refused_types, testing::ElementsAre("pdf", "zip"));
  EXPECT_EQ(Load().ckan->options.max_file_bytes, 2000);
  sources_.environment["SPLP_CKAN_REFUSED_TYPES"] = "none";
  EXPECT_THAT(Load().ckan->options.refused_types, testing::IsEmpty());
}

}  // namespace
}  // namespace satudata::main
