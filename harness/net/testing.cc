#include "net/testing.h"

#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "base/check.h"
#include "net/tls_client.h"

namespace playhead::net {

bool run_until(Loop& loop, const std::function<bool()>& done) {
  bool late = false;
  Timer watchdog(loop);
  watchdog.start(seconds(60), [&] { late = true; });
  while (!done()) {
    if (late || !loop.run_once()) return done();
  }
  return true;
}

void run_a_little(Loop& loop) {
  bool is_over = false;
  Timer timer(loop);
  timer.start(milliseconds(3), [&] { is_over = true; });
  while (!is_over) loop.run_once();
}

std::string StreamLog::text() const {
  std::string all;
  for (const std::string& read : reads) all += read;
  return all;
}

std::size_t StreamLog::bytes() const {
  std::size_t count = 0;
  for (const std::string& read : reads) count += read.size();
  return count;
}

StreamEvents StreamLog::events() {
  return {.read = [this](std::string_view bytes) { reads.emplace_back(bytes); },
          .end =
              [this](StreamEnd end, const std::string& why) {
                ends.push_back(end);
                detail = why;
              },
          .drained = [this] { ++drained; }};
}

Url url_to(std::string host, std::uint16_t port, bool tls) {
  Url url;
  url.tls = tls;
  url.host = std::move(host);
  url.port = port;
  return url;
}

StreamPair connected_pair(Loop& loop) {
  StreamPair pair;
  auto listener = listen(loop, Endpoint{}, [&](std::unique_ptr<ByteStream> stream) {
                    pair.server = std::move(stream);
                  }).value();
  const auto connecting = connect(
      loop, url_to("127.0.0.1", listener->port()), nullptr, seconds(60),
      [&](std::unique_ptr<ByteStream> stream) { pair.client = std::move(stream); },
      [](const ConnectFailure&) {});
  PLAYHEAD_CHECK(run_until(loop, [&] { return pair.server != nullptr && pair.client != nullptr; }));
  return pair;
}

RawSocket::RawSocket(std::uint16_t port) : file_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  PLAYHEAD_CHECK(::connect(file_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

RawSocket::~RawSocket() {
  if (file_ >= 0) ::close(file_);
}

bool RawSocket::send(std::string_view bytes) const {
  return ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

std::string RawSocket::receive() const {
  std::string bytes(64 * 1024, '\0');
  const ssize_t count = ::recv(file_, bytes.data(), bytes.size(), 0);
  if (count < 0) return "reset";
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

void RawSocket::discard() const {
  while (::recv(file_, nullptr, 1024 * 1024, MSG_DONTWAIT | MSG_TRUNC) > 0) {
  }
}

void RawSocket::close_by_fin() {
  discard();
  ::close(std::exchange(file_, -1));
}

void RawSocket::close_by_reset() {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(file_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(file_, -1));
}

namespace {

struct FreeCrypto {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* memory) const { BIO_free(memory); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeCrypto>;
using Certificate = std::unique_ptr<X509, FreeCrypto>;
using Memory = std::unique_ptr<BIO, FreeCrypto>;

constexpr long kSecondsADay = 24 * 3600;

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context = {};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  PLAYHEAD_CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate new_certificate(EVP_PKEY* key, const char* name, int days_left, long number) {
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), number);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -10 * kSecondsADay);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), days_left * kSecondsADay);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return made;
}

std::string text_of(BIO* memory) {
  char* bytes = nullptr;
  const long count = BIO_get_mem_data(memory, &bytes);
  return std::string(bytes, static_cast<std::size_t>(count));
}

std::string pem_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), certificate);
  return text_of(memory.get());
}

std::string pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(memory.get());
}

