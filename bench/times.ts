/** Makes lists of a given length. */

/** Makes `count` values. */
export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
