#include "tests/simulator/quirks.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace satudata::simulator {
namespace {

// Rates that are meant to add up to 1 may miss it by rounding.
constexpr double kTolerance = 1e-9;

// splitmix64's finaliser: every input bit moves every output bit.
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// FNV-1a: the same on every machine and in every run, which absl::Hash is not.
uint64_t Fingerprint(uint64_t basis, absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325u ^ basis;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return Mix(hash);
}

double UnitInterval(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

bool Knows(const QuirkInfo& info, size_t operation) { return ((info.operations >> operation) & 1) != 0; }

const QuirkInfo* Find(absl::string_view name) {
  for (const QuirkInfo& info : QuirkCatalogue()) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

bool InScope(absl::string_view scope, Operation operation) {
  return scope.empty() || scope == NameOf(operation) || scope == NameOf(SystemOf(operation));
}

bool IsSpread(const QuirkInfo& info, size_t operation) {
  return Knows(info, operation) && info.inclusion == Inclusion::kSpread;
}

absl::Status CheckRate(absl::string_view name, double rate) {
  if (rate >= 0 && rate <= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the rate of ", name, " must be within 0 and 1"));
}

// Gives each quirk that an operation knows an equal part of `total`.
template <typename Table>
void EnterSpread(double total, Table& table) {
  for (size_t op = 0; op < kOperations; ++op) {
    const auto spread = [op](const QuirkInfo& info) { return IsSpread(info, op); };
    const auto count = std::count_if(QuirkCatalogue().begin(), QuirkCatalogue().end(), spread);
    for (const QuirkInfo& info : QuirkCatalogue()) {
      if (spread(info)) table[op][IndexOf(info.quirk)] = total / static_cast<double>(count);
    }
  }
}

// Writes one rate into every operation that its name means.
template <typename Table>
absl::Status EnterNamed(absl::string_view full_name, double rate, Table& table) {
  absl::string_view scope, name = full_name;
  if (size_t slash = full_name.find('/'); slash != absl::string_view::npos) {
    scope = full_name.substr(0, slash);
    name = full_name.substr(slash + 1);
  }
  const QuirkInfo* info = Find(name);
  if (info == nullptr) return absl::InvalidArgumentError(absl::StrCat("no quirk is called \"", name, "\""));
  bool entered = false;
  for (size_t op = 0; op < kOperations; ++op) {
    if (!Knows(*info, op) || !InScope(scope, static_cast<Operation>(op))) continue;
    table[op][IndexOf(info->quirk)] = rate;
    entered = true;
  }
  if (entered) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("quirk \"", name, "\" does not apply to \"", scope, "\""));
}

}  // namespace

double Fate::Fraction() const { return UnitInterval(Mix(dice)); }

absl::Status ParseRates(absl::string_view text, std::vector<NamedRate>* rates) {
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    std::pair<absl::string_view, absl::string_view> split = absl::StrSplit(part, absl::MaxSplits('=', 1));
    double rate = 0;
    if (!absl::SimpleAtod(split.second, &rate)) {
      return absl::InvalidArgumentError(absl::StrCat("\"", part, "\" is not name=rate"));
    }
    rates->emplace_back(std::string(absl::StripAsciiWhitespace(split.first)), rate);
  }
  return absl::OkStatus();
}

QuirkEngine::QuirkEngine(uint64_t seed) : seed_(Mix(seed)) {}

absl::Status QuirkEngine::SetRates(const std::vector<NamedRate>& rates) {
  base::MutexLock lock(&mu_);
  Table table = table_;
  for (const auto& [name, rate] : rates) {
    if (absl::Status checked = CheckRate(name, rate); !checked.ok()) return checked;
    if (name == kEveryQuirk) {
      EnterSpread(rate, table);
      continue;
    }
    if (absl::Status entered = EnterNamed(name, rate, table); !entered.ok()) return entered;
  }
  return Install(table);
}

void QuirkEngine::Clear() {
  base::MutexLock lock(&mu_);
  seen_.clear();
  // A table of zeros breaks no rule.
  (void)Install(Table{});
}

absl::Status QuirkEngine::Install(const Table& table) {
  std::array<std::array<double, 2>, kOperations> sums{};
  for (size_t op = 0; op < kOperations; ++op) {
    for (const QuirkInfo& info : QuirkCatalogue()) {
      sums[op][static_cast<size_t>(info.scope)] += table[op][IndexOf(info.quirk)];
    }
    for (double sum : sums[op]) {
      if (sum <= 1 + kTolerance) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "the quirk rates of ", NameOf(static_cast<Operation>(op)), " add up to ", sum, ", more than 1"));
    }
  }
  table_ = table;
  for (size_t op = 0; op < kOperations; ++op) {
    for (Scope scope : {Scope::kRequest, Scope::kRow}) {
      ActiveFor(static_cast<Operation>(op), scope) = sums[op][static_cast<size_t>(scope)] > 0;
    }
  }
  return absl::OkStatus();
}

std::atomic<bool>& QuirkEngine::ActiveFor(Operation operation, Scope scope) {
  return active_[IndexOf(operation) * 2 + static_cast<size_t>(scope)];
}

Fate QuirkEngine::Draw(Operation operation, Scope scope, absl::string_view key) {
  if (!ActiveFor(operation, scope).load(std::memory_order_relaxed)) return {};
  const uint64_t place = Fingerprint(IndexOf(operation) * 2 + static_cast<size_t>(scope), key);
  base::MutexLock lock(&mu_);
  const uint64_t bits = Mix(seed_ ^ Mix(place + ++seen_[place]));
  double left = UnitInterval(bits);
  for (const QuirkInfo& info : QuirkCatalogue()) {
    if (info.scope != scope) continue;
    left -= table_[IndexOf(operation)][IndexOf(info.quirk)];
    if (left < 0) return {info.quirk, Mix(bits)};
  }
  return {};
}

std::vector<NamedRate> QuirkEngine::Rates() const {
  base::MutexLock lock(&mu_);
  std::vector<NamedRate> rates;
  for (size_t op = 0; op < kOperations; ++op) {
    for (const QuirkInfo& info : QuirkCatalogue()) {
      const double rate = table_[op][IndexOf(info.quirk)];
      if (rate == 0) continue;
      rates.emplace_back(absl::StrCat(NameOf(static_cast<Operation>(op)), "/", info.name), rate);
    }
  }
  return rates;
}

}  // namespace satudata::simulator
