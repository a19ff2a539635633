/** Tests that the icons of the authenticator are those that tools/icons.ts draws. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'web/public/authenticator');

/** Draws all icons as base64 by name, in a process of its own: Jest makes a million calls of Math slow. */
const script = `
import { drawIcon, looks } from './tools/icons.ts';
const drawn = Object.entries(looks).map(([name, look]) => [name, drawIcon(look).toString('base64')]);
process.stdout.write(JSON.stringify(drawn));
`;
const draw = (): readonly (readonly [string, string])[] => {
  const args = ['--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })) as [string, string][];
};

/** Header and pixels. Not the compressed bytes: they differ between versions of zlib. */
const contentOf = (png: Buffer): readonly Buffer[] => {
  const chunks = new Map<string, Buffer>();
  // A PNG begins with 8 bytes; each chunk has length, type, data and checksum (W3C PNG Specification §5.3).
  for (let at = 8; at < png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, end));
    at = end + 4;
  }
  return [chunks.get('IHDR') ?? Buffer.alloc(0), inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))];
};

test('each icon is as it is drawn, and there is no other one', () => {
  const drawn = draw();
  expect(readdirSync(folder).toSorted()).toEqual(drawn.map(([name]) => `${name}.png`).toSorted());
  for (const [name, png] of drawn) {
    const [expected, committed] = [Buffer.from(png, 'base64'), readFileSync(join(folder, `${name}.png`))].map(
      contentOf,
    );
    expect([name, committed?.every((each, at) => each.equals(expected?.[at] ?? Buffer.alloc(0)))]).toEqual([
      name,
      true,
    ]);
  }
});
