#include "server/main/settings.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/main/target_factory.h"
#include "tests/fakes/test_certificate.h"
#include "tests/unit/server/main/settings_fixture.h"

namespace satudata::main {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The public key of RFC 7517, appendix A.1.
constexpr char kKeySet[] =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
    R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"1"}]})";

TEST_F(SettingsTest, AddressesAndAKeyAreEnoughOnLoopback) {
  const Settings settings = Load();
  EXPECT_EQ(settings.grpc_listen.host, "127.0.0.1");
  EXPECT_EQ(settings.grpc_listen.port, 50051);
  EXPECT_EQ(settings.admin_listen.port, 9464);
  EXPECT_EQ(settings.database_url, "sqlite:///data/integration.db");
  EXPECT_EQ(settings.database_file, "data/integration.db");
  EXPECT_EQ(settings.data_directory, "data");
  EXPECT_EQ(settings.content_directory, "data/content");
  EXPECT_EQ(settings.lease_time, absl::Seconds(60));
  EXPECT_EQ(settings.circuit_open_time, absl::Seconds(30));
  EXPECT_EQ(settings.jwt_secret, "");
  ASSERT_TRUE(settings.splp && settings.sipd);
  EXPECT_EQ(settings.splp->connection.origin, "http://127.0.0.1:9");
  EXPECT_EQ(settings.splp->options.gateway.base_path, "/api");
  EXPECT_EQ(settings.sipd->options.gateway.base_path, "/ewalidata/serv");
  EXPECT_EQ(settings.sipd->options.traits.host, "sipd.example.go.id");
  EXPECT_EQ(settings.sipd->options.traits.settle_time, absl::Minutes(10));
  EXPECT_EQ(settings.sipd->options.gateway.credentials[0].secret(), "k3y");
  EXPECT_TRUE(MakeTargets(settings, clock_, contents_).ok());
}

TEST_F(SettingsTest, TheTablesFallbacksAreWhatTheProfilesHave) {
  const Settings settings = Load();
  EXPECT_EQ(settings.splp->options.traits.request_deadline, absl::Seconds(30));
  EXPECT_EQ(settings.splp->options.traits.settle_time, absl::Seconds(5));
  EXPECT_EQ(settings.sipd->options.traits.request_deadline, absl::Seconds(180));
  for (const auto* traits : {&settings.splp->options.traits, &settings.sipd->options.traits}) {
    EXPECT_EQ(traits->confirm_wait, absl::Minutes(2));
    EXPECT_EQ(traits->max_concurrency, 64);
    EXPECT_EQ(traits->rate_limit_per_second, 0);
  }
}

TEST_F(SettingsTest, CallersAndConnectionsHaveLimitsOfTheirOwn) {
  EdgeSettings edge = Load().edge;
  EXPECT_EQ(edge.connection_age, absl::Hours(1));
  EXPECT_EQ(edge.connection_grace, absl::Minutes(30));
  EXPECT_EQ(edge.connection_idle, absl::Minutes(15));
  EXPECT_EQ(edge.caller_max_streams, 64);
  EXPECT_EQ(edge.caller_rate, 200);
  EXPECT_EQ(edge.caller_burst, 400);
  sources_.environment["CONNECTION_GRACE"] = "0s";
  sources_.environment["CALLER_RATE_LIMIT"] = "0";
  edge = Load().edge;
  EXPECT_EQ(edge.connection_grace, absl::ZeroDuration());
  EXPECT_EQ(edge.caller_rate, 0);
}

TEST_F(SettingsTest, OneTargetIsEnough) {
  sources_.environment.erase("SIPD_API_URL");
  const Settings settings = Load();
  EXPECT_TRUE(settings.splp.has_value());
  EXPECT_FALSE(settings.sipd.has_value());
  EXPECT_EQ(MakeTargets(settings, clock_, contents_)->size(), 1U);
}

