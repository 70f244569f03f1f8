#include "server/catalog/catalog_import.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"

namespace satudata::catalog {
namespace {

constexpr size_t kPieceBytes = 64 << 10;
// What stands between objects and is none is quoted nowhere, so there is no reason to keep more of it.
constexpr size_t kMaxStrayBytes = 4096;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsByteOrderMark(char c) { return c == '\xEF' || c == '\xBB' || c == '\xBF'; }

// Where the scanner is in the text: line and indentation.
struct Place {
  int64_t line = 1;
  int64_t indentation = 0;  // Blanks at the head of the line, so far.
  bool at_line_head = true;

  void Pass(char c) {
    if (c == '\n') {
      *this = Place{.line = line + 1};
    } else if (at_line_head && (c == ' ' || c == '\t')) {
      ++indentation;
    } else {
      at_line_head = false;
    }
  }
};

// Whether the next byte is inside of a JSON string.
class StringTracker {
 public:
  bool inside() const { return inside_; }

  void Pass(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (inside_ && c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      inside_ = !inside_;
    }
  }

 private:
  bool inside_ = false;
  bool escaped_ = false;
};

// Finds where one object ends, without judging what is in it.
class Framer {
 public:
  enum class Verdict { kInside, kComplete, kBroken, kTooDeep };

  // The next byte of the object, whose first is its opening brace.
  Verdict Pass(char c) {
    const bool in_string = strings_.inside();
    // JSON strings hold no raw newline: the closing quote is missing.
    if (in_string && c == '\n') return Verdict::kBroken;
    strings_.Pass(c);
    if (in_string || IsBlank(c)) return Verdict::kInside;
    const Verdict verdict = PassOutside(c);
    previous_ = c;
    return verdict;
  }

 private:
  Verdict PassOutside(char c) {
    switch (c) {
      case '{':
        return MayOpenObject() ? Open(c) : Verdict::kBroken;
      case '[':
        return Open(c);
      case '}':
        return CloseObject();
      case ']':
        return CloseArray();
      default:
        return Verdict::kInside;
    }
  }

  // An object cannot begin where a name must stand: what begins there is the next record, and this one was
  // cut off.
  bool MayOpenObject() const { return open_.empty() || open_.back() == '[' || previous_ == ':'; }

  // The bound on depth also bounds what going back may cost: a line is read again at most once for each level
  // that was open.
  Verdict Open(char c) {
    open_.push_back(c);
    return open_.size() > kMaxRecordDepth ? Verdict::kTooDeep : Verdict::kInside;
  }

  // Closers win over arrays that were left open, so that `{"a": [1}` ends where it means to.
  Verdict CloseObject() {
    open_.resize(open_.rfind('{'));  // There is one: the object's own.
    return open_.empty() ? Verdict::kComplete : Verdict::kInside;
  }
  Verdict CloseArray() {
    const size_t array = open_.rfind('[');
    if (array == std::string::npos)
      return Verdict::kBroken;  // The end of the array that we are an element of.
    open_.resize(array);
    return Verdict::kInside;
  }

  std::string open_;     // The brackets that are open.
  char previous_ = ' ';  // The last byte that was no blank, outside of strings.
  StringTracker strings_;
};

absl::Status RefusedLine(int64_t line, Reason reason, FailureArgs args) {
  args.emplace("line", absl::StrCat(line));
  return FailureStatus(absl::StatusCode::kInvalidArgument,
                       Failure{.reason = reason, .args = std::move(args)});
}

}  // namespace

// A window over the stream: it begins at the object that is being read, so that a broken one can be gone
// through again from its next line.
struct ImportReader::State {
  enum class Mode {
    kBetween,   // Objects.
    kObject,    // In one; its bytes begin at `start`.
    kOverlong,  // In one that is too long and was refused; its bytes are dropped.
    kStray,     // In something that is no object; its bytes begin at `start`.
    kSkipLine,  // In the rest of a line that was refused.
    kSkipDeep,  // In the rest of an object on several lines that was refused.
  };

  // What may follow on a broken object at once.
  enum class Then { kMayResumeHere, kSkip };

  State(ImportOptions options_in, Receiver receiver_in)
      : options(options_in), receiver(std::move(receiver_in)) {}

  void Feed(absl::string_view piece) {
    window.append(piece.data(), piece.size());
    Scan();
    const bool keeps = mode == Mode::kObject || mode == Mode::kStray;
    const size_t done = keeps ? start : at;
    window.erase(0, done);
    at -= done;
    start = 0;
  }

  void Scan() {
    while (at < window.size()) Step(window[at]);
  }

  void Step(char c) {
    switch (mode) {
      case Mode::kBetween:
        return StepBetween(c);
      case Mode::kObject:
      case Mode::kOverlong:
        return StepObject(c);
      case Mode::kStray:
        return StepStray(c);
      case Mode::kSkipLine:
      case Mode::kSkipDeep:
        return StepSkip(c);
    }
  }

  void Pass() {
    place.Pass(window[at]);
    ++at;
  }

  void StepBetween(char c) {
    if (c == '[') ++open_arrays;
    const bool closes = c == ']' && open_arrays > 0;
    if (closes) --open_arrays;
    if (closes || c == '[' || c == ',' || IsBlank(c) || IsByteOrderMark(c)) return Pass();
    start = at;
    start_place = place;
    framer = Framer();
    stray = StringTracker();
    mode = c == '{' ? Mode::kObject : Mode::kStray;
  }

