/** Tells whether a text fits one segment, before a carrier sends and bills it as several. GSM 03.38 §6.2.1; 3GPP TS 23.038. */

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extended = '\f^{}\\[~]|€';

const sizes: ReadonlyMap<string, number> = new Map([
  ...Array.from(basic, character => [character, 1] as const),
  ...Array.from(extended, character => [character, 2] as const),
]);

/** True for up to 160 characters of the GSM alphabet, or 70 UCS-2 units where any other character is in it. */
export const isOneSegment = (text: string): boolean => {
  const characters = Array.from(text);
  if (!characters.every(character => sizes.has(character))) return text.length <= 70;
  return characters.reduce((length, character) => length + (sizes.get(character) ?? 0), 0) <= 160;
};