TEST_F(SettingsTest, FlagBeforeEnvironmentBeforeEnvFileBeforeConfigFileBeforeDefault) {
  UseConfig("sipd: {target: {confirm_wait: 11s}, kodepemda: '1111'}\ncontent_dir: from-config\n");
  EXPECT_EQ(Load().sipd->options.traits.confirm_wait, absl::Seconds(11));
  EXPECT_EQ(Load().content_directory, "from-config");
  EXPECT_EQ(Load().default_kodepemda, "1111");
  sources_.env_file = {
      {"SIPD_CONFIRM_WAIT", "12s"}, {"SIPD_KODEPEMDA", "1112"}, {"CONTENT_DIR", "from-env-file"}};
  EXPECT_EQ(Load().sipd->options.traits.confirm_wait, absl::Seconds(12));
  EXPECT_EQ(Load().content_directory, "from-env-file");
  EXPECT_EQ(Load().default_kodepemda, "1112");
  sources_.environment["SIPD_CONFIRM_WAIT"] = "13s";
  EXPECT_EQ(Load().sipd->options.traits.confirm_wait, absl::Seconds(13));
  sources_.flags["SIPD_CONFIRM_WAIT"] = "14s";
  EXPECT_EQ(Load().sipd->options.traits.confirm_wait, absl::Seconds(14));
}

TEST_F(SettingsTest, ATargetsOwnKeyWins) {
  sources_.environment["SPLP_API_KEY"] = "own";
  sources_.environment["SIPD_BEARER_TOKEN_FILE"] = directory_.Write("token", "  from-file\n");
  const Settings settings = Load();
  EXPECT_EQ(settings.splp->options.gateway.credentials[0].secret(), "own");
  EXPECT_EQ(settings.sipd->options.gateway.credentials[0].secret(), "from-file");
}

TEST_F(SettingsTest, EveryWrongSettingIsOneLineThatNamesIt) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"GRPC_LISTEN", "50051"},
      {"ADMIN_LISTEN", "127.0.0.1:99999"},
      {"WEB_LISTEN", "::1:80"},
      {"SPLP_API_URL", "splp"},
      {"SIPD_API_URL", "ftp://x"},
      {"SPLP_REQUEST_DEADLINE", "30"},
      {"SPLP_REQUEST_DEADLINE", "0s"},
      {"SIPD_SETTLE_TIME", "-1s"},
      {"SIPD_CONFIRM_WAIT", "inf"},
      {"SPLP_MAX_CONCURRENCY", "0"},
      {"SIPD_RATE_LIMIT", "fast"},
      {"SIPD_RATE_LIMIT", "-1"},
      {"SIPD_KODEPEMDA", "16.12"},
      {"REFLECTION", "maybe"},
      {"ALLOW_PLAINTEXT_TARGETS", "2"},
      {"LEASE_TIME", "1s"},
      {"CONNECTION_AGE", "0s"},
      {"CONNECTION_AGE", "10ms"},
      {"CONNECTION_GRACE", "-1s"},
      {"CONNECTION_IDLE", "ever"},
      {"CALLER_MAX_STREAMS", "0"},
      {"CALLER_RATE_LIMIT", "-1"},
      {"CALLER_RATE_BURST", "0.5"},
      {"WEB_TLS_CERT_FILE", "/no/such/file"},
      {"ADMIN_TLS_KEY_FILE", "/no/such/file"},
      {"CIRCUIT_OPEN_TIME", "1ms"},
      {"LOG_LEVEL", "loud"},
      {"CONFIG_FILE", "/no/such/file"},
      {"ROLES_FILE", "/no/such/file"},
      {"TLS_CERT_FILE", "/no/such/file"},
      {"SHUTDOWN_GRACE", "soon"},
      {"JWT_SECRET_FILE", "/no/such"},
      {"JWKS_FILE", "/etc/jwks"},
      {"EXTERNAL_API_KEY", "two\nlines"},
      {"SPLP_OAUTH_TOKEN_URL", "ftp://x"},
      {"CHANNELZ_LISTEN", "[::1]:7"},
      {"SPLP_OAUTH_CLIENT_SECRET_FILE", "/x"},
      {"SESSION_TIME", "10s"},
      {"SESSION_TIME", "1000h"},
      {"SESSION_COOKIE_SECURE", "2"},
      {"PORTAL_SIGN_IN_URL", "portal"},
      {"WEB_ROOT", "/no/such/directory"},
      {"WEB_MAX_STREAMS", "0"},
      {"WEB_MAX_STREAMS", "401"},
  };
  for (const auto& [name, value] : wrong) {
    const std::string complaint = ComplaintWith(name, value);
    EXPECT_THAT(complaint, StartsWith(name + ": "));
    EXPECT_THAT(complaint, Not(HasSubstr("\n"))) << name;
  }
}

