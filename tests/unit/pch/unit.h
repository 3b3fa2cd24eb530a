// What nearly every test includes, compiled once for all of them.
#include "catch.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>
