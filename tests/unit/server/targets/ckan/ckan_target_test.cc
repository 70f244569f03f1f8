#include "server/targets/ckan/ckan_target.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "tests/unit/server/targets/ckan/memory_content.h"
#include "tests/unit/server/targets/scripted_server.h"

namespace satudata::targets::ckan {
namespace {

using Json = nlohmann::json;
using catalog::Reason;
using sync::Effect;
using sync::Ruling;
using sync::VerdictKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kBytes[] = "a;b\n1;2\n";
constexpr char kNotFound[] =
    R"({"success":false,"error":{"__type":"Not Found Error","message":"Not found"}})";
constexpr char kForbidden[] =
    R"({"success":false,"error":{"__type":"Authorization Error","message":"Access denied"}})";
constexpr char kRefused[] =
    R"({"success":false,"error":{"__type":"Validation Error","title":["Terlalu panjang"]}})";
constexpr char kNameInUse[] =
    R"({"success":false,"error":{"__type":"Validation Error","name":["That URL is already in use."]}})";
constexpr char kUploaded[] = R"({"success":true,"result":{"id":"r1","package_id":"p1"}})";
constexpr char kMember[] = R"({"success":true,"result":[{"id":"o1","name":"walidata"}]})";

class CkanTargetTest : public ::testing::Test {
 protected:
  CkanTargetTest() {
    contents_.files["data.csv"] = kBytes;
    file_ = {.file_id = "65f0",
             .name = "Jumlah Puskesmas",
             .producer = "Dinas Kesehatan",
             .file_name = "data.csv",
             .verification = catalog::Verification::kVerified,
             .content_sha256 = base::Sha256Hex(kBytes),
             .content_size_bytes = sizeof(kBytes) - 1};
  }
  CkanTarget NewTarget(Options options = {}) {
    options.gateway.base_path = "/splp";
    options.gateway.credentials[0].secret = [] { return std::string("t0ken"); };
    options.owner_org = "walidata";
    return CkanTarget(std::move(options), server_.NewClient(clock_), clock_, contents_);
  }
  base::Deadline Soon() { return base::Deadline::After(clock_, absl::Seconds(10)); }

  // What package_show says of `file` once all of it is there; without a resource before that.
  static Json Package(const catalog::CatalogFile& file, bool with_resource = true) {
    const Dataset dataset = DatasetOf(file);
    Json package = Json::parse(CreateBody(dataset, "satudata-65f0", "walidata"));
    package["id"] = "p1";
    package["state"] = "active";
    package["organization"] = {{"id", "o1"}, {"name", "walidata"}};
    Json resource = {{"id", "r1"}, {"url_type", "upload"}};
    for (const auto& [name, value] : ResourceFields(dataset, "p1", "r1", "csv")) resource[name] = value;
    package["resources"] = with_resource ? Json({resource}) : Json::array();
    return package;
  }
  static std::string Success(const Json& result) {
    return Json({{"success", true}, {"result", result}}).dump();
  }
  void Show(const Json& package) { Answer("package_show", 200, Success(package)); }
  void Answer(const std::string& action, int status, const std::string& body) {
    for (const char* method : {"GET", "POST"})
      server_.Answer(std::string(method) + " /splp/api/3/action/" + action, status, body);
  }
  sync::SendResult Send() {
    CkanTarget target = NewTarget();
    const sync::Projection projection = target.Project(file_, {}, {});
    EXPECT_TRUE(projection.rejected.ok());
    const std::vector<sync::OutboundRecord> records = {projection.records.at(0).record};
    return target.Send(records, Soon(), "");
  }
  static Ruling RulingOf(const sync::SendResult& result) { return result.verdict.records.at(0).ruling; }
  std::vector<std::string> Actions() {
    std::vector<std::string> actions;
    for (const SeenRequest& request : server_.Seen()) {
      const std::string path = request.line.substr(request.line.rfind('/') + 1);
      actions.push_back(path.substr(0, path.find('?')));
    }
    return actions;
  }