TEST_F(SettingsTest, PeopleSignInForADayOverTlsUnlessSaidOtherwise) {
  EXPECT_EQ(Load().sign_in.session_time, absl::Hours(12));
  EXPECT_EQ(Load().sign_in.cookie_transport, rpc::CookieTransport::kTlsOnly);
  EXPECT_EQ(Load().sign_in.portal_url, "");
  sources_.environment["SESSION_TIME"] = "30m";
  sources_.environment["SESSION_COOKIE_SECURE"] = "off";
  EXPECT_EQ(Load().sign_in.session_time, absl::Minutes(30));
  EXPECT_EQ(Load().sign_in.cookie_transport, rpc::CookieTransport::kAny);
}

TEST_F(SettingsTest, ThePortalIsALinkThatAPageMayShow) {
  for (const char* good :
       {"https://portal.example.go.id/masuk", "http://10.0.0.1:8080/login?next=satu%20data&x=1"}) {
    sources_.environment["PORTAL_SIGN_IN_URL"] = good;
    EXPECT_EQ(Load().sign_in.portal_url, good);
  }
  for (const char* bad :
       {"javascript:alert(1)", "data:text/html,x", "//portal.example", "https://", "ftp://x",
        "https://user:secret@portal.example/", "https://portal.example/#x", "https://portal.example/a b",
        "https://portal.example/\"x", "https://portal.example?a\nb"}) {
    const std::string complaint = ComplaintWith("PORTAL_SIGN_IN_URL", bad);
    EXPECT_THAT(complaint, StartsWith("PORTAL_SIGN_IN_URL: ")) << bad;
    EXPECT_THAT(complaint, Not(HasSubstr("secret")));
  }
}

TEST_F(SettingsTest, AComplaintNamesTheFlagThatWasUsed) {
  sources_.flags["LOG_LEVEL"] = "loud";
  EXPECT_THAT(Complaint(), StartsWith("--log-level: "));
}

TEST_F(SettingsTest, NoTargetIsAComplaint) {
  sources_.environment.clear();
  EXPECT_THAT(Complaint(), HasSubstr("SPLP_API_URL: missing, and so is SIPD_API_URL"));
}

TEST_F(SettingsTest, ATargetWithoutAKeyIsAComplaint) {
  sources_.environment.erase("EXTERNAL_API_KEY");
  EXPECT_THAT(Complaint(), StartsWith("SPLP_API_KEY: missing; set it, or EXTERNAL_API_KEY"));
  sources_.environment["SPLP_API_KEY"] = "k";
  EXPECT_THAT(Complaint(), StartsWith("SIPD_BEARER_TOKEN: missing"));
}

TEST_F(SettingsTest, TokensTakeThePlaceOfTheKey) {
  sources_.environment = {{"SPLP_API_URL", "https://splp.example.go.id/api"},
                          {"SPLP_OAUTH_TOKEN_URL", "https://splp.example.go.id/oauth2/token"},
                          {"SPLP_OAUTH_CLIENT_ID", "walidata"},
                          {"SPLP_OAUTH_CLIENT_SECRET_FILE", directory_.Write("secret", "hunter2\n")}};
  const Settings settings = Load();
  ASSERT_TRUE(settings.splp && settings.splp->oauth);
  EXPECT_EQ(settings.splp->oauth->connection.origin, "https://splp.example.go.id");
  EXPECT_EQ(settings.splp->oauth->options.token_path, "/oauth2/token");
  EXPECT_EQ(settings.splp->oauth->options.client_id, "walidata");
  EXPECT_EQ(settings.splp->oauth->options.client_secret(), "hunter2");
  EXPECT_EQ(settings.splp->oauth->options.authentication, targets::ClientAuthentication::kBasic);
  ASSERT_EQ(settings.splp->options.gateway.credentials.size(), 1U);
  EXPECT_FALSE(settings.splp->options.gateway.credentials[0].secret);
  EXPECT_TRUE(MakeTargets(settings, clock_, contents_).ok());
}

