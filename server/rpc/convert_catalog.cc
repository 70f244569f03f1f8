#include "server/rpc/convert_catalog.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "server/rpc/convert.h"
#include "server/rpc/text.h"
#include "server/rpc/validate.h"

namespace satudata::rpc {
namespace {

// The overloads below would hide them.
using rpc::FromProto;
using rpc::ToProto;

std::string Trimmed(const std::string& text) { return std::string(absl::StripAsciiWhitespace(text)); }

v1::Target::Circuit ToProto(sync::Circuit circuit) {
  switch (circuit) {
    case sync::Circuit::kClosed:
      return v1::Target::CIRCUIT_CLOSED;
    case sync::Circuit::kOpen:
      return v1::Target::CIRCUIT_OPEN;
    case sync::Circuit::kHalfOpen:
      return v1::Target::CIRCUIT_HALF_OPEN;
  }
  return v1::Target::CIRCUIT_UNSPECIFIED;
}

catalog::NumberFormat FromProto(v1::FileMapping::NumberFormat format) {
  switch (format) {
    case v1::FileMapping::NUMBER_FORMAT_INDONESIAN:
      return catalog::NumberFormat::kIndonesian;
    case v1::FileMapping::NUMBER_FORMAT_ENGLISH:
      return catalog::NumberFormat::kEnglish;
    default:
      return catalog::NumberFormat::kUnknown;
  }
}

v1::FileMapping::NumberFormat ToProto(catalog::NumberFormat format) {
  switch (format) {
    case catalog::NumberFormat::kUnknown:
      return v1::FileMapping::NUMBER_FORMAT_UNSPECIFIED;
    case catalog::NumberFormat::kIndonesian:
      return v1::FileMapping::NUMBER_FORMAT_INDONESIAN;
    case catalog::NumberFormat::kEnglish:
      return v1::FileMapping::NUMBER_FORMAT_ENGLISH;
  }
  return v1::FileMapping::NUMBER_FORMAT_UNSPECIFIED;
}

catalog::FileMapping FromProto(const v1::FileMapping& mapping) {
  return {.sheet = Trimmed(mapping.sheet()),
          .header_row = mapping.header_row(),
          .code_column = Trimmed(mapping.code_column()),
          .year_column = Trimmed(mapping.year_column()),
          .value_column = Trimmed(mapping.value_column()),
          .kodepemda_column = Trimmed(mapping.kodepemda_column()),
          .unit_column = Trimmed(mapping.unit_column()),
          .kodeindikator = Trimmed(mapping.kodeindikator()),
          .tahun = Trimmed(mapping.tahun()),
          .number_format = FromProto(mapping.number_format())};
}

v1::FileMapping ToProto(const catalog::FileMapping& mapping) {
  v1::FileMapping out;
  out.set_sheet(Utf8(mapping.sheet));
  out.set_header_row(mapping.header_row);
  out.set_code_column(Utf8(mapping.code_column));
  out.set_year_column(Utf8(mapping.year_column));
  out.set_value_column(Utf8(mapping.value_column));
  out.set_kodepemda_column(Utf8(mapping.kodepemda_column));
  out.set_unit_column(Utf8(mapping.unit_column));
  out.set_kodeindikator(Utf8(mapping.kodeindikator));
  out.set_tahun(Utf8(mapping.tahun));
  out.set_number_format(ToProto(mapping.number_format));
  return out;
}

catalog::CatalogFile FromProto(const v1::CatalogFile& file) {
  catalog::CatalogFile out;
  out.file_id = file.file_id();
  out.name = Trimmed(file.name());
  out.theme = Trimmed(file.theme());
  out.producer = Trimmed(file.producer());
  out.coverage = Trimmed(file.coverage());
  out.frequency = Trimmed(file.frequency());
  out.dimension = Trimmed(file.dimension());
  out.file_name = Trimmed(file.file_name());
  out.file_type = Trimmed(file.file_type());
  out.is_public = file.public_();
  out.kodepemda = file.kodepemda();
  if (file.has_source_create_time()) out.source_create_time = FromProto(file.source_create_time());
  if (file.has_source_update_time()) out.source_update_time = FromProto(file.source_update_time());
  out.mapping = FromProto(file.mapping());
  return out;
}

catalog::IndicatorValue FromProto(const v1::IndicatorValue& value, int64_t position) {
  catalog::IndicatorValue out;
  out.position = position;
  out.kodeindikator = Trimmed(value.kodeindikator());
  out.kodepemda = Trimmed(value.kodepemda());
  out.tahun = Trimmed(value.tahun());
  out.raw_value = value.raw_value();
  out.satuan = Trimmed(value.satuan());
  return out;
}

v1::IndicatorYear ToProto(const sync::IndicatorYear& year) {
  v1::IndicatorYear out;
  out.set_tahun(Utf8(year.tahun));
  out.set_value(Utf8(year.value));
  out.set_file_id(Utf8(year.file_id));
  out.set_target_value(Utf8(year.target_value));
  if (year.confirm_time) *out.mutable_confirm_time() = ToProto(*year.confirm_time);
  return out;
}

v1::ReferenceIndicator ToProto(const sync::IndicatorRow& row) {
  v1::ReferenceIndicator out;
  out.set_kodeindikator(Utf8(row.indicator.kodeindikator));
  out.set_uraian_indikator(Utf8(row.indicator.name));
  out.set_satuan(Utf8(row.indicator.unit));
  out.set_bidangurusan(Utf8(row.indicator.field));
  out.set_active(!row.indicator.is_disabled);
  for (const sync::IndicatorYear& year : row.years) *out.add_years() = ToProto(year);
  return out;
}

void AddNames(const std::vector<catalog::NameCount>& names,
              google::protobuf::RepeatedPtrField<v1::NameCount>* out) {
  for (const catalog::NameCount& name : names) {
    if (name.name.size() > kMaxFilterBytes) continue;
    v1::NameCount* added = out->Add();
    added->set_name(Utf8(name.name));
    added->set_count(name.count);
  }
}

}  // namespace

v1::CatalogFile ToProto(const catalog::CatalogFile& file) {
  v1::CatalogFile out;
  out.set_file_id(Utf8(file.file_id));
  out.set_name(Utf8(file.name));
  out.set_theme(Utf8(file.theme));
  out.set_producer(Utf8(file.producer));
  out.set_coverage(Utf8(file.coverage));
  out.set_frequency(Utf8(file.frequency));
  out.set_dimension(Utf8(file.dimension));
  out.set_file_name(Utf8(file.file_name));
  out.set_file_type(Utf8(file.file_type));
  out.set_public_(file.is_public);
  out.set_verification(ToProto(file.verification));
  out.set_kodepemda(Utf8(file.kodepemda));
  if (file.source_create_time) *out.mutable_source_create_time() = ToProto(*file.source_create_time);
  if (file.source_update_time) *out.mutable_source_update_time() = ToProto(*file.source_update_time);
  if (!file.mapping.empty()) *out.mutable_mapping() = ToProto(file.mapping);
  out.set_revision(file.revision);
  *out.mutable_create_time() = ToProto(file.create_time);
  *out.mutable_update_time() = ToProto(file.update_time);
  return out;
}

v1::GetCatalogSummaryResponse ToProto(const catalog::CatalogSummary& summary) {
  v1::GetCatalogSummaryResponse out;
  out.set_file_count(summary.file_count);
  out.set_verified_file_count(summary.verified_file_count);
  AddNames(summary.themes, out.mutable_themes());
  AddNames(summary.producers, out.mutable_producers());
  return out;
}

v1::IndicatorValue ToProto(const catalog::IndicatorValue& value, catalog::Language language) {
  v1::IndicatorValue out;
  out.set_position(value.position);
  out.set_kodeindikator(Utf8(value.kodeindikator));
  out.set_kodepemda(Utf8(value.kodepemda));
  out.set_tahun(Utf8(value.tahun));
  out.set_raw_value(Utf8(value.raw_value));
  if (value.value) out.set_value(*value.value);
  SetFailure(catalog::FindingOf(value), language, &out);
  out.set_line(value.line);
  out.set_column(Utf8(value.column.str()));
  out.set_sheet(Utf8(value.sheet.str()));
  out.set_cell(catalog::CellOf(value));
  out.set_satuan(Utf8(value.satuan.str()));
  return out;
}

v1::Target ToProto(const sync::TargetStatus& target, catalog::Language language) {
  v1::Target out;
  out.set_target(target.traits.name);
  out.set_profile(target.traits.profile);
  out.set_host(Utf8(target.traits.host));
  out.set_circuit(ToProto(target.circuit));
  out.set_concurrency_limit(target.concurrency_limit);
  out.set_rate_limit(target.rate_limit_per_second);
  out.set_in_flight(target.in_flight);
  out.set_paused(target.pause.kind != sync::PauseKind::kNone);
  if (target.wait) {
    *out.mutable_wait() = ToProto(target.wait->failure, language);
    if (target.wait->until != absl::InfiniteFuture()) {
      *out.mutable_wait_end_time() = ToProto(target.wait->until);
    }
  }
  out.set_queue_depth(target.queue_depth);
  return out;
}

v1::CheckTargetResponse ToProto(const sync::CheckResult& result, catalog::Language language) {
  v1::CheckTargetResponse out;
  out.set_healthy(result.healthy);
  SetFailure(result.failure, language, &out);
  out.set_latency_ms(absl::ToInt64Milliseconds(result.latency));
  out.set_http_code(result.http_code);
  return out;
}

sync::IndicatorFilter FromProto(const v1::ListReferenceIndicatorsRequest& request) {
  return {.target = request.target(),
          .kodepemda = request.kodepemda(),
          .text = request.text(),
          .urusan = request.urusan()};
}

v1::ListReferenceIndicatorsResponse ToProto(const sync::IndicatorPage& page) {
  v1::ListReferenceIndicatorsResponse out;
  for (const sync::IndicatorRow& row : page.rows) *out.add_indicators() = ToProto(row);
  *out.mutable_read_time() = ToProto(page.read_time);
  out.set_total_count(page.total_count);
  return out;
}

void OfferWithdrawal(const std::vector<sync::TargetStatus>& targets, bool left,
                     v1::FileTargetStatus* status) {
  const bool takes_it = std::any_of(targets.begin(), targets.end(), [&](const sync::TargetStatus& target) {
    return target.traits.name == status->target() && target.traits.withdraws;
  });
  status->set_withdrawal_offered(takes_it && left);
  if (!status->withdrawal_offered()) status->clear_held_keys();
}

v1::CatalogFile::Verification ToProto(catalog::Verification verification) {
  switch (verification) {
    case catalog::Verification::kUnverified:
      return v1::CatalogFile::VERIFICATION_UNVERIFIED;
    case catalog::Verification::kVerified:
      return v1::CatalogFile::VERIFICATION_VERIFIED;
    case catalog::Verification::kRefused:
      return v1::CatalogFile::VERIFICATION_REFUSED;
  }
  return v1::CatalogFile::VERIFICATION_UNSPECIFIED;
}

std::optional<catalog::Verification> FromProto(v1::CatalogFile::Verification verification) {
  switch (verification) {
    case v1::CatalogFile::VERIFICATION_UNVERIFIED:
      return catalog::Verification::kUnverified;
    case v1::CatalogFile::VERIFICATION_VERIFIED:
      return catalog::Verification::kVerified;
    case v1::CatalogFile::VERIFICATION_REFUSED:
      return catalog::Verification::kRefused;
    default:
      return std::nullopt;
  }
}

sync::FileFilter FromProto(const v1::ListFilesRequest& request) {
  return {.text = request.text(),
          .verification = FromProto(request.verification()),
          .theme = request.theme(),
          .producer = request.producer(),
          .target = request.target(),
          .state = FromProto(request.state())};
}

catalog::FileWithValues FromProto(const v1::UpsertFileRequest& request) {
  catalog::FileWithValues out;
  out.file = FromProto(request.file());
  for (const v1::IndicatorValue& value : request.indicator_values()) {
    out.values.push_back(FromProto(value, static_cast<int64_t>(out.values.size()) + 1));
  }
  out.file.has_inline_values = !out.values.empty();
  return out;
}

}  // namespace satudata::rpc
