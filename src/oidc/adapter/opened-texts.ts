/**
 * Remembers the plain texts of the sealed records that were opened last. Each request still reads the store. Only a sealed text that is
 * the same as before is not decrypted again, so that a changed or ended record counts at once.
 */
import { openStoredText, type Sealed, type Sealer } from '../../crypto.ts';

/** Bounds the memory. A session takes one to two kilobytes, sealed and plain. */
const maxTexts = 1000;

/** Opens what `sealJson` sealed for a record, as `openStored` does. Each call gives a new object. */
export type OpenRecord = <T>(sealed: Sealed<T>, boundTo: string) => T | undefined;

/** Gives the function that opens, and remembers. */
export const createOpenedTexts = (sealer: Sealer): OpenRecord => {
  const known = new Map<string, { readonly sealed: string; readonly plain: string }>();
  const plainOf = (sealed: string, boundTo: string): string | undefined => {
    const last = known.get(boundTo);
    if (last?.sealed === sealed) return last.plain;
    const plain = openStoredText(sealer, sealed, boundTo);
    if (plain === undefined) return undefined;
    if (known.size >= maxTexts) known.clear();
    known.set(boundTo, { sealed, plain });
    return plain;
  };
  return <T>(sealed: Sealed<T>, boundTo: string): T | undefined => {
    const plain = plainOf(sealed, boundTo);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the authenticated value is the one that sealJson was given
    return plain === undefined ? undefined : (JSON.parse(plain) as T);
  };
};