TEST_F(SettingsTest, HalfAnOAuthClientIsAComplaint) {
  const std::string kUrl = "https://splp.example.go.id/oauth2/token";
  EXPECT_THAT(ComplaintWith("SPLP_OAUTH_TOKEN_URL", kUrl), StartsWith("SPLP_OAUTH_CLIENT_ID: missing"));
  EXPECT_THAT(ComplaintWith("SPLP_OAUTH_CLIENT_ID", "walidata"), StartsWith("SPLP_OAUTH_TOKEN_URL: missing"));
  sources_.environment["SPLP_OAUTH_CLIENT_ID"] = "walidata";
  EXPECT_THAT(ComplaintWith("SPLP_OAUTH_TOKEN_URL", kUrl), StartsWith("SPLP_OAUTH_CLIENT_SECRET: missing"));
}

TEST_F(SettingsTest, ATokenEndpointFollowsTheRulesForTargets) {
  sources_.environment["SPLP_OAUTH_CLIENT_ID"] = "walidata";
  sources_.environment["SPLP_OAUTH_CLIENT_SECRET"] = "hunter2";
  sources_.environment["SPLP_OAUTH_TOKEN_URL"] = "http://192.0.2.1/token";
  EXPECT_THAT(std::string(MakeTargets(Load(), clock_, contents_).status().message()),
              StartsWith("SPLP_OAUTH_TOKEN_URL: "));
}

TEST_F(SettingsTest, CertificatesComeFromTheEnvironmentToo) {
  UseConfig("sipd: {target: {ca_bundle_file: /from/config.pem}}\n");
  EXPECT_EQ(Load().sipd->connection.ca_bundle_file, "/from/config.pem");
  sources_.environment["SIPD_CA_BUNDLE_FILE"] = "/from/environment.pem";
  sources_.environment["SIPD_CLIENT_CERT_FILE"] = "/cert.pem";
  sources_.environment["SIPD_CLIENT_KEY_FILE"] = "/key.pem";
  const Settings settings = Load();
  EXPECT_EQ(settings.sipd->connection.ca_bundle_file, "/from/environment.pem");
  EXPECT_EQ(settings.sipd->connection.client_certificate_file, "/cert.pem");
  EXPECT_EQ(settings.sipd->connection.client_key_file, "/key.pem");
}

TEST_F(SettingsTest, ASecondKeyNeedsItsHeader) {
  EXPECT_THAT(ComplaintWith("SIPD_SECOND_KEY", "k"), HasSubstr("sipd.target.second_header.name"));
}

TEST_F(SettingsTest, AKeyAndItsFileTogetherAreAComplaint) {
  EXPECT_THAT(ComplaintWith("EXTERNAL_API_KEY_FILE", directory_.Write("key", "k")),
              StartsWith("EXTERNAL_API_KEY_FILE: set beside EXTERNAL_API_KEY"));
}

TEST_F(SettingsTest, ACredentialInAUrlIsRefusedAndNotRepeated) {
  const std::string complaint = ComplaintWith("SPLP_API_URL", "http://user:hunter2@127.0.0.1/");
  EXPECT_THAT(complaint, StartsWith("SPLP_API_URL: "));
  EXPECT_THAT(complaint, Not(HasSubstr("hunter2")));
}

TEST_F(SettingsTest, AnEmptyFileIsAMishapNotASilence) {
  EXPECT_THAT(ComplaintWith("TLS_CLIENT_CA_FILE", directory_.Write("empty", "\n")), HasSubstr("is empty"));
}

TEST_F(SettingsTest, ThePageIsTheOneThatWasInstalledUnlessAnotherIsNamed) {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  const std::filesystem::path share = program.parent_path().parent_path() / "share";
  ASSERT_FALSE(std::filesystem::exists(share));
  EXPECT_EQ(Load().web_root, "");
  std::filesystem::create_directories(share / "satudata-integration/dashboard");
  EXPECT_EQ(Load().web_root, (share / "satudata-integration/dashboard").string());
  sources_.environment["WEB_ROOT"] = testing::TempDir();
  EXPECT_EQ(Load().web_root, testing::TempDir());
  std::filesystem::remove_all(share);
}

