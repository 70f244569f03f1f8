// File: render.h
//
// A run as text: the live picture and a line per event. Pure functions of what is known and how it is drawn;
// all text that came from the server is made harmless here.
#ifndef CLIENTS_CLI_RENDER_H_
#define CLIENTS_CLI_RENDER_H_

#include <string>

#include "clients/cli/run_view.h"
#include "clients/cli/style.h"

namespace satudata::cli {

// The live picture: a heading and per target a bar, the counts, and why it waits. Each line ends with a line
// end and is narrower than `style.width`, so that no line wraps and the picture can be drawn over itself.
std::string Render(const RunView& view, const Style& style);

// One line for an event that a reader of a log wants to see; empty for the others.
std::string RenderEventLine(const v1::RunEvent& event, const Style& style);

// REASON: message, on one line and harmless; empty for no failure.
std::string FailureText(const v1::Failure& failure);

// CONFIRMED 12, REJECTED 3: counts in the order of the states, those that are zero left out.
std::string RenderCounts(const std::map<v1::Delivery::State, int64_t>& counts, const Style& style);

// The colour of a state: good, bad, open.
Colour ColourOf(v1::Delivery::State state);
Colour ColourOf(v1::Run::State state);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_RENDER_H_