  void StepObject(char c) {
    const Framer::Verdict verdict = framer.Pass(c);
    if (verdict == Framer::Verdict::kBroken) return Break(Then::kMayResumeHere);
    if (verdict == Framer::Verdict::kTooDeep) return Break(Then::kSkip);
    Pass();
    const bool overlong = mode == Mode::kObject && at - start > options.max_object_bytes;
    if (overlong) return RefuseOverlong(verdict);
    if (verdict == Framer::Verdict::kComplete) Complete();
  }

  // It may be long because its end is missing, so the records that it has swallowed are looked for.
  void RefuseOverlong(Framer::Verdict verdict) {
    const std::string limit = absl::StrCat(options.max_object_bytes);
    receiver(start_place.line, RefusedLine(start_place.line, Reason::kLineTooLong, {{"limit", limit}}));
    if (verdict == Framer::Verdict::kComplete) {
      mode = Mode::kBetween;
    } else if (!GoBackToNextRecord()) {
      mode = Mode::kOverlong;
    }
  }

  void Complete() {
    if (mode == Mode::kObject) {
      receiver(start_place.line, ParseExportedFile(Taken(), start_place.line));
    }
    mode = Mode::kBetween;
  }

  absl::string_view Taken() const { return absl::string_view(window).substr(start, at - start); }

  // The object ends before `at` without its closing brace. Reading goes on at the next record.
  void Break(Then then) {
    broke = true;
    const bool kept = mode == Mode::kObject;
    if (kept) {
      const std::string detail = absl::StrCat("byte ", at - start);
      receiver(start_place.line, RefusedLine(start_place.line, Reason::kLineNotJson, {{"detail", detail}}));
    }
    if (kept && GoBackToNextRecord()) return;
    // What stands here may itself begin a record, or end the array; else the rest of the line, or of the
    // indented object, belongs to the broken one.
    const bool resumes_here =
        then == Then::kMayResumeHere && at < window.size() && (window[at] == '{' || window[at] == ']');
    const bool one_line = place.line == start_place.line;
    mode = resumes_here ? Mode::kBetween : one_line ? Mode::kSkipLine : Mode::kSkipDeep;
  }

  // Goes to the first line within the broken object that begins a record, and reads it again from there.
  bool GoBackToNextRecord() {
    Place look = start_place;
    for (size_t i = start; i < at; ++i) {
      const bool at_head = look.at_line_head && look.line > start_place.line;
      if (at_head && window[i] == '{' && look.indentation <= start_place.indentation) {
        at = i;
        place = look;
        mode = Mode::kBetween;
        return true;
      }
      look.Pass(window[i]);
    }
    return false;
  }

  void StepStray(char c) {
    const bool delimits = !stray.inside() && at > start && (c == ',' || c == '{' || c == '[' || c == ']');
    if (c == '\n' || delimits) return RefuseStray(Mode::kBetween);
    stray.Pass(c);
    Pass();
    if (at - start > kMaxStrayBytes) RefuseStray(Mode::kSkipLine);
  }

  // Once a line: what follows on it is most likely of the same kind.
  void RefuseStray(Mode next) {
    if (std::exchange(last_stray_line, start_place.line) != start_place.line) {
      receiver(start_place.line, ParseExportedFile(Taken(), start_place.line));
    }
    mode = next;
  }

  void StepSkip(char c) {
    const bool line_ends = mode == Mode::kSkipLine && c == '\n';
    const bool record_begins = mode == Mode::kSkipDeep && place.at_line_head &&
                               place.indentation <= start_place.indentation && (c == '{' || c == ']');
    if (line_ends || record_begins) {
      mode = Mode::kBetween;
      return;
    }
    Pass();
  }

  void Finish() {
    while (mode == Mode::kObject || mode == Mode::kOverlong) {
      Break(Then::kSkip);
      Scan();
    }
    if (mode == Mode::kStray) RefuseStray(Mode::kBetween);
    if (open_arrays == 0 || broke) return;  // A broken record may have taken the end of the array with it.
    receiver(place.line, RefusedLine(place.line, Reason::kLineNotJson, {{"detail", "missing ]"}}));
  }

  const ImportOptions options;
  const Receiver receiver;
  std::string window;
  size_t at = 0;  // In the window: the next byte.
  Place place;    // Of `at`.
  size_t start = 0;
  Place start_place;
  Framer framer;
  StringTracker stray;
  Mode mode = Mode::kBetween;
  int64_t open_arrays = 0;
  int64_t last_stray_line = 0;
  bool broke = false;
};

ImportReader::ImportReader(ImportOptions options, Receiver receiver)
    : state_(std::make_unique<State>(options, std::move(receiver))) {}

ImportReader::~ImportReader() = default;

void ImportReader::Feed(absl::string_view bytes) {
  while (!bytes.empty()) {
    const absl::string_view piece = bytes.substr(0, kPieceBytes);
    state_->Feed(piece);
    bytes.remove_prefix(piece.size());
  }
}

void ImportReader::Finish() { state_->Finish(); }

}  // namespace satudata::catalog