TEST_F(SettingsTest, OpenToOthersNeedsASecret) {
  EXPECT_THAT(ComplaintWith("GRPC_LISTEN", "0.0.0.0:50051"), StartsWith("JWT_SECRET: missing"));
  EXPECT_THAT(ComplaintWith("WEB_LISTEN", "0.0.0.0:8080"), StartsWith("JWT_SECRET: missing"));
  sources_.environment["JWT_SECRET"] = "s3cret";
  EXPECT_EQ(ComplaintWith("GRPC_LISTEN", "0.0.0.0:50051"), "none");
  EXPECT_EQ(ComplaintWith("WEB_LISTEN", "0.0.0.0:8080"), "none");
}

TEST_F(SettingsTest, AKeySetIsAsGoodAsASecret) {
  sources_.environment["JWKS_FILE"] = directory_.Write("jwks.json", kKeySet);
  EXPECT_EQ(ComplaintWith("GRPC_LISTEN", "0.0.0.0:50051"), "none");
  sources_.environment["JWT_ISSUER"] = "https://sso.example.go.id";
  sources_.environment["JWT_AUDIENCE"] = "satudata";
  const Settings settings = Load();
  EXPECT_EQ(settings.key_set.size(), 1);
  EXPECT_EQ(settings.token_issuer, "https://sso.example.go.id");
  EXPECT_EQ(settings.token_audience, "satudata");
}

TEST_F(SettingsTest, ABrokenKeySetIsNamedWithItsFile) {
  const std::string path = directory_.Write("jwks.json", R"({"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]})");
  EXPECT_THAT(ComplaintWith("JWKS_FILE", path), StartsWith("JWKS_FILE: " + path + " keys[0] is too small"));
  EXPECT_THAT(ComplaintWith("JWT_ISSUER", "x"), StartsWith("JWT_ISSUER: needs JWKS_FILE"));
}

TEST_F(SettingsTest, ACertificateThatCannotServeStopsTheStart) {
  clock_.SetWallTime(absl::Now());
  const auto ours = fakes::MakeCertificate("localhost", nullptr);
  const auto other = fakes::MakeCertificate("other.test", nullptr);
  sources_.environment["TLS_CERT_FILE"] = ours.WriteCertificate(directory_.path());
  EXPECT_THAT(ComplaintWith("TLS_KEY_FILE", other.WriteKey(directory_.path())),
              HasSubstr("is not that of the first certificate"));
  sources_.environment["TLS_KEY_FILE"] = ours.WriteKey(directory_.path());
  EXPECT_EQ(Load().tls.certificate_chain, ours.CertificatePem());
  clock_.Advance(absl::Hours(2));
  EXPECT_THAT(Complaint(), HasSubstr("has expired"));
}

TEST_F(SettingsTest, TlsNeedsBothHalves) {
  const std::string pem = directory_.Write("cert.pem", "PEM");
  EXPECT_THAT(ComplaintWith("TLS_CERT_FILE", pem), StartsWith("TLS_KEY_FILE: missing"));
  EXPECT_THAT(ComplaintWith("TLS_KEY_FILE", pem), StartsWith("TLS_CERT_FILE: missing"));
  EXPECT_THAT(ComplaintWith("TLS_CLIENT_CA_FILE", pem), StartsWith("TLS_CLIENT_CA_FILE: needs TLS"));
}

TEST_F(SettingsTest, VariablesThatAreNotOursAreIgnored) {
  sources_.environment["MONGO_URL"] = "mongodb://x";
  sources_.environment["PORT"] = "5000";
  Load();
}

TEST_F(SettingsTest, AnEmptyVariableIsNone) {
  sources_.environment["GRPC_LISTEN"] = "";
  EXPECT_EQ(Load().grpc_listen.port, 50051);
}

