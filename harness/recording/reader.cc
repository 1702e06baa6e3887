// Version lines, header lines, payloads; torn tails told from garbage.
#include "recording/reader.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace playhead::recording {
namespace {

constexpr std::string_view kVersionWord = "playhead-recording ";
constexpr std::string_view kAdvice = "recordings/FORMAT.md describes the format";

}  // namespace

Result<RecordReader> RecordReader::open(const std::string& path) {
  Result<file::PosixFile> file = file::PosixFile::open(path);
  if (!file.ok()) return file.error();
  return RecordReader(std::make_unique<FileSource>(std::move(file).value()), path);
}

RecordReader::RecordReader(std::unique_ptr<ByteSource> source, std::string name)
    : name_(std::move(name)), input_(std::make_unique<RecordInput>(std::move(source))) {}

Result<ReadStep> RecordReader::next() {
  if (done_) return ReadStep::end;
  Result<ReadStep> result = step();
  if (!result.ok()) done_ = true;
  return result;
}

Result<ReadStep> RecordReader::step() {
  input_->consume(std::exchange(held_, 0));
  offset_ = input_->offset();
  if (Status status = input_->at_border(); !status.ok()) return error_here(status.error().message);
  if (Status status = input_->need(kHeaderLineMax); !status.ok()) {
    return error_here(status.error().message);
  }
  const std::string_view view = input_->view().substr(0, kHeaderLineMax);
  const std::size_t line_end = view.find('\n');
  if (line_end == std::string_view::npos) return read_tail(view);
  const std::string_view line = view.substr(0, line_end);
  if (!begun_ || line.starts_with(kVersionWord)) return read_version(line);
  return read_record(line);
}

Result<ReadStep> RecordReader::read_version(std::string_view line) {
  if (!line.starts_with(kVersionWord)) return not_a_recording(line);
  const std::string_view text = line.substr(kVersionWord.size());
  if (text == "1\r") {
    return error_here(
        "the line ends were converted to CR LF, which spoils the sizes; take the "
        "original, and tell git that *.rec is binary");
  }
  unsigned version = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), version);
  const bool is_number = failure == std::errc{} && end == text.data() + text.size();
  if (is_number && version > 1) {
    return error_here(
        fmt::format("version {} of the recording format is newer than this playhead "
                    "reads, which is version 1; use a newer playhead",
                    version));
  }
  if (text != "1")
    return error_here(
        fmt::format("{} is no version of the recording format; {}", shown(text), kAdvice));
  begun_ = true;
  record_ = Record{};
  held_ = line.size() + 1;
  return ReadStep::recording;
}

Result<ReadStep> RecordReader::read_record(std::string_view line) {
  const Result<RecordHeader> header = parse_header(line);
  if (!header.ok()) return error_here(header.error().message + "; " + std::string(kAdvice));
  if (header->at < record_.at) {
    return error_here(
        fmt::format("a {} record at {} us after one at {} us: times never decrease; {}",
                    name_of(header->kind), header->at.us, record_.at.us, kAdvice));
  }
  const std::size_t begin = line.size() + 1;
  const std::size_t whole = begin + header->size + 1;
  if (Status status = input_->need(whole); !status.ok()) return error_here(status.error().message);
  const std::string_view view = input_->view();
  if (view.size() < whole) return finish(true);
  record_ = Record{header->kind, header->exchange, header->at, view.substr(begin, header->size)};
  if (view[whole - 1] != '\n') {
    return error_here(
        fmt::format("the {} bytes of a {} record are not followed by a line feed: the "
                    "size is wrong, or the file was edited; {}",
                    header->size, name_of(header->kind), kAdvice));
  }
  if (Status status = check_record(record_); !status.ok()) {
    return error_here(status.error().message + "; " + std::string(kAdvice));
  }
  held_ = whole;
  return ReadStep::record;
}

// No line feed in sight: the end, a torn line, or no line of ours at all.
Result<ReadStep> RecordReader::read_tail(std::string_view tail) {
  if (tail.empty() && (begun_ || input_->torn())) return finish(input_->torn());
  if (tail.empty()) return Error{fmt::format("{}: not a recording: it is empty", name_)};
  const bool may_go_on = tail.size() < kHeaderLineMax;
  if (may_go_on && (kVersionLine.starts_with(tail) || kZstdMagic.starts_with(tail))) {
    return finish(true);
  }
  if (!begun_) return not_a_recording(tail);
  if (may_go_on && may_begin_header(tail)) return finish(true);
  return error_here(fmt::format("{} is no record header; {}", shown(tail), kAdvice));
}

ReadStep RecordReader::finish(bool torn) {
  done_ = true;
  torn_ = torn;
  return ReadStep::end;
}

Error RecordReader::error_here(std::string_view what) const {
  return Error{fmt::format("{}: byte {}{}: {}", name_, offset_,
                           input_->was_compressed() ? " (decompressed)" : "", what)};
}

Error RecordReader::not_a_recording(std::string_view found) const {
  return Error{
      fmt::format("{}: not a recording: it begins with {}, not with \"playhead-recording 1\"; "
                  "a raw response body is read when its name ends in .sse, .ndjson, "
                  ".eventstream, .json, .jsonarray or .chunks",
                  name_, shown(found))};
}

}  // namespace playhead::recording
