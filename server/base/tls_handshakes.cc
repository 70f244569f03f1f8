#include "server/base/tls_handshakes.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string>
#include <utility>
#include <vector>

#include "server/base/freed.h"

namespace satudata::base {
namespace {

using CertificateRef = std::unique_ptr<X509, Freed<X509_free>>;
using KeyRef = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using StoreRef = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using TextRef = std::unique_ptr<BIO, Freed<BIO_free>>;

TextRef TextOf(const std::string& pem) {
  return TextRef(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

std::vector<CertificateRef> CertificatesIn(const std::string& pem) {
  std::vector<CertificateRef> certificates;
  const TextRef text = TextOf(pem);
  while (X509* certificate = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(certificate);
  }
  ERR_clear_error();  // The end of the text is one.
  return certificates;
}

int AcceptNoPassword(char*, int, int, void*) { return 0; }

}  // namespace

struct TlsHandshakes::Parsed {
  explicit Parsed(TlsOptions from)
      : tls(std::move(from)),
        chain(CertificatesIn(tls.certificate_chain)),
        key(PEM_read_bio_PrivateKey(TextOf(tls.private_key).get(), nullptr, AcceptNoPassword, nullptr)) {
    if (tls.client_ca.empty()) return;
    clients.reset(X509_STORE_new());
    for (const CertificateRef& trusted : CertificatesIn(tls.client_ca)) {
      X509_STORE_add_cert(clients.get(), trusted.get());
    }
  }

  bool Equip(SSL* connection) const {
    if (chain.empty() || key == nullptr) return false;
    if (SSL_use_certificate(connection, chain.front().get()) != 1) return false;
    if (SSL_use_PrivateKey(connection, key.get()) != 1) return false;
    SSL_clear_chain_certs(connection);
    for (size_t i = 1; i < chain.size(); ++i) {
      if (SSL_add1_chain_cert(connection, chain[i].get()) != 1) return false;
    }
    return clients == nullptr || SSL_set1_verify_cert_store(connection, clients.get()) == 1;
  }

  const TlsOptions tls;
  const std::vector<CertificateRef> chain;
  const KeyRef key;
  StoreRef clients;  // Null: clients show nothing.
};

TlsHandshakes::TlsHandshakes(std::shared_ptr<const TlsIdentity> identity) : identity_(std::move(identity)) {}

TlsHandshakes::~TlsHandshakes() = default;

void TlsHandshakes::SetUp(SSL_CTX& context) {
  SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
  SSL_CTX_set_options(&context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_cert_cb(&context, OnHandshake, this);
  if (identity_->Current().client_ca.empty()) return;
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  // A connection that resumes another shows no certificate, and whom we trust may have changed.
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(&context, 0);
}

int TlsHandshakes::OnHandshake(SSL* connection, void* self) {
  const std::shared_ptr<const Parsed> parsed = static_cast<TlsHandshakes*>(self)->Current();
  return parsed->Equip(connection) ? 1 : 0;
}

// Parsed once for each change, since a handshake is work enough.
std::shared_ptr<const TlsHandshakes::Parsed> TlsHandshakes::Current() {
  TlsOptions tls = identity_->Current();
  MutexLock lock(&mu_);
  if (parsed_ == nullptr || parsed_->tls != tls) parsed_ = std::make_shared<Parsed>(std::move(tls));
  return parsed_;
}

}  // namespace satudata::base
