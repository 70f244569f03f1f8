#include "tests/simulator/simulator.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/simulator/admin.h"
#include "tests/simulator/answers.h"
#include "tests/simulator/ckan.h"
#include "tests/simulator/http_front.h"
#include "tests/simulator/services.h"
#include "tests/simulator/sipd.h"
#include "tests/simulator/splp.h"

namespace satudata::simulator {

// The parts, in the order in which they depend on each other.
class Simulator::Impl {
 public:
  Impl(Options options, base::Clock* clock)
      : options_(std::move(options)),
        clock_(clock != nullptr ? *clock : system_clock_),
        quirks_(options_.seed),
        faults_(clock_, options_),
        gateway_(clock_, options_),
        truth_(clock_, static_cast<size_t>(options_.history)),
        late_(clock_, truth_),
        ledger_(clock_, static_cast<size_t>(options_.request_log)),
        services_{options_, clock_, stop_, quirks_, faults_, gateway_, truth_, late_, ledger_},
        splp_(services_),
        ckan_(services_),
        sipd_(services_),
        admin_(services_, [this] { Reset(); }),
        front_([this](const httplib::Request& request) { return Answer(request); },
               {options_.hold, options_.drip_interval}, static_cast<size_t>(options_.connections)) {}
  ~Impl() { Stop(); }

  absl::Status Start() {
    if (absl::Status valid = Validate(options_); !valid.ok()) return valid;
    if (absl::Status restored = Restore(); !restored.ok()) return restored;
    if (absl::Status started = front_.Start(options_.listen); !started.ok()) return started;
    late_.Start();
    return absl::OkStatus();
  }

  void Stop() {
    stop_.Raise();
    gateway_.Stop();
    front_.Stop();
    late_.Stop();
  }

  void Reset() {
    truth_.Clear();
    ckan_.Reset();
    quirks_.Clear();
    gateway_.Reset();
    ledger_.Reset();
    // What was right at start still is.
    (void)Restore();
  }

  const std::string& address() const { return front_.address(); }
  Truth& truth() { return truth_; }
  QuirkEngine& quirks() { return quirks_; }
  Gateway& gateway() { return gateway_; }

 private:
  absl::Status Restore() {
    std::vector<NamedRate> rates = {{std::string(kEveryQuirk), options_.quirk_rate}};
    rates.insert(rates.end(), options_.quirks.begin(), options_.quirks.end());
    if (absl::Status set = quirks_.SetRates(rates); !set.ok()) return set;
    truth_.Merge(options_.state);
    return absl::OkStatus();
  }

  Reply Answer(const httplib::Request& request) {
    if (absl::StartsWith(request.path, "/admin/")) return admin_.Answer(request);
    absl::string_view id;
    const std::optional<Operation> operation = Route(request.method, request.path, &id);
    if (!operation.has_value()) return ErrorPage(404);
    Exchange exchange{request, *operation, id, ledger_.Open()};
    const absl::Duration start = clock_.Monotonic();
    Reply reply = AnswerOperation(exchange);
    ledger_.Close(exchange, reply, clock_.Monotonic() - start);
    return reply;
  }

  Reply AnswerOperation(Exchange& exchange) {
    if (exchange.operation == Operation::kToken) return gateway_.credentials().IssueToken(exchange.request);
    const System system = SystemOf(exchange.operation);
    if (auto refused = gateway_.Admit(system, exchange.request); refused.has_value()) {
      exchange.refusal = refused->why;
      return std::move(refused->reply);
    }
    Slots& slots = gateway_.slots(system);
    if (!slots.Enter()) {
      exchange.refusal = Refusal::kSlots;
      return gateway_.NoSlot().reply;
    }
    Reply reply = AnswerInSlot(exchange, system);
    slots.Leave();
    return reply;
  }

  Reply AnswerInSlot(Exchange& exchange, System system) {
    const SystemOptions& own = system == System::kSplp ? options_.splp : options_.sipd;
    if (own.latency > absl::ZeroDuration()) stop_.Sleep(own.latency);
    if (system == System::kSipd) return sipd_.Answer(exchange);
    return exchange.operation > Operation::kToken ? ckan_.Answer(exchange) : splp_.Answer(exchange);
  }

  const Options options_;
  base::SystemClock system_clock_;
  base::Clock& clock_;
  StopSignal stop_;
  QuirkEngine quirks_;
  Faults faults_;
  Gateway gateway_;
  Truth truth_;
  LateWorker late_;
  Ledger ledger_;
  Services services_;
  Splp splp_;
  Ckan ckan_;
  Sipd sipd_;
  Admin admin_;
  HttpFront front_;
};

absl::StatusOr<std::unique_ptr<Simulator>> Simulator::Start(Options options, base::Clock* clock) {
  auto impl = std::make_unique<Impl>(std::move(options), clock);
  if (absl::Status started = impl->Start(); !started.ok()) return started;
  return std::unique_ptr<Simulator>(new Simulator(std::move(impl)));
}

Simulator::Simulator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Simulator::~Simulator() = default;

void Simulator::Stop() { impl_->Stop(); }
std::string Simulator::address() const { return impl_->address(); }
std::string Simulator::base_url() const { return absl::StrCat("http://", impl_->address()); }
Truth& Simulator::truth() { return impl_->truth(); }
QuirkEngine& Simulator::quirks() { return impl_->quirks(); }
Gateway& Simulator::gateway() { return impl_->gateway(); }
void Simulator::Reset() { impl_->Reset(); }

}  // namespace satudata::simulator
