#include "tests/unit/server/sync/lane_model.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/sync/doubt.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

constexpr absl::Duration kLongestLife = absl::Hours(24 * 30);

LaneOptions Options() { return {.park_after = absl::Hours(2)}; }

// Both profiles, with the sizes that matter here at random.
TargetTraits RandomTraits(uint64_t seed) {
  std::mt19937_64 random(seed);
  const bool read_back = random() % 2 == 0;
  return {.name = "t",
          .confirmation = read_back ? Confirmation::kReadBack : Confirmation::kResponse,
          .reads_tables = read_back,
          .max_batch_records = read_back ? 1 + random() % 4 : 1,
          .max_concurrency = 1 + static_cast<int>(random() % 4),
          .request_deadline = absl::Seconds(30),
          .settle_time = absl::Seconds(60)};
}

// From a target that behaves to one that hardly ever does.
Fates RandomFates(uint64_t seed) {
  std::mt19937_64 random(seed ^ 0x5bd1e995);
  const auto up_to = [&](double most) {
    return random() % 2 == 0 ? 0 : std::uniform_real_distribution<double>(0, most)(random);
  };
  return {.refused = up_to(0.2),
          .dropped = up_to(0.15),
          .applied_then_lost = up_to(0.15),
          .server_error = up_to(0.15),
          .throttled = up_to(0.1),
          .warming_up = up_to(0.05),
          .unknown_shape = up_to(0.1),
          .row_unknown = up_to(0.15),
          .row_rejected = up_to(0.05),
          .late = up_to(0.3),
          .never = up_to(0.05),
          .read_failed = up_to(0.4),
          .late_by = absl::Seconds(80)};
}

bool IsUntouched(const LaneDelivery& item) {
  return item.delivery.attempt_count == 0 &&
         std::all_of(item.records.begin(), item.records.end(), [](const Record& record) {
           return record.state == State::kQueued || IsFinal(record.state);
         });
}

SendResult Unauthorized() {
  return {.verdict = {.kind = VerdictKind::kUnauthorized,
                      .effect = Effect::kNone,
                      .failure = {.reason = Reason::kCredentialsRefused},
                      .needs_operator = true}};
}

}  // namespace

LaneModel::LaneModel(uint64_t seed)
    : random_(seed),
      traits_(RandomTraits(seed)),
      world_(traits_, RandomFates(seed), seed),
      promises_(traits_, world_) {
  NewLane();
  MakeFiles();
  PlanCommands();
}

void LaneModel::NewLane() {
  lane_ = std::make_unique<Lane>(traits_, Options(), base::SeededUniform(random_()));
}

// What comes from outside

void LaneModel::MakeFiles() {
  const int file_count = 1 + Below(4);
  for (int i = 0; i < file_count; ++i) {
    File file{.file_id = absl::StrCat("f", i)};
    if (traits_.confirmation == Confirmation::kResponse) {
      file.keys = {file.file_id};
    } else {
      std::set<std::string> keys;
      for (int records = 1 + Below(6); records > 0; --records)
        keys.insert(absl::StrCat("s", Below(2), ".k", Below(6)));
      file.keys = {keys.begin(), keys.end()};
    }
    for (const std::string& key : file.keys) values_.try_emplace(key, absl::StrCat(1 + Below(2)));
    files_.push_back(std::move(file));
  }
  for (const auto& [key, value] : values_) {
    if (Below(3) > 0) continue;
    const std::string held = absl::StrCat(1 + Below(3));
    const bool known = !traits_.reads_tables || Below(2) == 0;
    world_.Put(key, {.hash = "h" + held, .value = held, .final = !known && Below(4) == 0});
    if (!known) continue;
    const Baseline baseline{
        .target = "t", .key = key, .hash = "h" + held, .value = held, .confirm_time = now_};
    rows_.baselines[key] = committed_.baselines[key] = baseline;
  }
}

// Now, in the middle of the requests, while outcomes are open, or when nearly all is done.
absl::Duration LaneModel::SomeTime() {
  constexpr absl::Duration kRanges[] = {absl::Milliseconds(100), absl::Seconds(2), absl::Minutes(2),
                                        absl::Hours(3)};
  return kRanges[Below(4)] * std::uniform_real_distribution<double>(0, 1)(random_);
}

void LaneModel::PlanCommands() {
  commands_.emplace(now_, [this] { Sync(); });
  for (int i = Below(6); i > 0; --i) commands_.emplace(now_ + SomeTime(), [this] { Command(); });
}

void LaneModel::Command() {
  switch (Below(6)) {
    case 0:
      return CancelSomeRun();
    case 1:
    case 2:
      return Crash();
    case 3:
      return ChangeAValue();
    case 4:
      ChangeAValue();
      return Sync();
    default:
      return Sync();
  }
}

