/** Draws a QR code (ISO/IEC 18004) as an image without script. */
import type * as QrCode from 'qrcode';
import { lazily } from '../../../src/lazily.ts';
import { html, type Html } from '../../html.ts';

/** Needed where a method is set up only. */
const qrcode = lazily<typeof QrCode>('qrcode');

/** Light modules around the code, as the standard asks for. */
const quietZone = 4;

/** The picture of `text`. `label`: for people who do not see it. Always dark on light: many cameras read nothing else. */
export const qrCode = (text: string, label: string): Html => {
  const { data, size } = qrcode().create(text, { errorCorrectionLevel: 'M' }).modules;
  const rows = Array.from({ length: size }, (_, y) => Array.from(data.subarray(y * size, (y + 1) * size)));
  const path = rows.map((row, y) => lineOf(row, y + quietZone)).join('');
  const side = size + 2 * quietZone;
  return html`<svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label="${label}"><path d="${path}" /></svg>`;
};

/** The dark modules of one row, neighbours joined. */
const lineOf = (row: readonly number[], y: number): string => {
  const runs: string[] = [];
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== 1) continue;
    const from = x;
    while (row[x + 1] === 1) x += 1;
    runs.push(`M${from + quietZone} ${y}h${x - from + 1}v1h-${x - from + 1}z`);
  }
  return runs.join('');
};
