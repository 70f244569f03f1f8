// CKAN as it answers when nothing goes wrong, and in its own bad ways.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

using nlohmann::json;

constexpr char kActions[] = "/splp/api/3/action/";

class CkanTest : public testing::Test {
 protected:
  explicit CkanTest(Options options = QuickOptions()) : simulator_(std::move(options)) {}

  httplib::Result Do(const std::string& action, const json& body) {
    return simulator_.Post(kActions + action, body.dump());
  }
  httplib::Result Show(const std::string& id) {
    return simulator_.Get(kActions + std::string("package_show?id=") + id);
  }
  static json Fields(const std::string& name = "data-1") {
    return {{"name", name},
            {"title", "Data"},
            {"owner_org", "walidata"},
            {"extras", {{{"key", "satudata_file_id"}, {"value", "f1"}}}}};
  }
  std::string Create() { return JsonOf(Do("package_create", Fields()))["result"]["id"]; }
  httplib::Result Upload(const std::string& action, const std::string& package_id, const std::string& bytes,
                         const std::string& resource_id = "") {
    return simulator_.client().Post(
        kActions + action, httplib::MultipartFormDataItems{{"id", resource_id, "", ""},
                                                           {"package_id", package_id, "", ""},
                                                           {"name", "data.csv", "", ""},
                                                           {"upload", bytes, "data.csv", "text/csv"}});
  }
  json Held() {
    const auto record = simulator_->truth().SplpRecord("f1");
    return record.has_value() && record->Holds() ? json::parse(*record->value) : json();
  }
  static std::string TypeOf(const httplib::Result& result) {
    return JsonOf(result)["error"].value("__type", "");
  }

  RunningSimulator simulator_;
};

TEST_F(CkanTest, APackageIsShownByNameAndByIdBeforeItHasAFile) {
  const std::string id = Create();
  EXPECT_EQ(JsonOf(Show("data-1"))["result"]["id"], id);
  EXPECT_EQ(JsonOf(Show(id))["result"]["name"], "data-1");
  EXPECT_EQ(JsonOf(Show(id))["result"]["organization"]["name"], "walidata");
  EXPECT_TRUE(JsonOf(Show(id))["result"]["resources"].empty());
}

TEST_F(CkanTest, AFileIsHeldByItsBytesAndReplacedInItsPlace) {
  const std::string id = Create();
  const json resource = JsonOf(Upload("resource_create", id, "a;b\n"))["result"];
  EXPECT_EQ(resource["size"], 4);
  EXPECT_FALSE(resource.contains("bytes_sha256"));
  EXPECT_EQ(Held()["resources"][0]["bytes_sha256"], base::Sha256Hex("a;b\n"));
  EXPECT_EQ(StatusOf(Upload("resource_update", id, "c\n", resource["id"])), 200);
  EXPECT_EQ(Held()["resources"].size(), 1U);
  EXPECT_EQ(Held()["resources"][0]["bytes_sha256"], base::Sha256Hex("c\n"));
  EXPECT_EQ(StatusOf(Upload("resource_update", id, "c\n", "another")), 404);
}

TEST_F(CkanTest, TheSameAgainIsANeedlessSecondEffect) {
  const std::string id = Create();
  const json resource = JsonOf(Upload("resource_create", id, "a;b\n"))["result"];
  EXPECT_EQ(simulator_->truth().TotalsOf(System::kSplp).needless_second_effects, 0U);
  Upload("resource_update", id, "a;b\n", resource["id"]);
  Do("package_patch", {{"id", id}, {"title", "Data"}});
  EXPECT_EQ(simulator_->truth().TotalsOf(System::kSplp).needless_second_effects, 2U);
}

TEST_F(CkanTest, AnActionOfItsOwnDeletesAsSoftly) {
  const std::string id = Create();
  const auto deleted = Do("package_delete", {{"id", "data-1"}});
  EXPECT_EQ(StatusOf(deleted), 200);
  EXPECT_EQ(JsonOf(deleted)["result"], nullptr);
  EXPECT_EQ(Held()["state"], "deleted");
  EXPECT_EQ(StatusOf(Do("package_create", Fields())), 409);
  EXPECT_EQ(StatusOf(Do("package_delete", {{"id", "nobody"}})), 404);
}

