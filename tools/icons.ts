/**
 * Draws the icons of the authenticator, as PNG files in web/public/authenticator: the mark of web/public/mark.svg in the sizes and
 * shapes that browsers want. Run `npm run icons` after a change; a test compares the files with what this draws.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';

/** Red, green, blue, alpha; 0 to 255. */
type Colour = readonly [number, number, number, number];

const brand: Colour = [0x0e, 0x52, 0x42, 255];
const white: Colour = [255, 255, 255, 255];
const lamp: Colour = [0xe9, 0xa2, 0x1b, 255];
const clear: Colour = [255, 255, 255, 0];

/**
 * How the mark is drawn. background: whole square, with rounded corners, or none. scale: of the mark; icons that are cut to a
 * circle (maskable) keep it in the inner 80 %. single: one colour on nothing, of which only the shape counts.
 */
interface Look {
  readonly size: number;
  readonly background: 'full' | 'rounded' | 'none';
  readonly scale: number;
  readonly single: boolean;
}

/** The icons by name. */
export const looks: Readonly<Record<string, Look>> = {
  'icon-192': { size: 192, background: 'rounded', scale: 1, single: false },
  'icon-512': { size: 512, background: 'rounded', scale: 1, single: false },
  'maskable-512': { size: 512, background: 'full', scale: 0.8, single: false },
  'monochrome-512': { size: 512, background: 'none', scale: 1.2, single: true },
  // iOS rounds the corners itself.
  'apple-touch-180': { size: 180, background: 'full', scale: 1, single: false },
  'badge-96': { size: 96, background: 'none', scale: 1.3, single: true },
};

/** Whether a point of the 32 × 32 drawing is in a rounded square of the whole drawing. */
const inRounded = (x: number, y: number): boolean => {
  const radius = 7;
  const [dx, dy] = [Math.max(radius - x, x - (32 - radius), 0), Math.max(radius - y, y - (32 - radius), 0)];
  return Math.hypot(dx, dy) <= radius;
};

/** `M8 25V15.5a8 8 0 0 1 16 0V25`, drawn with a line of 2.4. */
const onArch = (x: number, y: number): boolean => {
  if (y > 25) return false;
  const distance = y < 15.5 ? Math.hypot(x - 16, y - 15.5) : Math.abs(x - 16);
  return Math.abs(distance - 8) <= 1.2;
};

/** `M12.5 25v-8.5a3.5 3.5 0 0 1 7 0V25z`. */
const inDoor = (x: number, y: number): boolean =>
  y <= 25 && (y < 16.5 ? Math.hypot(x - 16, y - 16.5) : Math.abs(x - 16)) <= 3.5;

const colourAt = ({ background, scale, single }: Look, x: number, y: number): Colour => {
  // The mark is scaled about the centre of what it covers.
  const [mx, my] = [16 + (x - 16) / scale, 16.25 + (y - 16) / scale];
  if (onArch(mx, my)) return white;
  if (inDoor(mx, my)) return single ? white : lamp;
  if (background === 'full' || (background === 'rounded' && inRounded(x, y))) return brand;
  return clear;
};

/** Points that are looked at in each direction of a pixel, for smooth edges. */
const samples = 4;

const pixel = (look: Look, column: number, row: number): Colour => {
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < samples ** 2; i += 1) {
    const at = (position: number, part: number): number => ((position + (part + 0.5) / samples) * 32) / look.size;
    const [red, green, blue, alpha] = colourAt(look, at(column, i % samples), at(row, Math.floor(i / samples)));
    sums[0] += red * alpha;
    sums[1] += green * alpha;
    sums[2] += blue * alpha;
    sums[3] += alpha;
  }
  const [red, green, blue, alpha] = sums;
  const of = (sum: number): number => (alpha === 0 ? 255 : Math.round(sum / alpha));
  return [of(red), of(green), of(blue), Math.round(alpha / samples ** 2)];
};

/** A chunk of a PNG (W3C PNG Specification §5.3): length, type, data, checksum. */
const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** Draws one icon as a PNG with 8 bits for each of red, green, blue and alpha. */
export const drawIcon = (look: Look): Buffer => {
  const { size } = look;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, row) =>
    // Each row begins with its filter: none.
    Buffer.from([0, ...Array.from({ length: size }, (__, column) => pixel(look, column, row)).flat()]),
  );
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

if (import.meta.main) {
  const folder = new URL('../web/public/authenticator/', import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [name, look] of Object.entries(looks)) await writeFile(new URL(`${name}.png`, folder), drawIcon(look));
}
