#include "cli/command.h"

#include <cstddef>
#include <cstdio>
#include <filesystem>

#include "base/json.h"
#include "file/posix_file.h"
#include "model/policy_profile.h"

namespace playhead::cli {
namespace {

// Our choice: a policy that says all there is takes some kilobytes.
constexpr std::size_t kPolicyFileBytesMax = std::size_t{1} << 20;

}  // namespace

std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

bool print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return written && std::fflush(stdout) == 0;
}

void say(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  if (!line.ends_with('\n')) std::fputc('\n', stderr);
}

void note(std::string_view line) { say("playhead: " + std::string(line)); }

int fail(const Error& error) {
  note(error.message);
  return kUnusable;
}

Result<Policy> policy_option(const std::string& name) {
  if (name.empty()) return Policy{};
  std::string known;
  for (const PolicyProfile& profile : policy_profiles()) {
    if (profile.name == name) return policy_of_profile(name);
    known.append(known.empty() ? "" : ", ").append(profile.name);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored)) {
    return Error{"--policy " + name + ": no such file, and no such profile; profiles are " + known};
  }
  const auto text = file::read_file(name, kPolicyFileBytesMax);
  if (!text) return text.error();
  const auto document = parse_json(*text);
  if (!document) return Error{name + ":" + document.error().message};
  auto policy = apply_policy(Policy{}, *document);
  if (!policy) return Error{name + ": " + policy.error().message};
  return policy;
}

Result<std::optional<Protocol>> protocol_option(const std::string& name) {
  if (name.empty()) return std::optional<Protocol>();
  if (const auto protocol = protocol_named(name)) return protocol;
  std::string known;
  for (const auto& row : kProtocols) known.append(known.empty() ? "" : ", ").append(row.name);
  return Error{"--protocol " + name + ": unknown; known are " + known};
}

}  // namespace playhead::cli
