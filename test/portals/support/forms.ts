/** Prepares, for each form of the security page, one that would change something. A new form gets an entry here. */
import { passkeyType, type PasskeyData } from '../../../src/mfa/passkeys/data.ts';
import type { Browser } from '../../support/browser/plain.ts';
import { openAccount } from './portal.ts';
import type { TestPerson, World } from '../../support/world/world.ts';

/** A form to send. `missing`: the same for an id that does not exist. `needsMethod`: preparing it has bound a method. */
export interface PreparedForm {
  readonly to: string;
  readonly form: Readonly<Record<string, string>>;
  readonly missing?: { readonly to: string; readonly form: Readonly<Record<string, string>> };
  readonly needsMethod?: boolean;
  /** The test that sends the form as it should be, where that needs more than a form. */
  readonly twin?: string;
}

type Prepare = (deps: {
  readonly world: World;
  readonly browser: Browser;
  readonly person: TestPerson;
}) => Promise<PreparedForm>;

const nowhere = '01a22703-0000-7000-8000-000000000000';
let bound = 0;

/** Binds one more phone, and prepares a form about it. */
const aboutPhone =
  (to: (id: string) => string, form: (id: string) => Record<string, string>): Prepare =>
  async ({ world, person }) => {
    bound += 1;
    const { id } = await world.services.authenticators.bind(person.user.id, {
      type: 'phone',
      label: 'alternate',
      data: { number: `+1202555${1000 + bound}` },
    });
    return { to: to(id), form: form(id), missing: { to: to(nowhere), form: form(nowhere) }, needsMethod: true };
  };

const remember = async ({ services }: World, { user }: TestPerson) =>
  services.rememberedBrowsers.remember((await services.users.get(user.id)) ?? user, { actor: 'cli' });

export const forms: Readonly<Record<string, Prepare>> = {
  '/account/methods/:id/name': aboutPhone(
    id => `/account/methods/${id}/name`,
    () => ({ label: `Phone ${bound}` }),
  ),
  '/account/methods/:id/remove': aboutPhone(
    id => `/account/methods/${id}/remove`,
    () => ({ others: 'yes' }),
  ),
  '/account/first-method': aboutPhone(
    () => '/account/first-method',
    id => ({ method: `call:${id}` }),
  ),
  '/account/password': async ({ person }) => ({
    to: '/account/password',
    form: { password: person.password, new_password: 'harbour-lantern-cobalt' },
  }),
  '/account/email': async () => ({ to: '/account/email', form: { email: 'new@example.test' } }),
  '/account/email/confirm': async () => ({
    to: '/account/email/confirm',
    form: { token: 'x'.repeat(43) },
    twin: 'test/threats/a29-profile-changed.test.ts',
  }),
  '/account/sessions/end': async ({ world, person }) => {
    const sessions = async () => world.services.accountSessions.list(person.user);
    const before = new Set((await sessions()).map(({ id }) => id));
    await openAccount(world.browser(), person);
    const other = (await sessions()).find(({ id }) => !before.has(id))?.id ?? '';
    const to = '/account/sessions/end';
    return { to, form: { session: other }, missing: { to, form: { session: 'x'.repeat(43) } } };
  },
  '/account/sessions/end-others': async () => ({ to: '/account/sessions/end-others', form: {} }),
  '/account/sessions/end-all': async () => ({ to: '/account/sessions/end-all', form: {} }),
  '/account/sessions/forget': async ({ world, person }) => {
    const to = '/account/sessions/forget';
    const { id = '' } = (await remember(world, person)) ?? {};
    return { to, form: { browser: id }, missing: { to, form: { browser: 'x'.repeat(43) } } };
  },
  '/account/sessions/forget-all': async ({ world, person }) => {
    await remember(world, person);
    return { to: '/account/sessions/forget-all', form: {} };
  },
  '/account/sign-ins/:signIn/not-me': async ({ world, person }) => {
    const signIns = await world.audited('sign-in.finished');
    const { reference = '' } = signIns.findLast(({ subject }) => subject === person.user.id) ?? {};
    const missing = { to: '/account/sign-ins/00000000/not-me', form: {} };
    return { to: `/account/sign-ins/${reference}/not-me`, form: {}, missing };
  },
  '/account/apps/remove': async () => ({
    to: '/account/apps/remove',
    form: { app: 'nobody' },
    twin: 'test/portals/sessions.test.ts',
  }),
  '/account/apps/withdraw': async () => ({
    to: '/account/apps/withdraw',
    form: { app: 'nobody', detail: 'x'.repeat(43) },
    twin: 'test/flows/rich-requests.test.ts',
  }),
  // Passkeys are not in use at this world's IP address, so the choice asks nothing of the sign-in. It can be taken back all the same.
  '/account/passkey-only': async ({ world: { services }, person }) => {
    const data: PasskeyData = {
      publicKey: '',
      counter: 0,
      transports: [],
      aaguid: nowhere,
      deviceType: 'multiDevice',
      backedUp: true,
      userVerified: true,
    };
    await services.authenticators.bind(person.user.id, { type: passkeyType, label: 'Passkey', data });
    await services.authenticators.chooseMinAcr(person.user.id, 'phr');
    return { to: '/account/passkey-only', form: { passkey_only: 'no' }, needsMethod: true };
  },
  '/account/language': async () => {
    bound += 1;
    return { to: '/account/language', form: { language: bound % 2 === 0 ? 'en' : 'fr' } };
  },
};
