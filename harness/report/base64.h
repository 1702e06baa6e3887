// Bytes that are no UTF-8 as base64 (RFC 4648), for JSON documents.
#ifndef PLAYHEAD_REPORT_BASE64_H_
#define PLAYHEAD_REPORT_BASE64_H_

#include <string>
#include <string_view>

namespace playhead::report {

std::string base64(std::string_view bytes);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_BASE64_H_
