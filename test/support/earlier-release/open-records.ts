/** Starts the present program over the records of the previous release, at the time when they were written. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { openSqliteDurable, openSqliteShortLived } from '../../../adapters/sqlite.ts';
import type { Clock } from '../../../src/ports/time.ts';
import { models, SoftwareAuthenticator } from '../authenticator/authenticator.ts';
import { keyOf } from '../authenticator/keys.ts';
import { formTo, type Answer, type Browser } from '../browser/plain.ts';
import { Jar, type Cookie } from '../browser/jar.ts';
import { numberOn } from '../human/pairing.ts';
import { deviceKeyOf } from '../phone/jwt.ts';
import { Phone } from '../phone/phone.ts';
import { checkAgain, enterCode } from '../world/relying-party.ts';
import type { Node, OpenStore, Store } from '../world/stores.ts';
import { usePasskey } from '../world/passkeys.ts';
import { startWorld, type World, type WorldOptions } from '../world/world.ts';
import { atIssuer } from './issuer.ts';
import { issuer, password, settingsOf, type Kept } from './kept.ts';

const folder = join(import.meta.dirname, '../../data/n-1');

/** The store of the previous release. */
export const recordsFile = join(folder, 'store.db');

/** What people, clients and browsers hold. */
export const kept = JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8')) as Kept;

/** Opens a copy of the records, which `prepare` may change first. */
export const openRecords = async (
  clock: Clock,
  prepare: (node: Node) => Promise<void> = async () => {},
): Promise<OpenStore & { readonly file: string }> => {
  const copy = await mkdtemp(join(tmpdir(), 'sallyport-records-'));
  const file = join(copy, 'store.db');
  await copyFile(recordsFile, file);
  const open: Node[] = [];
  const reopen = async (): Promise<Node> => {
    const node = { durable: openSqliteDurable({ file, clock }), shortLived: openSqliteShortLived({ file, clock }) };
    open.push(node);
    return node;
  };
  const node = await reopen();
  await prepare(node);
  return {
    ...node,
    file,
    reopen,
    async close() {
      await Promise.all(open.flatMap(({ durable, shortLived }) => [durable.close(), shortLived.close()]));
      await rm(copy, { recursive: true });
    },
  };
};

/** Starts a world over a store with the records, at the issuer and with the settings of their time. */
export const startWorldOver = (open: (clock: Clock) => Promise<OpenStore>, wish: WorldOptions = {}): Promise<World> => {
  const store: Store = { name: 'sqlite', open };
  return startWorld({
    ...wish,
    store,
    issuer,
    env: settingsOf(kept.sealingKeys),
    stored: { at: kept.at, password, seeds: kept.seeds },
    wrap: atIssuer,
  });
};

/** A browser with cookies of that time. */
export const browserWith = (world: World, cookies: readonly Cookie[] = []): Browser => {
  const browser = world.browser();
  browser.jar = new Jar(world.clock, cookies);
  return browser;
};

/** The code that the app of a person shows now; `steps` before or after it. */
export const appCode = ({ clock }: Pick<World, 'clock'>, name: string, steps = 0): string =>
  generateSync({ secret: kept.seeds[name] ?? '', epoch: Math.floor(clock() / 1000) + steps * 30 });

const passkeyOfPat = (): SoftwareAuthenticator => {
  const { key, ...credential } = kept.passkey;
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return new SoftwareAuthenticator(models.securityKey, [
    { ...credential, isDiscoverable: true, key: keyOf('ES256', privateKey) },
  ]);
};
let passkey: SoftwareAuthenticator | undefined;
/** Of Pat. Its counter rises over all tests of a file. */
const authenticator = (): SoftwareAuthenticator => (passkey ??= passkeyOfPat());

const optionsOn = ({ text }: Answer): unknown =>
  JSON.parse((/data-passkey="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&'));

/** The phone of Dora. */
export const phoneOfDora = ({ place }: World): Phone => {
  const key = deviceKeyOf(createPrivateKey({ key: kept.phone.key, format: 'jwk' }));
  const phone = new Phone(place, { name: 'Dora’s Pixel', key });
  phone.pinned = kept.phone.pinned;
  return phone;
};

/** Takes the second step on the page that asks for it. `code`: what the person reads elsewhere. */
export const takeSecondStep: Readonly<
  Record<string, (world: World, browser: Browser, page: Answer, code?: string) => Promise<Answer>>
> = {
  totp: (world, browser, page) => enterCode(browser, page, appCode(world, 'noor')),
  'recovery-code': (_world, browser, page, code = '') => enterCode(browser, page, code),
  'temporary-access-pass': (_world, browser, page, code = '') => enterCode(browser, page, code),
  sms: (_world, browser, page, code = '') => enterCode(browser, page, code),
  spoken: (_world, browser, page, code = '') => enterCode(browser, page, code),
  email: (_world, browser, page, code = '') => enterCode(browser, page, code),
  /** Carl had pressed # already. */
  call: (_world, browser, page) => checkAgain(browser, page),
  async push(world, browser, page) {
    const phone = phoneOfDora(world);
    await phone.answer(await phone.request(), { decision: 'approve', number: numberOn(page) });
    return checkAgain(browser, page);
  },
  async passkey(world, browser, page) {
    const options = optionsOn(page) as PublicKeyCredentialRequestOptionsJSON;
    const credential = JSON.stringify(authenticator().get(options, world.issuer.origin));
    return browser.visit(formTo(page, /\/factor$/).action, { form: { credential } });
  },
  'passkey-alone': (world, browser, page) => usePasskey(world, browser, page, authenticator()),
};