TEST_F(CkanTest, DeletionIsSoftAndTheNameStaysTaken) {
  const std::string id = Create();
  EXPECT_EQ(StatusOf(Do("package_patch", {{"id", id}, {"state", "deleted"}})), 200);
  EXPECT_EQ(JsonOf(Show("data-1"))["result"]["state"], "deleted");
  const auto again = Do("package_create", Fields());
  EXPECT_EQ(StatusOf(again), 409);
  EXPECT_EQ(JsonOf(again)["error"]["name"][0], "That URL is already in use.");
  EXPECT_EQ(StatusOf(Do("package_patch", {{"id", id}, {"state", "active"}})), 200);
  EXPECT_EQ(JsonOf(Show("data-1"))["result"]["state"], "active");
}

TEST_F(CkanTest, EveryValidationErrorIsA409WithAListPerField) {
  json fields = Fields("Not A Name");
  fields["owner_org"] = "bps";
  fields["title"] = "";
  const auto refused = Do("package_create", fields);
  EXPECT_EQ(StatusOf(refused), 409);
  EXPECT_EQ(TypeOf(refused), "Validation Error");
  for (const char* field : {"name", "owner_org", "title"})
    EXPECT_TRUE(JsonOf(refused)["error"][field].is_array()) << field;
  EXPECT_EQ(StatusOf(Do("package_create", Fields(std::string(101, 'a')))), 409);
}

TEST_F(CkanTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(StatusOf(Show("nothing")), 404);
  EXPECT_EQ(TypeOf(Show("nothing")), "Not Found Error");
  EXPECT_EQ(StatusOf(Do("package_patch", {{"id", "nothing"}})), 404);
  EXPECT_EQ(StatusOf(Upload("resource_create", "nothing", "a")), 404);
}

TEST_F(CkanTest, WhatIsNoJsonIsRefusedInABareText) {
  const auto refused = simulator_.Post(std::string(kActions) + "package_create", "{");
  EXPECT_EQ(StatusOf(refused), 400);
  EXPECT_TRUE(JsonOf(refused).is_string());
}

TEST_F(CkanTest, ListsTheOrganisationThatMayOwnDatasets) {
  const auto list =
      simulator_.Get(std::string(kActions) + "organization_list_for_user?permission=create_dataset");
  EXPECT_EQ(JsonOf(list)["result"][0]["name"], "walidata");
}

Options SmallUploads() {
  Options options = QuickOptions();
  options.ckan_max_upload = 10;
  return options;
}
struct CkanRefusalTest : CkanTest {
  CkanRefusalTest() : CkanTest(SmallUploads()) {}
};

TEST_F(CkanRefusalTest, RefusesTypesAndSizes) {
  const std::string id = Create();
  for (const char* bytes : {"%PDF-1.7", "\x89PNG\r\n", "more than that"}) {
    const auto refused = Upload("resource_create", id, bytes);
    EXPECT_EQ(StatusOf(refused), 409) << bytes;
    EXPECT_TRUE(JsonOf(refused)["error"].contains("upload")) << bytes;
  }
  EXPECT_TRUE(Held()["resources"].empty());
}

struct CkanQuirkTest : CkanTest {
  void Set(const std::string& name) { ASSERT_TRUE(simulator_->quirks().SetRates({{name, 1}}).ok()); }
};

TEST_F(CkanQuirkTest, ItsOwnShapesOfRefusalDoNothing) {
  struct Case {
    const char* quirk;
    int status;
  };
  for (const Case& item : std::vector<Case>{
           {"success-false-200", 200}, {"bare-text-400", 400}, {"forbidden", 403}, {"refused-fields", 409}}) {
    simulator_->quirks().Clear();
    Set(item.quirk);
    EXPECT_EQ(StatusOf(Do("package_create", Fields())), item.status) << item.quirk;
    EXPECT_TRUE(Held().is_null()) << item.quirk;
  }
}

TEST_F(CkanQuirkTest, SuccessesThatNameSomethingElse) {
  Set("splp.package_create/wrong-id");
  EXPECT_EQ(JsonOf(Do("package_create", Fields()))["result"]["name"], "xdata-1");
  EXPECT_EQ(Held()["name"], "data-1");
}

TEST_F(CkanQuirkTest, ShowsForAMomentWhatWasThereBefore) {
  Create();
  Set("stale-show");
  EXPECT_EQ(StatusOf(Show("data-1")), 404) << "it has just been created";
}

TEST_F(CkanQuirkTest, AFileMayComeLaterThanItsAnswer) {
  const std::string id = Create();
  Set("resource-late");
  EXPECT_EQ(StatusOf(Upload("resource_create", id, "a")), 200);
  EXPECT_TRUE(Held()["resources"].empty());
  EXPECT_EQ(simulator_->truth().Flush(), 1U);
  EXPECT_EQ(Held()["resources"].size(), 1U);
}

}  // namespace
}  // namespace satudata::simulator
