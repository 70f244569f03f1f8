// File: store_fixture.h
//
// What the store's tests share: engines that the contract is run against, and short ways to make its values.
#ifndef TESTS_UNIT_SERVER_STORE_STORE_FIXTURE_H_
#define TESTS_UNIT_SERVER_STORE_STORE_FIXTURE_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/base/random.h"
#include "server/store/durable_store.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/postgres_server.h"

namespace satudata::store {

// A directory of the test's own, gone with it.
class TempDirectory {
 public:
  TempDirectory()
      : path_(std::filesystem::temp_directory_path() / absl::StrCat("store-test-", base::NewUuid())) {
    std::filesystem::create_directories(path_);
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  std::string File(const std::string& name) const { return (path_ / name).string(); }
  std::string Url(const std::string& name) const { return absl::StrCat("sqlite:///", File(name)); }

 private:
  std::filesystem::path path_;
};

// A database of one engine that outlives the stores opened on it.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string Url() const = 0;
  // Leases are that much older by the database's own clock, if it has one. How long has passed for it in all
  // since the last call.
  virtual absl::Duration LetPass(absl::Duration time) { return time; }
};

class SqliteEngine final : public Engine {
 public:
  std::string Url() const override { return directory_.Url("test.db"); }

 private:
  TempDirectory directory_;
};

// Copies a database whose schema is up to date: that is quicker than making each one.
class PostgresEngine final : public Engine {
 public:
  ~PostgresEngine() override {
    Server().Sql(absl::StrCat("DROP DATABASE IF EXISTS ", database_, " WITH (FORCE)"));
  }
  std::string Url() const override { return Server().Url(database_); }
  absl::Duration LetPass(absl::Duration time) override {
    const std::string passed = absl::StrCat(" - ", absl::ToInt64Microseconds(time));
    for (const char* table : {"chunk", "target_grant", "target_controller"}) {
      EXPECT_EQ(
          Server().Sql(absl::StrCat("UPDATE ", table, " SET expire_time = expire_time", passed), database_),
          "");
    }
    EXPECT_EQ(
        Server().Sql(absl::StrCat("UPDATE target_grant SET drain_time = drain_time", passed), database_), "");
    const absl::Time last = std::exchange(last_let_pass_, absl::Now());
    return time + (last_let_pass_ - last);
  }
  const std::string& database() const { return database_; }

 private:
  static fakes::PostgresServer& Server() { return fakes::PostgresServer::Get(); }
  static const std::string& Model() {
    static const auto* const kModel = [] {
      auto* model = new std::string(Server().NewDatabase());
      fakes::FakeClock clock;
      const auto store = OpenStore({.database_url = Server().Url(*model)}, clock);
      EXPECT_TRUE(store.ok()) << store.status();
      return model;
    }();
    return *kModel;
  }

