// Any bytes as a head: every split reads the same, and what is accepted reads back equal after it
// was written, with one framing and no way to inject a line.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "net/http_head.h"

namespace {

using namespace playhead;
using namespace playhead::net;

bool equal(const BodyFraming& a, const BodyFraming& b) {
  return a.kind == b.kind && a.length == b.length;
}

std::string written(RequestHead& head) {
  // It is written as HTTP/1.1, which wants a Host.
  if (header_value(head.headers, "Host").empty()) head.headers.emplace_back("Host", "a");
  return request_text(head.method, head.target, head.headers);
}
std::string written(ResponseHead& head) {
  return response_text(head.status, head.reason, head.headers);
}

bool equal_lines(const RequestHead& a, const RequestHead& b) {
  return a.method == b.method && a.target == b.target;
}
bool equal_lines(const ResponseHead& a, const ResponseHead& b) {
  return a.status == b.status && a.reason == b.reason;
}

template <typename Head>
bool equal(const Head& a, const Head& b) {
  return equal_lines(a, b) && a.headers == b.headers && equal(a.body, b.body) &&
         a.minor_version == b.minor_version && a.keep_alive == b.keep_alive;
}

// By value: a head is taken out of its reader to be compared.
template <typename Head>
bool equal(HeadReader<Head> a, HeadReader<Head> b) {
  if (a.done() != b.done() || a.error().has_value() != b.error().has_value()) return false;
  if (a.done()) return equal(a.take(), b.take());
  return !a.error() ||
         (a.error()->status == b.error()->status && a.error()->message == b.error()->message);
}

void check_framing(const std::vector<HttpHeader>& headers) {
  std::size_t framings = 0;
  for (const HttpHeader& header : headers) {
    PLAYHEAD_CHECK(is_safe(header));
    PLAYHEAD_CHECK(header.second.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    if (same_ignoring_case(header.first, "Content-Length")) ++framings;
    if (same_ignoring_case(header.first, "Transfer-Encoding")) ++framings;
  }
  PLAYHEAD_CHECK(framings <= 1);
}

template <typename Head>
void check_round_trip(Head head) {
  check_framing(head.headers);
  const std::string text = written(head);
  if (text.size() > kHeadBytesMax || head.headers.size() > kHeadersMax) return;
  HeadReader<Head> reader;
  PLAYHEAD_CHECK(reader.feed(text) == text.size());
  if (head.minor_version == 0 && reader.error()) {
    PLAYHEAD_CHECK(reader.error()->status == 417);  // expectations are news to HTTP/1.0
    return;
  }
  PLAYHEAD_CHECK(reader.done());
  const Head again = reader.take();
  PLAYHEAD_CHECK(equal_lines(head, again) && head.headers == again.headers);
  PLAYHEAD_CHECK(equal(head.body, again.body));
}

template <typename Head>
void check_head(std::string_view text) {
  HeadReader<Head> whole;
  const std::size_t taken = whole.feed(text);
  PLAYHEAD_CHECK(taken == text.size() || whole.done() || whole.error());

  HeadReader<Head> bytewise;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) count += bytewise.feed(text.substr(i, 1));
  PLAYHEAD_CHECK(count == taken && equal(bytewise, whole));

  const std::size_t at = text.empty() ? 0 : static_cast<unsigned char>(text[0]) % text.size();
  HeadReader<Head> split;
  count = split.feed(text.substr(0, at));
  count += split.feed(text.substr(at));
  PLAYHEAD_CHECK(count == taken && equal(split, whole));
  if (whole.done()) check_round_trip(whole.take());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_head<RequestHead>(text);
  check_head<ResponseHead>(text);
  return 0;
}
