// File: store_edge.h
//
// The real edge over a real store in a directory of the test's own: what a page asks for, through gRPC.
#ifndef TESTS_INTEGRATION_STORE_EDGE_H_
#define TESTS_INTEGRATION_STORE_EDGE_H_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/base/random.h"
#include "server/catalog/catalog.h"
#include "server/store/durable_store.h"
#include "tests/fakes/fake_target.h"
#include "tests/integration/rpc_fixture.h"

namespace satudata::rpc {

class StoreEdgeTest : public testing::Test {
 protected:
  StoreEdgeTest()
      : directory_(std::filesystem::temp_directory_path() / absl::StrCat("edge-test-", base::NewUuid())) {
    std::filesystem::create_directories(directory_);
    auto store = store::OpenStore(
        {.database_url = absl::StrCat("sqlite:///", (directory_ / "test.db").string())}, clock_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    catalog_ = std::make_unique<catalog::Catalog>(*store_, clock_,
                                                  catalog::ContentOptions{.directory = directory_.string()});
    edge_ = std::make_unique<RpcEdge>(
        RpcOptions{.store = store_.get(), .catalog = catalog_.get(), .targets = {&sipd_, &splp_}});
  }
  ~StoreEdgeTest() override {
    edge_.reset();
    catalog_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  // Calls as a Viewer who reads English.
  template <typename Stub, typename Method, typename Request, typename Response>
  grpc::Status Ask(const std::unique_ptr<Stub>& stub, Method method, const Request& request,
                   Response* response) {
    grpc::ClientContext context;
    edge_->SignIn(context, "Viewer");
    context.AddMetadata("accept-language", "en");
    return ((*stub).*method)(&context, request, response);
  }

  void PutFile(const std::string& file_id, std::vector<catalog::IndicatorValue> values = {}) {
    catalog::FileWithValues file{.file = {.file_id = file_id,
                                          .name = "Jumlah Penduduk",
                                          .verification = catalog::Verification::kVerified},
                                 .values = std::move(values)};
    file.file.has_inline_values = !file.values.empty();
    const auto outcomes = catalog_->Import({file});
    ASSERT_TRUE(outcomes.front().ok()) << outcomes.front().status();
  }
  void CreateRun(const std::string& run_id) {
    sync::Run run;
    run.run_id = run_id;
    run.request = {.kind = sync::RunKind::kSyncAll, .targets = {"sipd", "splp"}, .requested_by = "siti"};
    run.create_time = clock_.Now();
    ASSERT_TRUE(store_->CreateRun({run, "fingerprint"}).ok());
  }
  // A new delivery; its records have `keys` and its state.
  void PutDelivery(const std::string& run_id, const std::string& delivery_id, const std::string& file_id,
                   sync::State state, catalog::Reason reason = catalog::Reason::kNone,
                   const std::string& target = "splp", const std::vector<std::string>& keys = {}) {
    sync::Delivery delivery;
    delivery.delivery_id = delivery_id;
    delivery.run_id = run_id;
    delivery.file_id = file_id;
    delivery.target = target;
    delivery.state = state;
    delivery.failure.reason = reason;
    delivery.create_time = delivery.update_time = clock_.Now();
    sync::Change change{.run_id = run_id};
    for (const std::string& key : keys) {
      sync::Record record{.key = key, .scope = "s", .state = state};
      change.records.push_back({delivery_id, static_cast<int64_t>(change.records.size()), record});
    }
    change.deliveries.push_back({delivery, std::nullopt});
    ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  }

  sync::FakeTarget sipd_{sync::TargetTraits{.name = "sipd", .reads_tables = true}};
  sync::FakeTarget splp_{sync::TargetTraits{.name = "splp"}};
  base::SystemClock clock_;
  const std::filesystem::path directory_;
  std::unique_ptr<store::DurableStore> store_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<RpcEdge> edge_;
};

}  // namespace satudata::rpc

#endif  // TESTS_INTEGRATION_STORE_EDGE_H_