TEST_F(SettingsTest, TheSummaryHoldsNoSecret) {
  sources_.environment["JWT_SECRET"] = "hunter2";
  const std::string summary = Load().summary;
  EXPECT_THAT(summary, HasSubstr("JWT_SECRET=(set)"));
  EXPECT_THAT(summary, HasSubstr("SPLP_API_URL=http://127.0.0.1:9/api/"));
  EXPECT_THAT(summary, Not(HasSubstr("hunter2")));
  EXPECT_THAT(summary, Not(HasSubstr("k3y")));
  for (const char* url : {"postgresql://siti:hunter2@db/x", "postgresql://db/x?user=siti&password=hunter2"}) {
    sources_.environment["DATABASE_URL"] = url;
    EXPECT_THAT(Load().summary, HasSubstr("DATABASE_URL=(set)"));
  }
}

TEST_F(SettingsTest, PlainHttpToAnotherMachineMustBeAllowed) {
  sources_.environment["SPLP_API_URL"] = "http://192.0.2.1/";
  EXPECT_THAT(std::string(MakeTargets(Load(), clock_, contents_).status().message()),
              StartsWith("SPLP_API_URL: "));
  sources_.environment["ALLOW_PLAINTEXT_TARGETS"] = "true";
  EXPECT_TRUE(MakeTargets(Load(), clock_, contents_).ok());
}

TEST_F(SettingsTest, ASecretIsMadeOnceAndForThisUserAlone) {
  sources_.environment["DATABASE_URL"] = "sqlite:///" + directory_.Path("deep/er/test.db");
  const Settings settings = Load();
  const std::string secret = JwtSecretOf(settings).value();
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_EQ(JwtSecretOf(settings).value(), secret);
  const std::string path = directory_.Path("deep/er/jwt_secret");
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  chmod(path.c_str(), 0644);
  EXPECT_THAT(std::string(JwtSecretOf(settings).status().message()), HasSubstr("chmod 600"));
}

TEST_F(SettingsTest, ASecretThatWasGivenIsUsed) {
  sources_.environment["JWT_SECRET"] = "given";
  EXPECT_EQ(JwtSecretOf(Load()).value(), "given");
}

TEST_F(SettingsTest, ChoosesTheProfileOfSplp) {
  sources_.environment["SPLP_PROFILE"] = "ckan";
  sources_.environment["SPLP_CKAN_OWNER_ORG"] = "walidata";
  const Settings settings = Load();
  EXPECT_FALSE(settings.splp.has_value());
  ASSERT_TRUE(settings.ckan.has_value());
  const targets::ckan::Options& options = settings.ckan->options;
  EXPECT_EQ(options.owner_org, "walidata");
  EXPECT_EQ(options.gateway.credentials[0].name, "Authorization");
  EXPECT_EQ(options.gateway.credentials[0].prefix, "") << "no Bearer";
  EXPECT_EQ(options.traits.profile, "ckan");
  EXPECT_EQ(options.traits.request_deadline, absl::Seconds(120));
  EXPECT_EQ(options.max_file_bytes, 50LL << 20);
  EXPECT_EQ(MakeTargets(settings, clock_, contents_)->front()->traits().name, "splp");
}

TEST_F(SettingsTest, SaysWhatIsWrongWithAProfile) {
  sources_.environment["SPLP_PROFILE"] = "dkan";
  EXPECT_THAT(Complaint(), StartsWith("SPLP_PROFILE: \"dkan\" is no profile of SPLP"));
  sources_.environment["SPLP_PROFILE"] = "ckan";
  EXPECT_THAT(Complaint(), StartsWith("SPLP_CKAN_OWNER_ORG: missing with the profile ckan"));
  sources_.environment["SPLP_CKAN_OWNER_ORG"] = "walidata";
  sources_.environment["SPLP_CKAN_REFUSED_TYPES"] = "pdf;doc";
  EXPECT_THAT(Complaint(), StartsWith("SPLP_CKAN_REFUSED_TYPES: must be types"));
  sources_.environment.erase("SPLP_CKAN_REFUSED_TYPES");
  sources_.environment["SPLP_CKAN_MAX_FILE_BYTES"] = "0";
  EXPECT_THAT(Complaint(), StartsWith("SPLP_CKAN_MAX_FILE_BYTES: "));
}

}  // namespace
}  // namespace satudata::main
