/** Counts the segments of a text. By hand, as a second opinion on how the product fits a text into one segment. */

/** GSM 03.38, the default alphabet of texts (3GPP TS 23.038 §6.2.1), without the escape to the extension table. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** The extension table of GSM 03.38 (§6.2.1.1). Each character is sent after an escape and so counts twice. */
const extended = new Set('\f^{}\\[~]|€');

const sizes = { gsm: { one: 160, part: 153 }, ucs2: { one: 70, part: 67 } } as const;

/** The alphabet that a text needs, and its number of segments. A surrogate pair or an escape pair is never split. */
export const segmentsOf = (text: string): { readonly alphabet: 'GSM-7' | 'UCS-2'; readonly segments: number } => {
  const characters = Array.from(text);
  const isGsm = characters.every(each => basic.has(each) || extended.has(each));
  const units = characters.map(each => (isGsm ? (extended.has(each) ? 2 : 1) : each.length));
  const { one, part } = isGsm ? sizes.gsm : sizes.ucs2;
  const alphabet = isGsm ? 'GSM-7' : 'UCS-2';
  if (units.reduce((sum, each) => sum + each, 0) <= one) return { alphabet, segments: 1 };
  let [segments, used] = [1, 0];
  for (const unit of units) {
    if (used + unit > part) [segments, used] = [segments + 1, 0];
    used += unit;
  }
  return { alphabet, segments };
};
