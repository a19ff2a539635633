/** Keeps ids in the order in which each store sorts them: by code point, which is the order of their UTF-8 bytes. */

/** An empty list of ids. */
export const createSortedIds = () => {
  const ids: string[] = [];
  /** Index of the first id that is not before `id`. */
  const indexOf = (id: string): number => {
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(ids[middle] ?? '', id)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    size: (): number => ids.length,
    has: (id: string): boolean => ids[indexOf(id)] === id,
    add: (id: string): void => void ids.splice(indexOf(id), 0, id),
    drop(id: string): void {
      const index = indexOf(id);
      if (ids[index] === id) ids.splice(index, 1);
    },
    /** Ids that come after `id` in this order; all for undefined. The list must not change meanwhile. */
    *after(id: string | undefined, order: 'oldest' | 'newest'): Generator<string> {
      if (order === 'oldest') {
        const first = id === undefined ? 0 : indexOf(id);
        const isPast = id !== undefined && ids[first] === id;
        for (let index = isPast ? first + 1 : first; index < ids.length; index += 1) yield ids[index] ?? '';
      } else {
        const end = id === undefined ? ids.length : indexOf(id);
        for (let index = end - 1; index >= 0; index -= 1) yield ids[index] ?? '';
      }
    },
  };
};
export type SortedIds = ReturnType<typeof createSortedIds>;

const surrogate = /[\uD800-\uDFFF]/;

/** Without surrogates the order of UTF-16 units, which is quick to compare, is that of code points. */
const isBefore = (a: string, b: string): boolean =>
  surrogate.test(a) || surrogate.test(b) ? Buffer.from(a).compare(Buffer.from(b)) < 0 : a < b;
