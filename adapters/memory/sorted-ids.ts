/** Ids in the order in which every store sorts them: by code point, which is the order of their UTF-8. */
export const createSortedIds = () => {
  const ids: string[] = [];
  /** Index of the first id that is not before `id`. */
  const placeOf = (id: string): number => {
    const bytes = Buffer.from(id);
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Buffer.from(ids[middle] ?? '').compare(bytes) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    add: (id: string): void => void ids.splice(placeOf(id), 0, id),
    drop(id: string): void {
      const place = placeOf(id);
      if (ids[place] === id) ids.splice(place, 1);
    },
    /** Those after `id`; all for undefined. They must not change while one walks. */
    *after(id: string | undefined): Generator<string> {
      let place = id === undefined ? 0 : placeOf(id);
      if (id !== undefined && ids[place] === id) place += 1;
      for (; place < ids.length; place += 1) yield ids[place] ?? '';
    },
  };
};
