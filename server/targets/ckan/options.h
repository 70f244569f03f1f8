// File: options.h
//
// What differs between one CKAN and another.
#ifndef SERVER_TARGETS_CKAN_OPTIONS_H_
#define SERVER_TARGETS_CKAN_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/sync/target.h"
#include "server/targets/gateway.h"

namespace satudata::targets::ckan {

// splp, ckan, confirmed by a read-back; one dataset a request; 120 s, settle time 5 s.
sync::TargetTraits DefaultTraits();
// One token in `Authorization`, without a word before it.
GatewayOptions DefaultGateway();

struct Options {
  sync::TargetTraits traits = DefaultTraits();
  GatewayOptions gateway = DefaultGateway();

  std::string owner_org;                  // Required. Name or id of the organisation that owns our datasets.
  std::string name_prefix = "satudata-";  // Default: satudata-. Before the names of our datasets.
  std::string action_path = "/api/3/action";  // Default: /api/3/action. After the base path.
  // Default: what the national instance refuses. As ContentFile::Type has them.
  std::vector<std::string> refused_types = {"pdf", "doc", "docx", "png"};
  int64_t max_file_bytes = 50LL << 20;  // Default: 50 MiB.
};

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_OPTIONS_H_
