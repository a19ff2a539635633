/** How long a text may be before a carrier sends it, and bills it, as several. GSM 03.38 §6.2.1; 3GPP TS 23.038. */

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extended = '\f^{}\\[~]|€';

const sizes: ReadonlyMap<string, number> = new Map([
  ...Array.from(basic, character => [character, 1] as const),
  ...Array.from(extended, character => [character, 2] as const),
]);

/** True where it fits 160 characters of the telephone's own alphabet, or 70 units of UCS-2 with any other character in it. */
export const isOneSegment = (text: string): boolean => {
  const characters = Array.from(text);
  if (!characters.every(character => sizes.has(character))) return text.length <= 70;
  return characters.reduce((length, character) => length + (sizes.get(character) ?? 0), 0) <= 160;
};
