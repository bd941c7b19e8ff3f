/*
 * When a function declared in functions.h may be called in place of a true one, for ci/abi-check.
 *
 * The true headers have names for integers that C tells apart although they are the same to a
 * caller (`unsigned long` and `unsigned int` on Windows, `long` and `long long` elsewhere, enums),
 * so that redeclaring a function would fail for reasons that do not matter. C++ can take a function's
 * type to pieces, which are compared here one by one:
 *
 * - the same number of parameters, and variadic or not, which decides how Apple's arm64 passes them;
 * - integers and enums alike if they have the same size and are both signed or both unsigned;
 * - pointers alike if both or neither point to something const, and what they point to is alike;
 *   our `void *` stands for any pointer, because it says no more than that there is an address;
 * - anything else only to itself: structs are named in functions.h as in the true headers.
 *
 * Calling conventions need no look: each of the six targets has a single one for C.
 */
#include <type_traits>

namespace triad_types {
#include "../types.h"
}

namespace triad_abi {

struct other; /* like nothing else */

template <class T, bool = std::is_enum<T>::value>
struct number {
  typedef T type;
};

template <class T>
struct number<T, true> {
  typedef typename std::underlying_type<T>::type type;
};

template <class Ours, class True>
struct numbers {
  typedef typename number<Ours>::type ours;
  typedef typename number<True>::type theirs;
  static const bool value = std::is_integral<ours>::value && std::is_integral<theirs>::value;
};

template <class Ours, class True, bool = numbers<Ours, True>::value>
struct alike : std::is_same<Ours, True> {};

template <class Ours, class True>
struct alike<Ours, True, true> {
  static const bool value = sizeof(Ours) == sizeof(True)
      && std::is_signed<typename number<Ours>::type>::value
          == std::is_signed<typename number<True>::type>::value;
};

template <class Ours, class True>
struct alike<Ours *, True *, false> {
  typedef typename std::remove_cv<Ours>::type ours;
  typedef typename std::remove_cv<True>::type theirs;
  static const bool value = std::is_const<Ours>::value == std::is_const<True>::value
      && (std::is_void<ours>::value || alike<ours, theirs>::value);
};

template <class...>
struct list;

template <class Ours, class True>
struct all : std::false_type {};

template <>
struct all<list<>, list<>> : std::true_type {};

template <class Ours, class... MoreOurs, class True, class... MoreTrue>
struct all<list<Ours, MoreOurs...>, list<True, MoreTrue...>> {
  static const bool value =
      alike<Ours, True>::value && all<list<MoreOurs...>, list<MoreTrue...>>::value;
};

template <class Ours, class... OurParameters, class True, class... TrueParameters>
struct alike<Ours(OurParameters...), True(TrueParameters...), false> {
  static const bool value =
      alike<Ours, True>::value && all<list<OurParameters...>, list<TrueParameters...>>::value;
};

template <class Ours, class... OurParameters, class True, class... TrueParameters>
struct alike<Ours(OurParameters..., ...), True(TrueParameters..., ...), false>
    : alike<Ours(OurParameters...), True(TrueParameters...)> {};

} // namespace triad_abi
