// The parts of the page, in their order on it. Each is a whole section, or empty where there is nothing to tell.
#pragma once

#include <string>

#include "narrow/report.h"

namespace narrow {

/// Budgets and the figures that matter most, as cards.
std::string verdict_cards(const Report& report);
/// What would help and what to beware of.
std::string advice_section(const Report& report);
/// Accuracy against bytes and cycles.
std::string compare_section(const Report& report);
/// SQNR layer by layer.
std::string errors_section(const Report& report);
/// The widths of layers, the table of layers.
std::string layers_section(const Report& report);
/// Histograms of activations.
std::string activations_section(const Report& report);
/// Weights by channel.
std::string weights_section(const Report& report);
/// The arena over time.
std::string memory_section(const Report& report);
/// Flash, RAM, products and cycles by layer.
std::string costs_section(const Report& report);
/// How the model was made: what was folded, tried, scaled and searched.
std::string making_section(const Report& report);

}  // namespace narrow
