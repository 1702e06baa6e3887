// The form in which a recorded answer leaves: its head, the framing of its body, and its ending.
#ifndef PLAYHEAD_SERVE_ANSWER_FORM_H_
#define PLAYHEAD_SERVE_ANSWER_FORM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/http_head.h"
#include "recording/recording.h"

namespace playhead::serve {

enum class AnswerEnd : std::uint8_t {
  whole,    // the HTTP message ends as it should
  cut,      // FIN before the message is whole
  reset,    // RST
  silence,  // not a byte more, and the connection stays open
};

struct AnswerForm {
  // Empty: no response was recorded, and nothing but the ending leaves.
  std::string head;
  net::BodyFraming::Kind framing = net::BodyFraming::Kind::none;
  AnswerEnd end = AnswerEnd::whole;
};

// How the exchange answers a request with that head. By the reason of its recorded end:
//
//   complete                              whole
//   client_closed                         as the upstream ended the rest (recording/client_left.h);
//                                         where that is not told, whole if the body has all of its
//                                         Content-Length, else reset
//   eof_early                             cut
//   tls_error without close_notify        cut; whole where the body ends with the connection:
//                                         clients take such an end
//   reset, any other tls_error,           reset: what came next is not known, and RST is what
//   size_cap, recorder_stopped, torn      cannot be taken for an end
//   idle_timeout                          silence
//
// Where a `complete` exchange has no response it is cut, and one with client_closed is silent: its
// client gave up waiting.
//
// The framing is the recorded one where the headers tell: `chunked`; Content-Length where it fits,
// that is, equals the body of a whole answer and is more than that of another; until_close, where
// neither was there and `Connection: close` was, or Playhead itself captured it, except for an
// answer that is cut, as that would look whole. Otherwise `chunked`. For HTTP/1.0 `chunked` becomes
// until_close, and cut becomes reset.
//
// Headers are the recorded ones in their order, but those from hop to hop and those that are not
// net::is_safe().
AnswerForm form_of(const Recording& recording, const RecordedExchange& exchange,
                   const net::RequestHead& request);

// Trailers that may be written: safe, and none that would change the framing.
std::vector<net::HttpHeader> servable_trailers(const RecordedExchange& exchange);

// Fails where an exchange cannot be served: its status is none of a final response.
Status check_servable(const Recording& recording);

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_ANSWER_FORM_H_