// ALPN (RFC 7301): a length, then the name. OpenSSL keeps a pointer to the name.
constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int choose_http11(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                  unsigned int in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, kHttp11, sizeof kHttp11, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

struct TestAuthority::Keys {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

TestAuthority::TestAuthority() : keys_(std::make_unique<Keys>()) {
  keys_->certificate = new_certificate(keys_->key.get(), "Test CA", 2, 1);
  X509* own = keys_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign");
  add_extension(own, own, NID_subject_key_identifier, "hash");
  PLAYHEAD_CHECK(X509_sign(own, keys_->key.get(), EVP_sha256()) > 0);
  certificate_ = pem_of(own);
}

TestAuthority::~TestAuthority() = default;

TestIdentity TestAuthority::issue(const std::string& names, int days_left) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate made = new_certificate(key.get(), "Test server", days_left, 2);
  X509* issuer = keys_->certificate.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
  add_extension(made.get(), issuer, NID_subject_alt_name, names);
  add_extension(made.get(), issuer, NID_authority_key_identifier, "keyid");
  PLAYHEAD_CHECK(X509_sign(made.get(), keys_->key.get(), EVP_sha256()) > 0);
  return {pem_of(made.get()), pem_of(key.get())};
}

struct TlsTestServer::State {
  void take(std::unique_ptr<ByteStream> accepted);
  void got(std::string_view bytes);
  void flush();

  std::unique_ptr<SSL_CTX, FreeSsl> context;
  std::unique_ptr<SSL, FreeSsl> session;
  std::unique_ptr<ByteStream> stream;
  std::unique_ptr<Listener> listener;
  std::function<void(std::string_view)> read;
};

void TlsTestServer::State::take(std::unique_ptr<ByteStream> accepted) {
  stream = std::move(accepted);
  session.reset(SSL_new(context.get()));
  SSL_set_bio(session.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  BIO_set_mem_eof_return(SSL_get_rbio(session.get()), -1);
  SSL_set_accept_state(session.get());
  stream->start({.read = [this](std::string_view bytes) { got(bytes); },
                 .end = [](StreamEnd, const std::string&) {},
                 .drained = {}});
}

void TlsTestServer::State::got(std::string_view bytes) {
  BIO_write(SSL_get_rbio(session.get()), bytes.data(), static_cast<int>(bytes.size()));
  std::string buffer(16 * 1024, '\0');
  for (;;) {
    const int count = SSL_read(session.get(), buffer.data(), static_cast<int>(buffer.size()));
    flush();
    if (count <= 0) return;
    if (read != nullptr) read(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
  }
}

void TlsTestServer::State::flush() {
  BIO* out = SSL_get_wbio(session.get());
  stream->write(text_of(out));
  static_cast<void>(BIO_reset(out));
}

TlsTestServer::TlsTestServer(Loop& loop, const TestIdentity& identity)
    : state_(std::make_unique<State>()) {
  state_->context.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = state_->context.get();
  const Memory certificate_text(BIO_new_mem_buf(identity.certificate.data(), -1));
  const Certificate certificate(
      PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
  const Memory key_text(BIO_new_mem_buf(identity.key.data(), -1));
  const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  PLAYHEAD_CHECK(SSL_CTX_use_certificate(context, certificate.get()) == 1);
  PLAYHEAD_CHECK(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
  SSL_CTX_set_alpn_select_cb(context, choose_http11, nullptr);
  state_->listener = listen(loop, Endpoint{}, [this](std::unique_ptr<ByteStream> stream) {
                       state_->take(std::move(stream));
                     }).value();
}

TlsTestServer::~TlsTestServer() = default;

std::uint16_t TlsTestServer::port() const { return state_->listener->port(); }

void TlsTestServer::on_read(std::function<void(std::string_view bytes)> call) {
  state_->read = std::move(call);
}

void TlsTestServer::send(std::string_view bytes) {
  PLAYHEAD_CHECK(SSL_write(state_->session.get(), bytes.data(), static_cast<int>(bytes.size())) ==
                 static_cast<int>(bytes.size()));
  state_->flush();
}

void TlsTestServer::close_notify() {
  SSL_shutdown(state_->session.get());
  state_->flush();
  state_->stream->finish();
}

void TlsTestServer::cut() { state_->stream->finish(); }
void TlsTestServer::reset() { state_->stream->reset(); }

bool TlsTestServer::is_connected() const {
  return state_->session != nullptr && SSL_is_init_finished(state_->session.get()) != 0;
}

bool TlsTestServer::got_close_notify() const {
  return (SSL_get_shutdown(state_->session.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string TlsTestServer::server_name() const {
  const char* name = SSL_get_servername(state_->session.get(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

std::string TlsTestServer::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(state_->session.get(), &name, &size);
  return std::string(reinterpret_cast<const char*>(name), size);
}

}  // namespace playhead::net
