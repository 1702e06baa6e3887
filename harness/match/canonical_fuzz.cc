// Any bytes as a body and as a target, and a line as the content type of the rest: the canonical
// form is its own, equals that of another writing of the same values or with another boundary, and
// a request differs from itself in nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "match/canonical.h"
#include "match/differences.h"
#include "match/json_node.h"
#include "match/multipart.h"
#include "match/request_form.h"

namespace {

using namespace playhead;
using namespace playhead::match;

// The string with its first character as an escape, where that is an `a`.
void append_rewritten_string(std::string_view json, std::string& out) {
  const bool has_a = json.starts_with("\"a");
  if (has_a) out += "\"\\u0061";
  out += json.substr(has_a ? 2 : 0);
}

void append_rewritten_scalar(const std::string& json, std::string& out) {
  const bool is_number = json[0] == '-' || (json[0] >= '0' && json[0] <= '9');
  append_rewritten_string(json, out);
  if (is_number && json.find('e') == std::string::npos) out += "E+0";
}

// The same value in another writing: members backwards, with blanks, exponents and escapes.
void append_rewritten(const JsonNode& node, std::string& out) {
  if (node.kind == JsonNode::Kind::scalar) return append_rewritten_scalar(node.text, out);
  const bool is_object = node.kind == JsonNode::Kind::object;
  out += is_object ? "\n{ " : " [\t";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const std::size_t at = is_object ? node.children.size() - 1 - i : i;
    if (i > 0) out += " ,\r\n";
    if (is_object) {
      std::string name;
      append_json_string(node.names[at], name);
      append_rewritten_string(name, out);
      out += " : ";
    }
    append_rewritten(node.children[at], out);
  }
  out += is_object ? " }" : " ]";
}

void check_body(const std::string& body) {
  const JsonNode node = read_node(body);
  const std::string canonical = canonical_body(body);
  PLAYHEAD_CHECK(canonical == text_of(node));
  PLAYHEAD_CHECK(canonical_body(canonical) == canonical);
  if (node.kind == JsonNode::Kind::bytes) return;
  PLAYHEAD_CHECK(read_node(canonical) == node);
  std::string rewritten;
  append_rewritten(node, rewritten);
  PLAYHEAD_CHECK(canonical_body(rewritten) == canonical);
}

void check_request(const std::string& bytes) {
  const CanonicalTarget target = canonical_target(bytes);
  PLAYHEAD_CHECK(canonical_target(target.text()) == target);
  const RequestForm form = request_form("POST", bytes, bytes, {});
  PLAYHEAD_CHECK(differences_between(form, form).shown.empty());
  const Leaves leaves = leaves_of(form);
  PLAYHEAD_CHECK(count_differences(leaves, leaves) == 0);
  PLAYHEAD_CHECK(masked_at(mask_spans(bytes), bytes, false) == bytes);
  RequestForm masked = form;
  masked.redacted = true;
  PLAYHEAD_CHECK(differences_between(masked, form).shown.empty());
  const RequestForm other = request_form("POST", canonical_body(bytes), "[1,{\"a\":2}]", {});
  for (const Difference& difference : differences_between(form, other).shown) {
    for (const std::string& side : {difference.recorded, difference.sent}) {
      PLAYHEAD_CHECK(side.empty() || parse_json(side).ok());
    }
  }
}

// The same parts between another boundary.
std::string rewritten_multipart(const std::vector<MultipartPart>& parts,
                                const std::string& dashed) {
  std::string out;
  std::string end = dashed + "--\r\n";
  for (const auto& [label, bytes] : parts) {
    if (label == "epilogue") {
      end += bytes;
    } else if (label == "preamble") {
      out.append(bytes).append("\r\n");
    } else {
      out.append(dashed).append("\r\n").append(bytes).append("\r\n");
    }
  }
  return out + end;
}

void check_multipart(const std::string& bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  const std::string type = bytes.substr(0, line);
  const std::string body = bytes.substr(std::min(line + 1, bytes.size()));
  const std::string boundary = "another boundary";
  const auto parts = multipart_parts(type, body);
  if (!parts || body.find(boundary) != std::string::npos) return;
  const std::string rewritten = rewritten_multipart(*parts, "--" + boundary);
  const RequestForm form = request_form("POST", "/", body, {}, type);
  const RequestForm other =
      request_form("POST", "/", rewritten, {}, "multipart/mixed; boundary=\"" + boundary + "\"");
  PLAYHEAD_CHECK(form.text() == other.text());
  PLAYHEAD_CHECK(differences_between(form, other).shown.empty());
  PLAYHEAD_CHECK(leaves_of(form) == leaves_of(other));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_body(bytes);
  check_request(bytes);
  check_multipart(bytes);
  return 0;
}
