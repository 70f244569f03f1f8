#include "tests/unit/server/http/test_certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata::http {
namespace {

std::string PathOf(absl::string_view directory, const X509& certificate, absl::string_view kind) {
  return absl::StrCat(directory, "/", X509_subject_name_hash(const_cast<X509*>(&certificate)), "-", kind,
                      ".pem");
}

template <typename Write>
std::string WritePem(std::string path, Write write) {
  FILE* file = std::fopen(path.c_str(), "w");
  write(file);
  std::fclose(file);
  return path;
}

void AddExtension(X509& certificate, int id, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
  X509_add_ext(&certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void Name(X509& certificate, const std::string& host) {
  X509_NAME_add_entry_by_txt(X509_get_subject_name(&certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1, 0);
}

}  // namespace

std::string TestCertificate::WriteCertificate(absl::string_view directory) const {
  return WritePem(PathOf(directory, *certificate, "cert"),
                  [this](FILE* file) { PEM_write_X509(file, certificate.get()); });
}

std::string TestCertificate::WriteKey(absl::string_view directory) const {
  return WritePem(PathOf(directory, *certificate, "key"), [this](FILE* file) {
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

TestCertificate MakeCertificate(const std::string& host, const TestCertificate* issuer, absl::Duration life) {
  TestCertificate made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  X509& certificate = *made.certificate;
  X509_set_version(&certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(&certificate), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(&certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(&certificate), absl::ToInt64Seconds(life));
  X509_set_pubkey(&certificate, made.key.get());
  Name(certificate, host);
  const X509& signer = issuer == nullptr ? certificate : *issuer->certificate;
  X509_set_issuer_name(&certificate, X509_get_subject_name(&signer));
  AddExtension(certificate, NID_subject_alt_name, absl::StrCat("DNS:", host));
  AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(&certificate, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256());
  return made;
}

}  // namespace satudata::http
