#include "tests/integration/delivery/delivery_system.h"

#include <httplib.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/base/mutex.h"
#include "server/base/random.h"
#include "server/catalog/catalog_import.h"
#include "server/http/http_client.h"
#include "server/targets/ckan/ckan_target.h"
#include "server/targets/dataset_rest/dataset_rest_target.h"
#include "server/targets/ewalidata/ewalidata_target.h"

namespace satudata {
namespace {

constexpr int64_t kPage = 500;

template <typename T>
T ValueOrDie(absl::StatusOr<T> value) {
  if (!value.ok()) {
    std::cerr << value.status() << std::endl;
    std::abort();
  }
  return *std::move(value);
}

class Bell {
 public:
  void Ring() {
    base::MutexLock lock(&mu_);
    rung_ = true;
    cv_.SignalAll();
  }
  void Wait() {
    base::MutexLock lock(&mu_);
    while (!rung_) cv_.WaitFor(&mu_, std::chrono::seconds(1));
    rung_ = false;
  }

 private:
  base::Mutex mu_;
  base::CondVar cv_;
  bool rung_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace

std::string ReadFileOrDie(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "cannot read " << path << std::endl;
    std::abort();
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

sync::EngineOptions QuickEngine() {
  constexpr size_t kRungs = 1000;
  return {.target_control = {.first_concurrency = 4,
                             .breaker = {.open_time = absl::Milliseconds(300),
                                         .longest_open = absl::Milliseconds(900)},
                             .pause_probe = absl::Milliseconds(500)},
          .backoff = {.initial = absl::Milliseconds(50), .maximum = absl::Milliseconds(500)},
          .ladder = std::vector<absl::Duration>(kRungs, absl::Milliseconds(500))};
}

DeliverySystem::DeliverySystem(simulator::Options simulator_options, std::string content_dir,
                               DeliveryTimes times, sync::EngineOptions engine_options, SplpProfile profile)
    : simulator_options_(std::move(simulator_options)),
      content_dir_(std::move(content_dir)),
      times_(times),
      engine_options_(std::move(engine_options)),
      profile_(profile),
      contents_({.directory = content_dir_}) {
  directory_ =
      std::filesystem::temp_directory_path() / absl::StrCat("delivery-", getpid(), "-", base::NewUuid());
  std::filesystem::create_directories(directory_);
  simulator_ = ValueOrDie(simulator::Simulator::Start(simulator_options_));
  Open();
}

DeliverySystem::~DeliverySystem() {
  Close();
  std::filesystem::remove_all(directory_);
}

std::unique_ptr<sync::Target> DeliverySystem::MakeSipd() {
  targets::ewalidata::Options options;
  options.default_kodepemda = "9901";
  options.gateway.base_path = "/sipd";
  options.reference_retry_time = absl::ZeroDuration();
  options.traits.name = "sipd";
  SetTimes(options.traits);
  options.traits.read_deadline = times_.request_deadline * 3;
  return std::make_unique<targets::ewalidata::EwalidataTarget>(
      options, ValueOrDie(http::NewHttpClient({.base_url = simulator_->base_url()}, clock_)), clock_);
}

void DeliverySystem::SetTimes(sync::TargetTraits& traits) const {
  traits.request_deadline = times_.request_deadline;
  traits.read_deadline = times_.request_deadline;
  traits.settle_time = times_.settle_time;
  traits.confirm_wait = times_.confirm_wait;
  traits.read_interval = times_.read_interval;
  traits.rate_limit_per_second = times_.rate_limit;
}

std::unique_ptr<sync::Target> DeliverySystem::MakeCkan() {
  targets::ckan::Options options;
  options.gateway.base_path = "/splp";
  options.owner_org = simulator_options_.ckan_organization;
  options.max_file_bytes = simulator_options_.ckan_max_upload;
  SetTimes(options.traits);
  return std::make_unique<targets::ckan::CkanTarget>(
      options, ValueOrDie(http::NewHttpClient({.base_url = simulator_->base_url()}, clock_)), clock_,
      contents_, MakeTokens());
}

std::unique_ptr<sync::Target> DeliverySystem::MakeSplp() {
  targets::dataset_rest::Options options;
  options.gateway.base_path = "/splp";
  options.traits.name = "splp";
  SetTimes(options.traits);
  return std::make_unique<targets::dataset_rest::DatasetRestTarget>(
      options, ValueOrDie(http::NewHttpClient({.base_url = simulator_->base_url()}, clock_)), clock_,
      MakeTokens());
}

std::unique_ptr<targets::TokenSource> DeliverySystem::MakeTokens() {
  if (simulator_options_.oauth_client_id.empty()) return nullptr;
  targets::OAuthOptions options{.token_path = "/oauth2/token",
                                .client_id = simulator_options_.oauth_client_id,
                                .client_secret = [this] { return simulator_options_.oauth_client_secret; }};
  return std::make_unique<targets::TokenSource>(
      options, ValueOrDie(http::NewHttpClient({.base_url = simulator_->base_url()}, clock_)), clock_);
}

nlohmann::json DeliverySystem::Stats() const {
  const auto answer = httplib::Client(simulator_->base_url()).Get("/admin/stats");
  return answer ? nlohmann::json::parse(answer->body) : nlohmann::json();
}

nlohmann::json DeliverySystem::Requests() const {
  const auto answer = httplib::Client(simulator_->base_url()).Get("/admin/requests?limit=100000");
  return answer ? nlohmann::json::parse(answer->body) : nlohmann::json();
}

int64_t DeliverySystem::RequestCount(const std::string& operation) const {
  const nlohmann::json operations = Stats()["operations"];
  return operations.contains(operation) ? operations[operation]["requests"].get<int64_t>() : 0;
}

std::string DeliverySystem::database_url() const {
  return absl::StrCat("sqlite:///", (directory_ / "test.db").string());
}

void DeliverySystem::Open() {
  sipd_ = MakeSipd();
  splp_ = profile_ == SplpProfile::kCkan ? MakeCkan() : MakeSplp();
  store_ = ValueOrDie(store::OpenStore({.database_url = database_url()}, clock_));
  catalog_ = std::make_unique<catalog::Catalog>(
      *store_, clock_,
      catalog::ContentOptions{.directory = content_dir_, .binds_every_file = profile_ == SplpProfile::kCkan});
  sync::EngineOptions options = engine_options_;
  options.default_kodepemda = "9901";
  engine_ = sync::Engine::Create(std::move(options), {.store = store_.get(),
                                                      .catalog = catalog_.get(),
                                                      .targets = {sipd_.get(), splp_.get()},
                                                      .observer = &observer_,
                                                      .clock = &clock_,
                                                      .uniform = base::SeededUniform(1)});
  if (const absl::Status resumed = engine_->Resume(); !resumed.ok()) {
    std::cerr << resumed << std::endl;
    std::abort();
  }
}

void DeliverySystem::Close() {
  if (engine_ != nullptr) engine_->Shutdown(absl::ZeroDuration());
  engine_.reset();
  catalog_.reset();
  store_.reset();
  sipd_.reset();
  splp_.reset();
}

void DeliverySystem::Restart(const std::function<void()>& between) {
  Close();
  between();
  Open();
}

std::map<int64_t, catalog::Reason> DeliverySystem::Import(absl::string_view json) {
  std::map<int64_t, catalog::Reason> refused;
  std::vector<catalog::FileWithValues> files;
  catalog::ImportReader reader({}, [&](int64_t line, absl::StatusOr<catalog::FileWithValues> file) {
    if (file.ok()) {
      files.push_back(*std::move(file));
    } else {
      refused[line] = catalog::FailureOf(file.status()).reason;
    }
  });
  reader.Feed(json);
  reader.Finish();
  Import(std::move(files));
  return refused;
}

void DeliverySystem::Import(std::vector<catalog::FileWithValues> files) {
  for (const absl::StatusOr<catalog::Outcome>& outcome : catalog_->Import(std::move(files)))
    ValueOrDie(outcome);
}

sync::SyncRequest DeliverySystem::SyncAll(std::vector<std::string> targets) const {
  return {.kind = sync::RunKind::kSyncAll, .targets = std::move(targets), .requested_by = "tester"};
}

sync::Run DeliverySystem::RunToTheEnd(sync::SyncRequest request) {
  return WatchToTheEnd(ValueOrDie(engine_->StartRun(std::move(request))).run_id);
}

sync::Run DeliverySystem::WatchToTheEnd(const std::string& run_id) {
  Bell bell;
  std::unique_ptr<sync::RunWatch> watch = ValueOrDie(engine_->Watch(run_id, 0));
  watch->SetWaker([&] { bell.Ring(); });
  while (true) {
    const sync::RunWatch::Batch batch = ValueOrDie(watch->Read(256));
    if (batch.ended) return std::get<sync::Run>(batch.events.back().event);
    if (batch.events.empty()) bell.Wait();
  }
}

std::vector<sync::DeliveryDetail> DeliverySystem::Deliveries(const std::string& run_id) {
  std::vector<sync::DeliveryDetail> all;
  sync::Page page{.limit = kPage};
  while (true) {
    const std::vector<sync::Delivery> deliveries =
        ValueOrDie(store_->ListDeliveries({.run_id = run_id}, page));
    for (const sync::Delivery& delivery : deliveries)
      all.push_back(ValueOrDie(store_->GetDelivery(delivery.delivery_id)));
    if (static_cast<int64_t>(deliveries.size()) < kPage) return all;
    page.after = deliveries.back().delivery_id;
  }
}

Judgement DeliverySystem::Judge() {
  // Who looks at CKAN alone need not have told SIPD anything.
  const std::vector<std::string> targets = profile_ == SplpProfile::kCkan
                                               ? std::vector<std::string>{"splp"}
                                               : std::vector<std::string>{"sipd", "splp"};
  const Account account = ValueOrDie(AccountOf(*store_, targets));
  return satudata::Judge(account,
                         nlohmann::json::parse(simulator_->truth().Json(simulator::Detail::kCurrent)));
}

Judgement DeliverySystem::JudgeAtRest() {
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (true) {
    Judgement judgement = Judge();
    const bool is_false = !judgement.false_confirmed.empty() || judgement.needless_second_effects > 0;
    if (judgement.Clean() || is_false || absl::Now() >= give_up) return judgement;
    absl::SleepFor(absl::Milliseconds(50));
  }
}

}  // namespace satudata
