// File: convert_catalog.h
//
// Files, indicator values and targets, between the domain and the API. Pure and thread-safe.
#ifndef SERVER_RPC_CONVERT_CATALOG_H_
#define SERVER_RPC_CONVERT_CATALOG_H_

#include <optional>
#include <vector>

#include "satudata/integration/v1/catalog_service.pb.h"
#include "satudata/integration/v1/target_service.pb.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/catalog_store.h"
#include "server/catalog/messages.h"
#include "server/sync/engine.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

v1::CatalogFile ToProto(const catalog::CatalogFile& file);
// Without names that are too long to be asked for.
v1::GetCatalogSummaryResponse ToProto(const catalog::CatalogSummary& summary);
v1::IndicatorValue ToProto(const catalog::IndicatorValue& value, catalog::Language language);
v1::Target ToProto(const sync::TargetStatus& target, catalog::Language language);
v1::CheckTargetResponse ToProto(const sync::CheckResult& result, catalog::Language language);

sync::IndicatorFilter FromProto(const v1::ListReferenceIndicatorsRequest& request);
// Without `next_page_token`.
v1::ListReferenceIndicatorsResponse ToProto(const sync::IndicatorPage& page);
// Where values of a file that is not verified were left (`left`) and can be withdrawn: says so.
void OfferWithdrawal(const std::vector<sync::TargetStatus>& targets, bool left, v1::FileTargetStatus* status);

v1::CatalogFile::Verification ToProto(catalog::Verification verification);
// nullopt for VERIFICATION_UNSPECIFIED and for numbers that this version does not know.
std::optional<catalog::Verification> FromProto(v1::CatalogFile::Verification verification);

sync::FileFilter FromProto(const v1::ListFilesRequest& request);
// Without verification and what else is output only. Positions are given from 1 in the order of the request.
catalog::FileWithValues FromProto(const v1::UpsertFileRequest& request);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CONVERT_CATALOG_H_
