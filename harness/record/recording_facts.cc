#include "record/recording_facts.h"

#include <array>

#include "base/json.h"
#include "provider/detect.h"
#include "recording/redaction_secrets.h"

namespace playhead::record {
namespace {

// Gemini: /v1beta/models/NAME:verb. Bedrock: /model/NAME/verb.
constexpr std::array<std::string_view, 2> kModelFolders = {"/models/", "/model/"};

std::string model_in_path(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  for (const std::string_view folder : kModelFolders) {
    const std::size_t at = path.find(folder);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = path.substr(at + folder.size());
    const bool gemini = folder == kModelFolders.front();
    const std::size_t end = gemini ? rest.rfind(':') : rest.find('/');
    if (end == std::string_view::npos) continue;
    return recording::percent_decoded(rest.substr(0, end));
  }
  return {};
}

}  // namespace

std::string protocol_of(const RecordedExchange& exchange, std::string_view host) {
  const auto found =
      provider::detect({.path = exchange.target,
                        .host = host,
                        .content_type = header_value(exchange.response_headers, "content-type"),
                        .body = exchange.body});
  return found ? std::string(name_of(*found)) : std::string();
}

std::string model_of(const RecordedExchange& exchange) {
  const auto document = parse_json(exchange.request_body);
  if (document.ok() && document->IsObject()) {
    if (const auto model = text_member(*document, "model")) return std::string(*model);
  }
  return model_in_path(exchange.target);
}

void OneValue::add(const std::string& value) {
  if (value.empty() || several_ || value == value_) return;
  several_ = !value_.empty();
  value_ = several_ ? std::string() : value;
}

}  // namespace playhead::record