void LaneModel::Sync() {
  const std::string run_id = absl::StrFormat("r%02d", ++runs_made_);
  const RunKind kind = Below(2) == 0 ? RunKind::kSyncAll : RunKind::kSyncFile;
  kinds_[run_id] = kind;
  const size_t first = static_cast<size_t>(Below(static_cast<int>(files_.size())));
  const size_t count = kind == RunKind::kSyncFile ? 1 : files_.size() - first;
  for (size_t i = first; i < first + count; ++i) PlanAndStore(files_[i], run_id);
  EndRunIfDone(run_id);
}

void LaneModel::ChangeAValue() {
  auto value = values_.begin();
  std::advance(value, Below(static_cast<int>(values_.size())));
  value->second = absl::StrCat(1 + Below(3));
  for (File& file : files_) {
    if (std::find(file.keys.begin(), file.keys.end(), value->first) != file.keys.end()) ++file.revision;
  }
}

void LaneModel::CancelSomeRun() {
  const std::string run_id = absl::StrFormat("r%02d", 1 + Below(runs_made_));
  cancelled_runs_.insert(run_id);
  lane_->CancelRun(run_id, now_);
  Collect();
}

void LaneModel::Crash() {
  committing_.clear();
  last_commit_ = now_;
  rows_ = committed_;
  events_.clear();
  unsettled_.clear();
  promises_.OnCrash(committed_);
  now_ += SomeTime();
  NewLane();
  Resume();
}

// The engine around the lane

const LaneModel::File& LaneModel::FileOf(const std::string& file_id) const {
  return *std::find_if(files_.begin(), files_.end(),
                       [&](const File& file) { return file.file_id == file_id; });
}

Projection LaneModel::Project(const File& file) const {
  Projection projection;
  for (const std::string& key : file.keys) {
    const std::string& value = values_.at(key);
    projection.records.push_back(
        {.record = {.key = key, .scope = LaneWorld::ScopeOf(key), .value = value, .hash = "h" + value}});
  }
  return projection;
}

// By key; of several the newest.
absl::flat_hash_map<std::string, OpenRecord> LaneModel::OpenRecords() const {
  absl::flat_hash_map<std::string, OpenRecord> open_records;
  for (const auto& [id, row] : committed_.deliveries) {
    for (const Record& record : row.records) {
      const bool open = record.state == State::kSending || record.state == State::kUnknown ||
                        record.state == State::kAccepted;
      if (open) open_records[record.key] = {id, row.delivery.run_id, row.delivery.file_id, record};
    }
  }
  return open_records;
}

// By what is stored, less the delivery's own claim if it is planned again. The store does not stand still
// while it is asked.
PlannedFile LaneModel::Plan(const File& file, const std::string& own_delivery) {
  Knowledge knowledge;
  for (const auto& [key, baseline] : committed_.baselines) knowledge.baselines[key] = baseline;
  for (const auto& [key, refusal] : committed_.refusals) knowledge.refusals[key] = refusal;
  for (const auto& [id, row] : committed_.deliveries) {
    for (const Record& record : row.records) {
      const bool open = record.state == State::kSending || record.state == State::kUnknown ||
                        record.state == State::kAccepted;
      if (open) knowledge.open_records[record.key] = {id, row.delivery.run_id, row.delivery.file_id, record};
    }
  }
  absl::erase_if(knowledge.open_records,
                 [&](const auto& open) { return open.second.delivery_id == own_delivery; });
  const catalog::CatalogFile pinned{.file_id = file.file_id, .revision = file.revision};
  return PlanFile(pinned, Project(file), knowledge, {.traits = &traits_, .now = now_});
}

void LaneModel::PlanAndStore(const File& file, const std::string& run_id) {
  PlannedFile planned = Plan(file, "");
  const std::string id = absl::StrFormat("d%03d", ++deliveries_made_);
  planned.delivery.delivery_id = id;
  planned.delivery.run_id = run_id;
  Change change{.run_id = run_id};
  for (size_t i = 0; i < planned.records.size(); ++i)
    change.records.push_back({id, static_cast<int64_t>(i), planned.records[i]});
  change.deliveries.push_back({planned.delivery, std::nullopt});
  Submit(std::move(change));
  if (IsFinal(planned.delivery.state)) return;
  unsettled_.insert(id);
  At(last_commit_ + (Chance(0.8) ? absl::ZeroDuration() : SomeTime()), [this, id] { Feed(id); });
}

bool LaneModel::Equip(LaneDelivery& item) const {
  const File& file = FileOf(item.delivery.file_id);
  if (file.revision != item.delivery.revision) return false;
  for (size_t i = 0; i < item.records.size(); ++i) {
    const Record& record = item.records[i];
    if ("h" + values_.at(record.key) != record.hash) return false;
    item.outbound[i] = {.key = record.key, .scope = record.scope, .value = record.value, .hash = record.hash};
  }
  return true;
}

