#include "server/rpc/convert_summary.h"

#include <string>

#include "absl/time/civil_time.h"
#include "server/rpc/convert.h"
#include "server/rpc/text.h"

namespace satudata::rpc {
namespace {

// The overloads below would hide it.
using rpc::ToProto;

v1::DaySummary ToProto(const sync::DaySummary& day) {
  v1::DaySummary out;
  out.set_date(absl::FormatCivilTime(day.day));
  *out.mutable_target_counts() = ToProto(day.counts);
  return out;
}

v1::UrusanSummary ToProto(const sync::UrusanSummary& urusan) {
  v1::UrusanSummary out;
  out.set_kode(Utf8(urusan.kode));
  out.set_uraian(Utf8(urusan.uraian));
  *out.mutable_target_counts() = ToProto(urusan.counts);
  return out;
}

v1::Turn ToProto(const sync::Turn& turn, catalog::Language language) {
  v1::Turn out;
  out.set_owner(ToProto(catalog::OwnerOf(turn.reason)));
  out.set_reason(std::string(catalog::ReasonName(turn.reason)));
  out.set_target(turn.target);
  out.set_count(turn.count);
  out.set_message(catalog::WordReason(turn.reason, language));
  return out;
}

}  // namespace

sync::SummaryRequest FromProto(const v1::GetSummaryRequest& request) {
  sync::SummaryRequest out{.time_zone = request.time_zone()};
  if (request.day_count() != 0) out.day_count = request.day_count();
  return out;
}

v1::GetSummaryResponse ToProto(const sync::Summary& summary, catalog::Language language) {
  v1::GetSummaryResponse out;
  out.set_file_count(summary.file_count);
  out.set_verified_file_count(summary.verified_file_count);
  *out.mutable_target_counts() = ToProto(summary.standings);
  for (const sync::DaySummary& day : summary.days) *out.add_days() = ToProto(day);
  for (const sync::UrusanSummary& urusan : summary.urusans) *out.add_urusans() = ToProto(urusan);
  for (const sync::Turn& turn : summary.turns) *out.add_turns() = ToProto(turn, language);
  *out.mutable_read_time() = ToProto(summary.read_time);
  return out;
}

}  // namespace satudata::rpc
