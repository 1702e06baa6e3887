// OpenSslClient: the TlsClient that there is, as an OpenSSL context. Of this room only.
#ifndef PLAYHEAD_NET_TLS_CLIENT_H_
#define PLAYHEAD_NET_TLS_CLIENT_H_

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "net/connection.h"
#include "net/url.h"

namespace playhead::net {

struct FreeSsl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};

struct OpenSslClient final : TlsClient {
  std::unique_ptr<SSL_CTX, FreeSsl> context;
};

// A session towards the host of `url` that accepts no certificate but one for it, with memory as
// its two ends: SSL_get_rbio() and SSL_get_wbio().
std::unique_ptr<SSL, FreeSsl> make_tls_session(const OpenSslClient& client, const Url& url);

// Why the handshake of `session` failed; empties OpenSSL's list of errors.
std::string handshake_failure(const SSL& session, const Url& url);

// The reason of OpenSSL's oldest error, or `otherwise`; empties its list.
std::string take_openssl_reason(const std::string& otherwise);

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_TLS_CLIENT_H_