LaneDelivery LaneModel::MakeItem(const ModelRows::Row& row) const {
  LaneDelivery item{.delivery = row.delivery, .records = row.records};
  item.kind = kinds_.at(row.delivery.run_id);
  item.detached = committed_.ended_runs.contains(row.delivery.run_id);
  item.stopped = item.detached && cancelled_runs_.contains(row.delivery.run_id);
  item.outbound.resize(item.records.size());
  return item;
}

void LaneModel::Feed(const std::string& delivery_id) {
  const ModelRows::Row row = committed_.deliveries.at(delivery_id);
  if (cancelled_runs_.contains(row.delivery.run_id) && row.delivery.state == State::kQueued) {
    return CancelRow(row);
  }
  LaneDelivery item = MakeItem(row);
  if (!Equip(item) && IsUntouched(item) && !item.detached) return Replan(std::move(item));
  AddKnown(item);
  AddToLane(std::move(item));
}

// As the engine does: what became known since it was planned.
void LaneModel::AddKnown(LaneDelivery& item) const {
  const auto open_records = OpenRecords();
  for (Record& record : item.records) {
    if (record.state != State::kQueued && record.state != State::kDeferred) continue;
    const auto open = open_records.find(record.key);
    const bool others = open != open_records.end() && open->second.delivery_id != item.delivery.delivery_id;
    if (others) InheritDoubt(open->second.record, record);
    const auto held = committed_.baselines.find(record.key);
    if (held != committed_.baselines.end()) item.held.push_back(held->second);
  }
}

void LaneModel::AddToLane(LaneDelivery item) {
  const std::string run_id = item.delivery.run_id;
  const bool cancel = cancelled_runs_.contains(run_id) && !item.stopped;
  lane_->Add(std::move(item), now_);
  if (cancel) lane_->CancelRun(run_id, now_);
  Collect();
}

void LaneModel::CancelRow(const ModelRows::Row& row) {
  Change change{.run_id = row.delivery.run_id};
  Delivery delivery = row.delivery;
  std::vector<Record> records = row.records;
  for (size_t i = 0; i < records.size(); ++i) {
    if (records[i].state != State::kQueued) continue;
    records[i].state = State::kCancelled;
    change.records.push_back({delivery.delivery_id, static_cast<int64_t>(i), records[i]});
  }
  SumUp(records, delivery);
  change.deliveries.push_back({delivery, row.delivery.state});
  Submit(std::move(change));
  unsettled_.erase(delivery.delivery_id);
  EndRunIfDone(delivery.run_id);
}

void LaneModel::Replan(LaneDelivery item) {
  const std::string id = item.delivery.delivery_id;
  PlannedFile planned = Plan(FileOf(item.delivery.file_id), id);
  planned.delivery.delivery_id = id;
  planned.delivery.run_id = item.delivery.run_id;
  planned.delivery.create_time = item.delivery.create_time;
  Change change{.run_id = item.delivery.run_id, .cleared_deliveries = {id}};
  for (size_t i = 0; i < planned.records.size(); ++i)
    change.records.push_back({id, static_cast<int64_t>(i), planned.records[i]});
  change.deliveries.push_back({planned.delivery, item.delivery.state});
  Submit(std::move(change));
  if (!IsFinal(planned.delivery.state)) {
    LaneDelivery again = MakeItem(rows_.deliveries.at(id));
    again.outbound = std::move(planned.outbound);
    again.returning = item.returning;
    return AddToLane(std::move(again));
  }
  if (item.returning) {
    lane_->Forget(item.delivery.run_id, id);
    return Collect();
  }
  unsettled_.erase(id);
  EndRunIfDone(item.delivery.run_id);
}

void LaneModel::Resume() {
  std::set<std::string> runs;
  for (const auto& [id, row] : committed_.deliveries) {
    const bool ended = committed_.ended_runs.contains(row.delivery.run_id);
    if (!ended) runs.insert(row.delivery.run_id);
    if (IsFinal(row.delivery.state)) continue;
    if (!ended) unsettled_.insert(id);
    At(now_ + absl::Milliseconds(Below(100)), [this, delivery_id = id] { Feed(delivery_id); });
  }
  for (const std::string& run_id : runs) EndRunIfDone(run_id);
}

void LaneModel::EndRunIfDone(const std::string& run_id) {
  if (rows_.ended_runs.contains(run_id)) return;
  const bool waits = std::any_of(unsettled_.begin(), unsettled_.end(), [&](const std::string& id) {
    return rows_.deliveries.at(id).delivery.run_id == run_id;
  });
  if (!waits) Submit({.run_id = run_id, .run_state = RunStateChange{.current = RunState::kPartial}});
}

// The lane's driver

