#include "tests/fakes/test_certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata::fakes {
namespace {

std::string PathOf(absl::string_view directory, const X509& certificate, absl::string_view kind) {
  return absl::StrCat(directory, "/", X509_subject_name_hash(const_cast<X509*>(&certificate)), "-", kind,
                      ".pem");
}

std::string WriteText(std::string path, const std::string& text) {
  std::ofstream(path) << text;
  return path;
}

template <typename Write>
std::string PemOf(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  write(memory.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<size_t>(size));
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

std::string TestCertificate::CertificatePem() const {
  return PemOf([this](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
}

std::string TestCertificate::KeyPem() const {
  return PemOf(
      [this](BIO* bio) { PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string TestCertificate::WriteCertificate(absl::string_view directory) const {
  return WriteText(PathOf(directory, *certificate, "cert"), CertificatePem());
}

std::string TestCertificate::WriteKey(absl::string_view directory) const {
  return WriteText(PathOf(directory, *certificate, "key"), KeyPem());
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

}  // namespace satudata::fakes
