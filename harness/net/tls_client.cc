#include "net/tls_client.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <system_error>

#include "base/check.h"

namespace playhead::net {
namespace {

// ALPN (RFC 7301): a length, then the name.
constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

void require_host(SSL* session, const std::string& host) {
  // An address is never a server name (RFC 6066), and has its own kind of entry in certificates.
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1) return;
  ERR_clear_error();
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  PLAYHEAD_CHECK(SSL_set1_host(session, host.c_str()) == 1);
  // Fails for a host of more than 255 bytes, which no certificate is for either.
  SSL_set_tlsext_host_name(session, host.c_str());
}

std::string place_of(const Url& url) { return url.host + ":" + std::to_string(url.port); }

}  // namespace

std::string take_openssl_reason(const std::string& otherwise) {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? otherwise : reason;
}

Result<std::shared_ptr<TlsClient>> make_tls_client(const std::string& ca_file) {
  ERR_clear_error();
  auto client = std::make_shared<OpenSslClient>();
  client->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = client->context.get();
  if (context == nullptr) {
    return Error{"cannot use OpenSSL: " + take_openssl_reason("no context")};
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  PLAYHEAD_CHECK(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // an idle stream keeps no records
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  PLAYHEAD_CHECK(SSL_CTX_set_alpn_protos(context, kHttp11, sizeof kHttp11) == 0);
  if (SSL_CTX_set_default_verify_paths(context) != 1) {
    return Error{"cannot use the trusted certificates of this system: " +
                 take_openssl_reason("unknown reason")};
  }
  if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) {
    return Error{"cannot use " + ca_file + " as trusted certificates: " +
                 take_openssl_reason("unknown reason") + "; give a readable file in PEM form"};
  }
  return std::shared_ptr<TlsClient>(std::move(client));
}

std::unique_ptr<SSL, FreeSsl> make_tls_session(const OpenSslClient& client, const Url& url) {
  std::unique_ptr<SSL, FreeSsl> session(SSL_new(client.context.get()));
  PLAYHEAD_CHECK(session != nullptr);
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  PLAYHEAD_CHECK(in != nullptr && out != nullptr);
  BIO_set_mem_eof_return(in, -1);  // empty is not the end: more may come
  BIO_set_mem_eof_return(out, -1);
  SSL_set_bio(session.get(), in, out);
  SSL_set_connect_state(session.get());
  require_host(session.get(), url.host);
  return session;
}

std::string handshake_failure(const SSL& session, const Url& url) {
  const long verdict = SSL_get_verify_result(&session);
  const unsigned long code = ERR_peek_error();
  const std::string reason = take_openssl_reason("the handshake failed");
  switch (verdict) {
    case X509_V_OK: break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the certificate of " + place_of(url) + " is not for " + url.host +
             "; use the host name that it is for";
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate of " + place_of(url) +
             " is not valid now: " + X509_verify_cert_error_string(verdict) +
             "; renew it, or set this machine's clock";
    default:
      return "the certificate of " + place_of(url) +
             " is not trusted: " + X509_verify_cert_error_string(verdict) +
             "; give the CA's certificate with --ca FILE";
  }
  const std::string text = "TLS with " + place_of(url) + " failed: " + reason;
  const int kind = ERR_GET_REASON(code);
  if (kind == SSL_R_WRONG_VERSION_NUMBER || kind == SSL_R_PACKET_LENGTH_TOO_LONG ||
      kind == SSL_R_HTTP_REQUEST) {
    return text + "; the server does not speak TLS there, try http://";
  }
  return text;
}

}  // namespace playhead::net