bool LaneModel::Live() {
  const absl::Time end = now_ + kLongestLife;
  while (!IsOver()) {
    if (now_ > end || !promises_.broken().empty()) return false;
    Step();
  }
  promises_.AtTheEnd(rows_, now_);
  if (!unsettled_.empty()) promises_.Break(*unsettled_.begin() + ": its run waits for it in vain");
  return true;
}

bool LaneModel::IsOver() const {
  const auto& rows = committed_.deliveries;
  return commands_.empty() && events_.empty() && committing_.empty() &&
         std::all_of(rows.begin(), rows.end(),
                     [](const auto& item) { return IsFinal(item.second.delivery.state); });
}

void LaneModel::Step() {
  const Job job = lane_->Next(now_);
  Collect();
  if (std::holds_alternative<ClaimJob>(job)) {
    At(last_commit_, [this] {
      lane_->OnClaimed(now_);
      Collect();
    });
  } else if (const auto* send = std::get_if<SendJob>(&job)) {
    Do(*send);
  } else if (const auto* read = std::get_if<ReadJob>(&job)) {
    Do(*read);
  } else if (std::holds_alternative<ProbeJob>(job)) {
    At(now_ + absl::Milliseconds(50), [this] {
      lane_->OnProbed({.healthy = true}, now_);
      Collect();
    });
  } else {
    AdvanceTo(std::get<Idle>(job).until);
  }
}

void LaneModel::AdvanceTo(absl::Time until) {
  absl::Time next = until;
  if (!events_.empty()) next = std::min(next, events_.begin()->first);
  if (!commands_.empty()) next = std::min(next, commands_.begin()->first);
  if (!committing_.empty()) next = std::min(next, committing_.front().first);
  if (next == absl::InfiniteFuture()) return promises_.Break("nothing left to do, and not all is final");
  now_ = std::max(now_, next);
  CommitDue();
  auto& due = !events_.empty() && events_.begin()->first <= now_ ? events_ : commands_;
  if (due.empty() || due.begin()->first > now_) return;
  const auto event = std::move(due.begin()->second);
  due.erase(due.begin());
  event();
}

std::vector<std::string> LaneModel::MovedOf(const SendJob& job) const {
  std::vector<std::string> moved;
  for (const FilePin& pin : job.pins) {
    if (FileOf(pin.file_id).revision != pin.revision) moved.push_back(pin.file_id);
  }
  return moved;
}

void LaneModel::Do(const SendJob& job) {
  if (const std::vector<std::string> moved = MovedOf(job); !moved.empty()) {
    lane_->OnMoved(job.job_id, moved, now_);
    return Collect();
  }
  promises_.OnSend(job, committed_, now_);
  const bool unauthorized = Chance(0.01);
  LaneWorld::Reply reply =
      unauthorized ? LaneWorld::Reply{absl::Milliseconds(5), Unauthorized()} : world_.Send(job, now_);
  At(now_ + reply.delay, [this, job, result = std::move(reply.result)] {
    promises_.OnAnswer(job, result.verdict);
    lane_->OnSent(job.job_id, result, now_);
    Collect();
  });
}

void LaneModel::Do(const ReadJob& job) {
  At(now_ + absl::Milliseconds(100), [this, scope = job.scope, result = world_.Read(job.scope, now_)] {
    if (result.observation.has_value()) promises_.OnRead(*result.observation);
    lane_->OnRead(scope, result, now_);
    Collect();
  });
}

void LaneModel::Collect() {
  for (Change& change : lane_->TakeChanges()) Submit(std::move(change));
  for (LaneDelivery& item : lane_->TakeMoved()) {
    At(now_ + absl::Milliseconds(Below(50)),
       [this, moved = std::move(item)]() mutable { Replan(std::move(moved)); });
  }
  for (const Settled& item : lane_->TakeSettled()) CheckSettled(item);
}

void LaneModel::CheckSettled(const Settled& item) {
  if (unsettled_.erase(item.delivery_id) == 0) {
    promises_.Break(item.delivery_id + ": settled twice, or though nobody waited for it");
  }
  EndRunIfDone(item.run_id);
}

// One writer: what is handed over first is stored first.
void LaneModel::Submit(Change change) {
  promises_.OnChange(change, rows_, now_);
  rows_.Apply(change);
  promises_.OnApplied(change, rows_);
  last_commit_ = std::max(last_commit_, now_ + absl::Milliseconds(Below(20)));
  committing_.emplace_back(last_commit_, std::move(change));
}

void LaneModel::CommitSome() {
  for (int i = Below(3); i > 0 && !committing_.empty(); --i) {
    committed_.Apply(committing_.front().second);
    committing_.pop_front();
  }
}

void LaneModel::CommitDue() {
  while (!committing_.empty() && committing_.front().first <= now_) {
    committed_.Apply(committing_.front().second);
    committing_.pop_front();
  }
}

}  // namespace satudata::sync
