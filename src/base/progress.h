// Progress is part of the public interface; the rooms of the house know it by this name.
#pragma once

#include "narrow/progress.h"
