#include "match/request_form.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "match/multipart.h"
#include "recording/redaction_masker.h"

namespace playhead::match {
namespace {

JsonNode bytes_node(std::string_view bytes) {
  return {JsonNode::Kind::bytes, std::string(bytes), {}, {}};
}

std::vector<FormPart> parts_of(std::string_view body, const MatchOptions& options,
                               std::string_view content_type) {
  std::vector<FormPart> parts;
  if (options.mode == MatchMode::sequence) return parts;
  if (const auto multipart = multipart_parts(content_type, body)) {
    for (const auto& [label, bytes] : *multipart) parts.push_back({label, bytes_node(bytes)});
    return parts;
  }
  JsonNode root = read_node(body);
  if (options.mode == MatchMode::exact || root.kind == JsonNode::Kind::bytes) {
    parts.push_back({"", std::move(root)});
    return parts;
  }
  for (const std::string& pointer : options.fields) {
    const JsonNode* found = find_node(root, pointer);
    parts.push_back({pointer, found != nullptr ? std::optional(*found) : std::nullopt});
  }
  return parts;
}

BodyLoss loss_of(const RecordedExchange& exchange, bool redacted) {
  const std::string& body = exchange.request_body;
  const std::vector<Header>& headers = exchange.request_headers;
  if (body.empty()) {
    const std::string_view size = header_value(headers, "content-length");
    return size.find_first_of("123456789") != std::string_view::npos ? BodyLoss::missing
                                                                     : BodyLoss::none;
  }
  const bool is_masked =
      redacted && body.find_first_not_of(recording::kMaskByte) == std::string::npos;
  if (!is_masked) return BodyLoss::none;
  const std::string_view coding = header_value(headers, "content-encoding");
  return coding.empty() || same_ignoring_case(coding, "identity") ? BodyLoss::masked
                                                                  : BodyLoss::compressed;
}

}  // namespace

bool RequestForm::is_json() const {
  return parts.empty() || !parts[0].value || parts[0].value->kind != JsonNode::Kind::bytes;
}

std::string RequestForm::text() const {
  std::string out = method + "\n" + target.text() + "\n";
  for (const FormPart& part : parts) {
    // A blank before the value tells JSON from nothing, and bytes from JSON. The size of bytes
    // tells where they end.
    out += part.at;
    if (part.value && part.value->kind == JsonNode::Kind::bytes) {
      out += "  " + std::to_string(part.value->text.size());
    }
    if (part.value) out += " " + text_of(*part.value);
    out += "\n";
  }
  return out;
}

RequestForm request_form(std::string_view method, std::string_view target, std::string_view body,
                         const MatchOptions& options, std::string_view content_type) {
  RequestForm form;
  form.method = method;
  form.target = canonical_target(target);
  form.parts = parts_of(body, options, content_type);
  return form;
}

RequestForm recorded_form(const RecordedExchange& exchange, bool redacted,
                          const MatchOptions& options) {
  RequestForm form = request_form(exchange.method, exchange.target, exchange.request_body, options,
                                  header_value(exchange.request_headers, "content-type"));
  form.redacted = redacted;
  if (options.mode == MatchMode::sequence) return form;
  form.loss = loss_of(exchange, redacted);
  // No sent request has a body without a value.
  if (form.loss == BodyLoss::missing) form.parts = {{"", std::nullopt}};
  return form;
}

}  // namespace playhead::match
