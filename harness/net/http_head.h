// Heads of HTTP/1.1 messages: read strictly, written safely. What two readers could understand in
// two ways is refused (smuggling): see RFC 9112 sections 5 and 6.
#ifndef PLAYHEAD_NET_HTTP_HEAD_H_
#define PLAYHEAD_NET_HTTP_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/header.h"
#include "base/result.h"

namespace playhead::net {

using HttpHeader = Header;  // name as sent, value without outer blanks

// Our choices, beyond which a head is refused with status 431 (414 for the target).
inline constexpr std::size_t kHeadBytesMax = 64 * 1024;
inline constexpr std::size_t kHeadersMax = 100;
inline constexpr std::size_t kTargetBytesMax = 16 * 1024;

// How the end of a body is found.
struct BodyFraming {
  enum class Kind : std::uint8_t { none, length, chunked, until_close };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
};

struct RequestHead {
  std::string method;
  std::string target;  // origin form, as sent: begins with `/`, or `*`
  int minor_version = 1;
  std::vector<HttpHeader> headers;
  BodyFraming body;
  bool keep_alive = true;
  bool expects_continue = false;
};

struct ResponseHead {
  int status = 0;
  std::string reason;
  int minor_version = 1;
  std::vector<HttpHeader> headers;
  BodyFraming body;
  bool keep_alive = true;
};

struct HeadError {
  int status = 400;     // to answer a client with; of an upstream's head it means nothing
  std::string message;  // what is wrong
};

// Collects bytes until the head is whole, and reads the same however they are split. Refused, in
// requests and in responses: bare CR or LF (so heads with LF only), folded lines, blanks before a
// colon, NUL and control characters but tab, names that are no RFC 9110 token (underscores are
// allowed), versions other than 1.0 and 1.1, Transfer-Encoding other than exactly one `chunked` in
// small letters, it in HTTP/1.0 or beside Content-Length, several Content-Lengths, even equal ones,
// a Content-Length that is not 1 to 18 digits. In requests also: targets that are not in origin
// form (absolute and authority form, so CONNECT; `*` is for OPTIONS), no or several Hosts (none is
// allowed in 1.0), a Host that is no host and port, expectations other than 100-continue. One empty
// line before a request is skipped (RFC 9112 section 2.2). Upgrade is ignored.
//
// Responses with status 100 to 199 come out like others, without a body; a caller skips them and
// takes the next head, except for 101, behind which another protocol begins.
template <typename Head>
class HeadReader {
 public:
  // How many bytes of `bytes` belong to the head. After it done() or error() may be set; bytes
  // behind the head, or behind the byte that is wrong, are not looked at.
  std::size_t feed(std::string_view bytes);
  bool done() const { return done_; }
  const std::optional<HeadError>& error() const { return error_; }
  // CHECKs done(). The reader is fresh afterwards, but keeps the request's method.
  Head take();
  bool empty() const { return text_.empty(); }
  // Of a response: the method it answers (HEAD has no body).
  void set_request_method(std::string_view method) { request_method_ = method; }

 private:
  void take_line();
  void refuse(HeadError error) { error_ = std::move(error); }

  std::string text_;
  std::size_t line_begin_ = 0;  // of the line that text_ ends with
  bool skipped_line_ = false;
  std::string request_method_;
  Head head_;
  bool done_ = false;
  std::optional<HeadError> error_;
};

extern template class HeadReader<RequestHead>;
extern template class HeadReader<ResponseHead>;

// Without hop-by-hop headers: Connection and what it names, Keep-Alive, Proxy-*, TE, Trailer,
// Transfer-Encoding, Upgrade. Host and Content-Length stay, even where Connection names them: a
// message must not lose its framing on the way.
std::vector<HttpHeader> end_to_end(const std::vector<HttpHeader>& headers);

// Whether name and value may be written: a token, and no control character but tab (so no CR, LF
// or NUL). What may be written is what a HeadReader takes.
bool is_safe(const HttpHeader& header);

// "GET /x HTTP/1.1\r\n...\r\n\r\n". CHECKs that every header is_safe(), the method a token, the
// target visible ASCII, the status 100 to 999 and the reason one line; callers drop or refuse
// others first.
std::string request_text(std::string_view method, std::string_view target,
                         const std::vector<HttpHeader>& headers);
std::string response_text(int status, std::string_view reason,
                          const std::vector<HttpHeader>& headers);
// The usual reason phrase, or "".
std::string_view reason_of(int status);

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_HTTP_HEAD_H_