  const std::string database_ = Server().NewDatabase(Model());
  absl::Time last_let_pass_ = absl::Now();
};

struct EngineFactory {
  const char* name;
  std::function<std::unique_ptr<Engine>()> make;
};

class StoreTest : public testing::Test {
 protected:
  void OpenOn(const std::string& url) {
    store_.reset();
    auto opened = OpenStore(OptionsFor(url), clock_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  static StoreOptions OptionsFor(const std::string& url) {
    // What is left of a closed store holds its database for a moment in PostgreSQL.
    const bool is_sqlite = absl::StartsWith(url, "sqlite");
    return {.database_url = url,
            .busy_timeout = is_sqlite ? absl::Milliseconds(20) : absl::Seconds(20),
            .retry = {.initial = absl::Milliseconds(2), .maximum = absl::Milliseconds(10)}};
  }

  sync::Run MakeRun(const std::string& run_id, sync::RunKind kind = sync::RunKind::kSyncAll) {
    sync::Run run;
    run.run_id = run_id;
    run.request = {.kind = kind, .targets = {"sipd", "splp"}, .requested_by = "siti"};
    run.create_time = clock_.Now();
    return run;
  }
  void CreateRun(const std::string& run_id, sync::RunKind kind = sync::RunKind::kSyncAll) {
    const auto created = store_->CreateRun({MakeRun(run_id, kind), "fingerprint"});
    ASSERT_TRUE(created.ok()) << created.status();
  }
  sync::Delivery MakeDelivery(const std::string& run_id, const std::string& delivery_id,
                              const std::string& file_id, sync::State state = sync::State::kQueued) {
    sync::Delivery delivery;
    delivery.delivery_id = delivery_id;
    delivery.run_id = run_id;
    delivery.file_id = file_id;
    delivery.file_name = "Jumlah Penduduk";
    delivery.target = "splp";
    delivery.state = state;
    delivery.records[state] = 1;
    delivery.revision = 3;
    delivery.create_time = clock_.Now();
    delivery.update_time = clock_.Now();
    return delivery;
  }
  static sync::Record MakeRecord(const std::string& key, sync::State state = sync::State::kQueued) {
    sync::Record record;
    record.key = key;
    record.scope = key;
    record.state = state;
    record.value = "2.24";
    record.hash = "aa11";
    return record;
  }
  absl::Status Put(const sync::Delivery& delivery, std::optional<sync::State> previous = std::nullopt) {
    sync::Change change{.run_id = delivery.run_id};
    change.deliveries.push_back({delivery, previous});
    return store_->Commit(std::move(change));
  }

  static catalog::FileWithValues MakeFile(const std::string& file_id) {
    catalog::FileWithValues file;
    file.file.file_id = file_id;
    file.file.name = absl::StrCat("Dataset ", file_id);
    file.file.theme = "Kependudukan";
    file.file.producer = "Dinas Dukcapil";
    file.file.file_name = absl::StrCat(file_id, ".csv");
    file.file.file_type = "csv";
    file.file.verification = catalog::Verification::kVerified;
    return file;
  }
  static catalog::IndicatorValue MakeValue(int64_t position, const std::string& indicator,
                                           const std::string& year, const std::string& value) {
    catalog::IndicatorValue result;
    result.position = position;
    result.kodeindikator = indicator;
    result.tahun = year;
    result.raw_value = value;
    result.value = value;
    return result;
  }
  absl::Status PutFile(catalog::FileWithValues file) {
    std::vector<catalog::CatalogStore::Mutation> mutations;
    const std::string file_id = file.file.file_id;
    mutations.push_back({file_id,
                         [file](std::optional<catalog::FileWithValues>)
                             -> absl::StatusOr<std::optional<catalog::FileWithValues>> { return file; }});
    return store_->Update(std::move(mutations), clock_.Now()).front();
  }
  absl::Status DropFile(const std::string& file_id) {
    std::vector<catalog::CatalogStore::Mutation> mutations;
    mutations.push_back({file_id,
                         [](std::optional<catalog::FileWithValues>)
                             -> absl::StatusOr<std::optional<catalog::FileWithValues>> {
                           return std::optional<catalog::FileWithValues>();
                         }});
    return store_->Update(std::move(mutations), clock_.Now()).front();
  }

  fakes::FakeClock clock_;
  std::unique_ptr<DurableStore> store_;
};

// Runs once per engine.
class StoreContractTest : public StoreTest, public testing::WithParamInterface<EngineFactory> {
 protected:
  void SetUp() override { OpenOn(engine_->Url()); }
  void Reopen() { OpenOn(engine_->Url()); }
  void LetPass(absl::Duration time) { clock_.Advance(engine_->LetPass(time)); }

  std::unique_ptr<Engine> engine_ = GetParam().make();
};

inline std::vector<EngineFactory> Engines() {
  return {{"Sqlite", [] { return std::make_unique<SqliteEngine>(); }},
          {"Postgres", [] { return std::make_unique<PostgresEngine>(); }}};
}
inline std::string EngineName(const testing::TestParamInfo<EngineFactory>& info) { return info.param.name; }

}  // namespace satudata::store

#endif  // TESTS_UNIT_SERVER_STORE_STORE_FIXTURE_H_
