/**
 * Requests the whole surface: every route of every router by every method, as page and as JSON. It does so without a
 * session, in the middle of a sign-in, and signed in. It also causes every kind of error, and runs one sign-in to sign-out.
 */
import { Problem } from '../../../src/errors.ts';
import { assets } from '../../../web/assets.ts';
import { Browser, formTo, type Answer, type Ask } from '../browser/plain.ts';
import { codeAt } from '../codes.ts';
import type { Jar } from '../browser/jar.ts';
import { createFaultSwitches, type FaultSwitches } from './fault-switches.ts';
import { withRoutes, type SurfaceRoute } from './routes.ts';
import type { CheckedAnswer } from './rules.ts';
import { startWorld, type World } from '../world/world.ts';

export interface SurfaceCrawl {
  readonly world: World;
  readonly faults: FaultSwitches;
  readonly routes: readonly SurfaceRoute[];
  readonly answers: readonly CheckedAnswer[];
  /** Every Set-Cookie line. */
  readonly cookies: readonly string[];
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
const pkce = `code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`;

/** A browser that records every answer with its method. */
class CrawlBrowser extends Browser {
  answers: CheckedAnswer[] = [];
  override async go(to: string, how: Ask = {}): Promise<Answer> {
    const answer = await super.go(to, how);
    this.answers.push({ ...answer, method: how.method ?? (how.form ? 'POST' : 'GET') });
    return answer;
  }
}

const ask = (client: string, more = ''): string =>
  `/auth?client_id=${client}&response_type=code&scope=openid%20email&state=s&${pkce}` +
  `&redirect_uri=${encodeURIComponent(`https://${client}.test/callback`)}${more}`;

/** Crawls the product. With an https issuer it acts as if behind a proxy that ends TLS. */
export const crawlSurface = async (wish: { readonly issuer?: string } = {}): Promise<SurfaceCrawl> => {
  const faults = createFaultSwitches();
  const { started: world, routes } = await withRoutes(wrap =>
    startWorld({ ...wish, wrap: resources => faults.wrap(wrap(resources)) }),
  );
  const [answers, jars]: [CheckedAnswer[], Jar[]] = [[], []];
  const browserFor = (jar?: Jar): CrawlBrowser => {
    const one = new CrawlBrowser(world.place, jar);
    one.answers = answers;
    jars.push(one.jar);
    return one;
  };
  await world.addClient({ id: 'contoso' });
  await world.addClient({ id: 'stranger', first_party: false, name: 'A stranger' });
  const { noor, linus } = world.people;

  const password = async (
    browser: CrawlBrowser,
    page: Answer,
    { name, password: typed }: typeof noor,
  ): Promise<Answer> => browser.visit(formTo(page, /\/password$/).action, { form: { name, password: typed } });

  // One sign-in by its pages: wrong, right, consent, form_post, another person, back, sign-out.
  const guest = browserFor();
  const first = await guest.visit(ask('contoso'));
  await guest.visit(formTo(first, /\/password$/).action, { form: { name: 'noor', password: 'wrong' } });
  await guest.go('/language', { form: { language: 'de', back: first.path } });
  const typing = await password(guest, first, noor);
  for (const step of ['/options', '/help', '/events']) await guest.go(typing.path + step);
  await guest.visit(`${typing.path}/factor`, { form: { code: '000000' } });
  await guest.visit(`${typing.path}/factor`, { form: { code: codeAt(noor, world.clock()) } });
  await guest.visit(typing.path);
  await guest.visit(ask('contoso', '&prompt=none&response_mode=form_post'));
  const consent = await guest.visit(ask('stranger'));
  await guest.visit(formTo(consent, /\/consent$/).action, { form: { answer: 'allow' } });
  await guest.visit('/account');
  await guest.visit('/password/forgotten', { form: { name: 'noor' } });
  await guest.visit(`/password/reset?token=${noor.user.id}.${'x'.repeat(43)}`);
  const again = await guest.visit(ask('contoso', '&prompt=login'));
  const other = await password(guest, again, linus);
  await guest.visit(formTo(other, /\/cancel$/).action, { form: {} });

  const middle = browserFor();
  const waiting = await password(middle, await middle.visit(ask('contoso')), noor);
  const uid = waiting.path.replace('/interaction/', '');
  const [asset = ''] = assets.keys();
  // The resume address ends a sign-in, so it is requested for an unknown one.
  const filled = (path: string): string =>
    path
      .replace('/auth/:uid', `/auth/${'x'.repeat(43)}`)
      .replace(':uid', uid)
      .replace('/assets/:name', asset)
      .replace(':token', 'x'.repeat(22));

  const contexts = [
    () => browserFor(),
    () => browserFor(middle.jar.copy()),
    () => browserFor(guest.jar.copy()),
  ] as const;
  for (const path of new Set(routes.map(each => filled(each.path)))) {
    for (const method of methods) {
      for (const context of contexts) await context().go(path, { method, headers: { accept: 'text/html' } });
      await browserFor(middle.jar.copy()).go(path, { method, headers: { accept: 'application/json' } });
    }
    // As a page of another site would post.
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = { method: 'POST', body: '' };
    await browserFor(middle.jar.copy()).go(path, { ...body, headers: { ...form, 'sec-fetch-site': 'cross-site' } });
  }

  const factor = `${waiting.path}/factor`;
  const ours = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  for (const accept of ['text/html', 'application/json']) {
    const go = (path: string, how: Ask = {}) =>
      browserFor(middle.jar.copy()).go(path, { ...how, headers: { ...how.headers, accept } });
    await go('/nowhere');
    await go('/assets/nothing.js');
    await go('/interaction/%zz');
    await go(`/interaction/${'x'.repeat(43)}`);
    await go('/auth');
    await go('/auth?client_id=nobody');
    await go(`/auth/${'x'.repeat(43)}`);
    await go('/', { headers: { host: 'evil.example' } });
    await go(factor, { method: 'POST', body: 'x'.repeat(70_000), headers: ours });
    await go(factor, { method: 'POST', body: '{}', headers: { ...ours, 'content-type': 'application/json' } });
    await go(factor, { method: 'POST', body: 'code=%zz', headers: ours });
    await browserFor().go(waiting.path, { headers: { accept } });
    for (const gone of ['durable', 'shortLived'] as const) {
      // The remembered state of the stores expires.
      world.clock.advance(2000);
      faults[gone] = new Problem('unavailable', 'the store is gone');
      for (const path of ['/', '/readyz', waiting.path, '/session/end', ask('contoso')]) await go(path);
      await go(factor, { method: 'POST', body: 'code=123456', headers: ours });
      await go('/token', { method: 'POST', body: 'grant_type=refresh_token', headers: ours });
      faults[gone] = undefined;
    }
    faults.factor = new Error('a factor that throws');
    await go(factor, { method: 'POST', body: 'code=123456', headers: ours });
    faults.factor = undefined;
  }

  const question = await guest.visit('/session/end');
  const { action, hidden } = formTo(question, /\/session\/end\/confirm$/);
  await guest.visit(action, { form: { ...hidden, logout: 'yes' } });
  await guest.visit('/session/end');

  const cookies = [...new Set(jars.flatMap(jar => jar.seen.map(each => each.header)))];
  return { world, faults, routes, answers, cookies };
};
