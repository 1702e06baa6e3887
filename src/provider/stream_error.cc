// Errors in streams and bodies, in the forms that the providers give them.
#include "provider/stream_error.h"

#include <utility>

#include "base/utf8.h"

namespace playhead::provider {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string_view scalar_text(const Member& value, OwnedTexts& owned) {
  if (!is_present(value)) return {};
  return value->is_string() ? value->text() : own(value->json(), owned);
}

bool says_error(const Member& error) {
  if (!is_present(error)) return false;
  if (error->is_string()) return !error->text().empty();
  if (error->is_bool()) return error->is_true();
  bool has_members = !error->is_object();
  error->each_member([&has_members](std::string_view, const JsonView&) { has_members = true; });
  return has_members;
}

std::optional<JsonView> error_of(const Frame& frame, const JsonView& root) {
  if (!root.is_object()) {
    return frame.event == "error" ? std::optional<JsonView>(root) : std::nullopt;
  }
  const Member error = root.find("error");
  if (says_error(error)) {
    const bool is_flag = !error->is_string() && !error->is_object();
    return is_flag ? root : *error;
  }
  const std::string_view type = root.text_at("type");
  const bool is_named = type == "error" || (type.empty() && frame.event == "error");
  const bool is_alone =
      frame.kind == FrameKind::line && type.empty() && (root.has("message") || root.has("detail"));
  return is_named || is_alone ? std::optional<JsonView>(root) : std::nullopt;
}

Delta read_error(const JsonView& error, OwnedTexts& owned) {
  Delta delta;
  delta.kind = DeltaKind::error;
  if (!error.is_object()) {
    delta.text = scalar_text(error, owned);
    return delta;
  }
  delta.name = scalar_text(error.find("code"), owned);
  if (delta.name.empty()) {
    if (const Member details = error.find("details")) delta.name = details->text_at("error_code");
  }
  delta.type = error.text_at("type");
  if (delta.type == "error") delta.type = {};  // the event's own type
  if (delta.type.empty()) delta.type = scalar_text(error.find("status"), owned);
  for (const std::string_view name : {"message", "detail"}) {
    if (delta.text.empty()) delta.text = scalar_text(error.find(name), owned);
  }
  return delta;
}

void read_unparsable(const Frame& frame, OwnedTexts& owned, std::vector<Delta>& out) {
  if (frame.event == "error") {
    add(DeltaKind::error, out).text = own(to_utf8(frame.data), owned);
    return;
  }
  if (frame.kind == FrameKind::line) note(Anomaly::unframed_json, {}, out);
  if (is_blank(frame.data)) return note(Anomaly::empty_data, {}, out);
  note(Anomaly::bad_json, own(quoted(frame.data), owned), out);
}

}  // namespace playhead::provider