  base::SystemClock clock_;
  ScriptedServer server_;
  MemoryContentSource contents_;
  catalog::CatalogFile file_;
};

TEST_F(CkanTargetTest, WhatItMadeForAFileThatIsRefusedIsDeletedAgain) {
  Answer("package_show", 404, kNotFound);
  Answer("package_create", 200, Success(Package(file_, false)));
  Answer("resource_create", 409, kRefused);
  Answer("package_delete", 200, R"({"success":true,"result":null})");
  const sync::SendResult result = Send();
  EXPECT_EQ(RulingOf(result), Ruling::kRejected);
  EXPECT_THAT(Actions(), ElementsAre("package_show", "package_create", "resource_create", "package_delete"));
  EXPECT_EQ(Json::parse(server_.Seen().back().body), Json({{"id", "p1"}}));
  EXPECT_THAT(result.verdict.records[0].failure.field_violations,
              ElementsAre(catalog::FieldViolation{"title", "Terlalu panjang"}));
}

TEST_F(CkanTargetTest, SoIsWhatAnErrandThatBrokeOffMadeForTheSameFile) {
  Show(Package(file_, false));
  Answer("resource_create", 409, kRefused);
  Answer("package_delete", 200, R"({"success":true,"result":null})");
  EXPECT_EQ(RulingOf(Send()), Ruling::kRejected);
  EXPECT_THAT(Actions(), ElementsAre("package_show", "resource_create", "package_delete"));
}

TEST_F(CkanTargetTest, WhatWasThereBeforeStaysWhenItsNewFileIsRefused) {
  catalog::CatalogFile before = file_;
  before.content_sha256 = base::Sha256Hex("other");
  Show(Package(before));
  Answer("resource_update", 409, kRefused);
  EXPECT_EQ(RulingOf(Send()), Ruling::kRejected);
  EXPECT_THAT(Actions(), ElementsAre("package_show", "resource_update"));
}

TEST_F(CkanTargetTest, ARefusalSaysThatTheDatasetWasLeftWithoutItsFile) {
  Answer("package_show", 404, kNotFound);
  Answer("package_create", 200, Success(Package(file_, false)));
  Answer("resource_create", 409, kRefused);
  Answer("package_delete", 500, "");
  const sync::SendResult result = Send();
  EXPECT_EQ(RulingOf(result), Ruling::kRejected);
  EXPECT_EQ(result.verdict.records[0].failure.field_violations.back().field, "satudata-65f0");
}

TEST_F(CkanTargetTest, CreatesThePackageThenUploadsTheFile) {
  Answer("package_show", 404, kNotFound);
  Answer("package_create", 200, Success(Package(file_, false)));
  Answer("resource_create", 200, kUploaded);
  const sync::SendResult result = Send();
  ASSERT_EQ(result.verdict.kind, VerdictKind::kJudged);
  EXPECT_EQ(RulingOf(result), Ruling::kAccepted);
  EXPECT_EQ(result.verdict.records[0].remote_id, "p1");
  EXPECT_THAT(Actions(), ElementsAre("package_show", "package_create", "resource_create"));
  const std::vector<SeenRequest> seen = server_.Seen();
  EXPECT_EQ(seen[0].line, "GET /splp/api/3/action/package_show?id=satudata-65f0");
  EXPECT_EQ(seen[0].Header("Authorization"), "t0ken");
  EXPECT_THAT(seen[1].body, HasSubstr("\"owner_org\":\"walidata\""));
  EXPECT_THAT(result.exchanges.at(2).request_body, HasSubstr("8 bytes of data.csv"));
}

TEST_F(CkanTargetTest, RendersThePackageAsItIsThenMade) {
  Answer("package_show", 404, kNotFound);
  Answer("package_create", 200, Success(Package(file_, false)));
  Answer("resource_create", 200, kUploaded);
  const CkanTarget target = NewTarget();
  const std::vector<sync::OutboundRecord> records = {target.Project(file_, {}, {}).records.at(0).record};
  const std::vector<sync::PlannedRequest> rendered = target.Render(records);
  ASSERT_EQ(rendered.size(), 1);
  EXPECT_EQ(rendered[0].operation, "package_create");
  EXPECT_TRUE(server_.Seen().empty());
  Send();
  EXPECT_EQ(Json::parse(rendered[0].body), Json::parse(server_.Seen().at(1).body));
}

TEST_F(CkanTargetTest, WhatIsThereIsConfirmedWithoutWriting) {
  Show(Package(file_));
  EXPECT_EQ(RulingOf(Send()), Ruling::kConfirmed);
  EXPECT_THAT(Actions(), ElementsAre("package_show"));
}

TEST_F(CkanTargetTest, FinishesWhatABrokenUploadLeft) {
  Show(Package(file_, false));
  Answer("resource_create", 200, kUploaded);
  EXPECT_EQ(RulingOf(Send()), Ruling::kAccepted);
  EXPECT_THAT(Actions(), ElementsAre("package_show", "resource_create"));
}

TEST_F(CkanTargetTest, SendsTheFileBeforeTheMetadataThatNamesIt) {
  catalog::CatalogFile before = file_;
  before.name = "Lama";
  before.content_sha256 = base::Sha256Hex("old");
  Show(Package(before));
  Answer("resource_update", 200, kUploaded);
  Answer("package_patch", 200, Success(Package(file_)));
  EXPECT_EQ(RulingOf(Send()), Ruling::kAccepted);
  EXPECT_THAT(Actions(), ElementsAre("package_show", "resource_update", "package_patch"));
}

TEST_F(CkanTargetTest, RevivesADeletedPackageFirst) {
  Json package = Package(file_);
  package["state"] = "deleted";
  Show(package);
  Answer("package_patch", 200, Success(Package(file_)));
  EXPECT_EQ(RulingOf(Send()), Ruling::kAccepted);
  EXPECT_THAT(Actions(), ElementsAre("package_show", "package_patch"));
}

TEST_F(CkanTargetTest, ARefusalAfterHalfOfAChangeIsNoRefusalYet) {
  catalog::CatalogFile before = file_;
  before.name = "Lama";
  before.content_sha256 = base::Sha256Hex("old");
  Show(Package(before));
  Answer("resource_update", 200, kUploaded);
  Answer("package_patch", 409, kRefused);
  EXPECT_EQ(RulingOf(Send()), Ruling::kUnknown) << "the former version is no longer there";
}

TEST_F(CkanTargetTest, AThrottleAfterHalfOfAChangeMayHaveHadAnEffect) {
  catalog::CatalogFile before = file_;
  before.name = "Lama";
  before.content_sha256 = base::Sha256Hex("old");
  Show(Package(before));
  Answer("resource_update", 200, kUploaded);
  Answer("package_patch", 429, "");
  const sync::SendResult result = Send();
  EXPECT_EQ(result.verdict.kind, VerdictKind::kThrottled);
  EXPECT_EQ(result.verdict.effect, Effect::kPossible);
}

TEST_F(CkanTargetTest, ALookThatFailsHasNoEffect) {
  Answer("package_show", 503, "");
  EXPECT_EQ(Send().verdict.effect, Effect::kNone);
}

TEST_F(CkanTargetTest, ANameThatIsTakenByNobodyIsUnknown) {
  Answer("package_show", 404, kNotFound);
  Answer("package_create", 409, kNameInUse);
  EXPECT_EQ(Send().verdict.kind, VerdictKind::kUnknown);
  EXPECT_THAT(Actions(), ElementsAre("package_show", "package_create", "package_show"));
}

TEST_F(CkanTargetTest, AnotherOrganisationsDatasetIsNotTouched) {
  Json package = Package(file_);
  package["organization"] = {{"id", "o2"}, {"name", "bps"}};
  package["owner_org"] = "o2";
  package["title"] = "Lain";
  Show(package);
  const sync::SendResult result = Send();
  EXPECT_EQ(RulingOf(result), Ruling::kRejected);
  EXPECT_EQ(result.verdict.records[0].failure.reason, Reason::kNameTaken);
  EXPECT_THAT(Actions(), ElementsAre("package_show"));
}

TEST_F(CkanTargetTest, NothingIsWrittenOfBytesThatWereNotVerified) {
  Answer("package_show", 404, kNotFound);
  contents_.before_open = [this](int opened) {
    if (opened == 1) contents_.files["data.csv"] = "a;b\n1;3\n";  // After it was planned.
  };
  const sync::SendResult result = Send();
  EXPECT_EQ(RulingOf(result), Ruling::kRejected);
  EXPECT_EQ(result.verdict.records[0].failure.reason, Reason::kContentChanged);
  EXPECT_FALSE(result.verdict.records[0].is_lasting);
  EXPECT_THAT(Actions(), ElementsAre("package_show"));
}

TEST_F(CkanTargetTest, BytesThatChangeAtTheLastMomentNeverArriveWhole) {
  Show(Package(file_, false));
  contents_.before_open = [this](int opened) {
    if (opened == 2) contents_.files["data.csv"] = "a;b\n1;3\n";  // After they were checked.
  };
  const sync::SendResult result = Send();
  ASSERT_EQ(result.verdict.kind, VerdictKind::kJudged);
  EXPECT_EQ(RulingOf(result), Ruling::kUnknown);
  EXPECT_EQ(result.verdict.records[0].failure.reason, Reason::kContentChanged);
  EXPECT_THAT(Actions(), ElementsAre("package_show"));
}

TEST_F(CkanTargetTest, AccessDeniedIsTheTargetsDoingUnlessOthersAreAllowed) {
  Answer("package_show", 403, kForbidden);
  Answer("organization_list_for_user", 200, R"({"success":true,"result":[]})");
  EXPECT_EQ(Send().verdict.kind, VerdictKind::kUnauthorized);
  EXPECT_FALSE(NewTarget().Read("65f0", Soon()).observation.has_value());
}

TEST_F(CkanTargetTest, AccessDeniedToOneDatasetIsThatDatasetsRefusal) {
  Answer("package_show", 403, kForbidden);
  Answer("organization_list_for_user", 200, kMember);
  EXPECT_EQ(RulingOf(Send()), Ruling::kRejected);
  EXPECT_TRUE(NewTarget().Read("65f0", Soon()).observation->values.empty());
}

TEST_F(CkanTargetTest, ReadsWhatIsWhole) {
  Show(Package(file_));
  CkanTarget target = NewTarget();
  const sync::ReadResult read = target.Read("65f0", Soon());
  ASSERT_TRUE(read.observation.has_value());
  ASSERT_TRUE(read.observation->values.contains("65f0"));
  EXPECT_EQ(read.observation->values.at("65f0").hash, target.Project(file_, {}, {}).records[0].record.hash);
  EXPECT_EQ(read.observation->values.at("65f0").remote_id, "p1");
}

TEST_F(CkanTargetTest, APackageWithoutItsFileIsNothingYet) {
  Show(Package(file_, false));
  EXPECT_TRUE(NewTarget().Read("65f0", Soon()).observation->values.empty());
}

TEST_F(CkanTargetTest, ChecksThatWeMayCreateDatasets) {
  Answer("organization_list_for_user", 200, kMember);
  EXPECT_TRUE(NewTarget().Check(Soon()).healthy);
}

TEST_F(CkanTargetTest, ACheckSaysThatWeMayNot) {
  Answer("organization_list_for_user", 200, R"({"success":true,"result":[{"id":"o2","name":"bps"}]})");
  const sync::CheckResult check = NewTarget().Check(Soon());
  EXPECT_FALSE(check.healthy);
  EXPECT_EQ(check.failure.reason, Reason::kCredentialsRefused);
  EXPECT_THAT(check.failure.args.at("detail"), HasSubstr("walidata"));
}

TEST_F(CkanTargetTest, JudgesTheFileBeforeAnythingIsSent) {
  const CkanTarget target = NewTarget({.refused_types = {"pdf"}, .max_file_bytes = 10});
  EXPECT_TRUE(target.Project(file_, {}, {}).rejected.ok());
  EXPECT_TRUE(target.Project(file_, {}, {.reason = Reason::kColumnMissing}).rejected.ok())
      << "values are not what it takes";
  EXPECT_EQ(target.Project(file_, {}, {.reason = Reason::kContentMissing}).rejected.reason,
            Reason::kContentMissing);
  catalog::CatalogFile file = file_;
  file.content_sha256 = "";
  EXPECT_EQ(target.Project(file, {}, {}).rejected.reason, Reason::kContentMissing);
  file.content_sha256 = base::Sha256Hex("%PDF-1.7");
  contents_.files["data.csv"] = "%PDF-1.7";
  EXPECT_EQ(target.Project(file, {}, {}).rejected.reason, Reason::kContentTypeRefused);
  file.content_size_bytes = 11;
  EXPECT_EQ(target.Project(file, {}, {}).rejected.reason, Reason::kContentTooLarge);
  file.name = "";
  EXPECT_EQ(target.Project(file, {}, {}).rejected.reason, Reason::kMetadataMissing);
  file.is_public = false;
  EXPECT_EQ(target.Project(file, {}, {}).skipped.reason, Reason::kNone);
}

}  // namespace
}  // namespace satudata::targets::ckan
