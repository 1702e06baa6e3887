#include "serve/error_answer.h"

#include "base/json.h"

namespace playhead::serve {

void answer_error(net::Responder& responder, int status, std::string_view message) {
  JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("type").string("playhead").key("message").string(message);
  net::answer(responder, status, "application/json", json.end_object().end_object().take());
}

}  // namespace playhead::serve
