// The answer with which the mock provider itself refuses a request.
#ifndef PLAYHEAD_SERVE_ERROR_ANSWER_H_
#define PLAYHEAD_SERVE_ERROR_ANSWER_H_

#include <string_view>

#include "net/http_server.h"

namespace playhead::serve {

// {"error":{"type":"playhead","message":...}}
void answer_error(net::Responder& responder, int status, std::string_view message);

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_ERROR_ANSWER_H_
