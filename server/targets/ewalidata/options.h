// File: options.h
//
// Everything about an e-walidata service that differs per region or that nobody outside the ministry has
// shown.
#ifndef SERVER_TARGETS_EWALIDATA_OPTIONS_H_
#define SERVER_TARGETS_EWALIDATA_OPTIONS_H_

#include <functional>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "server/catalog/units.h"
#include "server/sync/target.h"
#include "server/targets/gateway.h"

namespace satudata::targets::ewalidata {

// How decimals are written in a push, and read in a table.
enum class NumberStyle {
  kDot,    // 2.24
  kComma,  // 2,24
};

// sipd, ewalidata, read_back; batches of 100; push 180 s, table reads 300 s, settle time 10 min.
sync::TargetTraits DefaultTraits();

struct Options {
  sync::TargetTraits traits = DefaultTraits();
  GatewayOptions gateway;
  std::string default_kodepemda;  // Default: none; then a value without its own code is refused.

  std::string push_path = "/push_dssd";   // Default: /push_dssd.
  std::string values_path = "/get_dssd";  // Default: /get_dssd.
  std::string final_values_path =
      "/get_dssd_final";                             // Default: /get_dssd_final; empty: there is none to ask.
  std::string references_path = "/get_ref_dssd";     // Default: /get_ref_dssd.
  std::string withdraw_path = "/push_disable_dssd";  // Default: /push_disable_dssd.

  // Default: their own names. What a push calls its fields (kodeindikator, kodepemda, tahun, data).
  std::map<std::string, std::string, std::less<>> push_fields;
  // Default: their own names. What a withdrawal calls its fields (kodeindikator, kodepemda, tahun, alasan);
  // an empty name leaves the field out.
  std::map<std::string, std::string, std::less<>> withdrawal_fields;

  // Default: the row's natural key joined with dots. How the log of a push names a row; dots and commas are
  // taken for each other.
  std::string row_key_template = "{kodepemda}.{kodeindikator}.{tahun}";
  NumberStyle number_style = NumberStyle::kDot;  // Default: 2.24.
  catalog::Units units;                          // Default: the spellings that are known.
  size_t max_table_bytes = 64 << 20;             // Default: 64 MiB for a whole table in one answer.

  absl::Duration reference_ttl = absl::Hours(24);          // Default: the list is read again after a day.
  absl::Duration reference_retry_time = absl::Minutes(1);  // Default: 1 min between attempts that fail.
};

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_OPTIONS_H_
