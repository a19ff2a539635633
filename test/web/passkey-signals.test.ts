/** Tests what the script of passkeys tells the password manager, in a browser of its own. Guard: `web/client/passkey-signals.ts#send`. */
import { createContext, SourceTextModule } from 'node:vm';
import { expect, test } from '@jest/globals';
import { asset, assets } from '../../web/assets.ts';

const of = { rpId: 'localhost', userId: 'MDE5' };
const signals = {
  unknown: { rpId: 'localhost', credentialId: 'b2xk' },
  accepted: { ...of, allAcceptedCredentialIds: ['bmV3'] },
  details: { ...of, name: 'ada', displayName: 'Ada' },
};
type Told = [name: string, options: unknown];
type Signal = (options: unknown) => Promise<void>;

/** Runs the script on a page with these signals. `browser`: its functions of passkeys; absent: it knows none. */
const run = async (on: unknown, browser?: Readonly<Record<string, Signal>>): Promise<void> => {
  const page = { dataset: on === undefined ? {} : { passkeySignals: JSON.stringify(on) } };
  const globals = { document: { querySelector: () => page }, ...(browser && { PublicKeyCredential: browser }) };
  const script = assets.get(asset('passkey-signals.js'))?.body.toString('utf8') ?? '';
  const module = new SourceTextModule(script, { context: createContext(globals) });
  await module.link(() => Promise.reject(new Error('expected no import')));
  await module.evaluate();
  await new Promise(setImmediate);
};
const told: Told[] = [];
const tell =
  (name: string): Signal =>
  async options =>
    void told.push([name, structuredClone(options)]);
const names = ['signalUnknownCredential', 'signalAllAcceptedCredentials', 'signalCurrentUserDetails'] as const;
const every = Object.fromEntries(names.map(name => [name, tell(name)]));

test('the password manager is told what the page says, each by its own function', async () => {
  told.length = 0;
  await run(signals, every);
  expect(told).toEqual([
    [names[0], signals.unknown],
    [names[1], signals.accepted],
    [names[2], signals.details],
  ]);
  told.length = 0;
  await run({ unknown: signals.unknown }, every);
  expect(told).toEqual([[names[0], signals.unknown]]);
});

test('a browser that lacks a function, refuses one or knows no passkeys changes nothing', async () => {
  told.length = 0;
  await run(signals, { [names[2]]: tell(names[2]) });
  expect(told).toEqual([[names[2], signals.details]]);
  await run(signals, { [names[0]]: () => Promise.reject(new Error('refused')) });
  await run(signals);
  await run(undefined, every);
  expect(told).toHaveLength(1);
});
