/** Signs one person in by call over HTTP, in the world of the tests on SQLite, and traces each request apart. */
import { formTo, type Answer } from '../../test/support/browser/plain.ts';
import { untilHeard } from '../../test/support/world/clock.ts';
import { openRelyingParty } from '../../test/support/world/relying-party.ts';
import { stores } from '../../test/support/world/stores.ts';
import { startWorld, type World } from '../../test/support/world/world.ts';
import { createGate, type Answered, type Gate } from './gate.ts';

export interface TracedRequest extends Answered {
  readonly name: string;
}

/** @throws Error for an answer of 400 or more */
export const traceSignIn = async (): Promise<readonly TracedRequest[]> => {
  const gate = createGate();
  const store = stores.find(({ name }) => name === 'sqlite');
  const world = await startWorld({ front: gate.front, ...(store && { store }) });
  try {
    return await signIn(world, gate);
  } finally {
    await world.close();
  }
};

const signIn = async (world: World, gate: Gate): Promise<readonly TracedRequest[]> => {
  const requests: TracedRequest[] = [];
  /** `act` makes exactly one request, or waits for the one that the carrier makes. */
  const traced = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const [result, answered] = await Promise.all([act(), gate.admit()]);
    if (answered.status >= 400) throw new Error(`${name}: got ${answered.status}, expected less than 400`);
    requests.push({ name, ...answered });
    return result;
  };
  const { grace } = world.people;
  const client = await world.addClient({ id: 'contoso' });
  // Discovery belongs to no sign-in: it is let in, and left out of the trace.
  const [relyingParty] = await Promise.all([openRelyingParty(world, client), gate.admit()]);
  const request = await relyingParty.begin();
  const browser = world.browser();
  const follow = (answer: Answer) => browser.go(browser.next(answer)?.href ?? '/');

  const begun = await traced('GET /auth', () => browser.go(request.url));
  const asked = await traced('GET interaction', () => follow(begun));
  const form = { name: grace.name, password: grace.password };
  const sent = await traced('POST password', () => browser.go(formTo(asked, /\/password$/).action, { form }));
  await traced('carrier: ringing', () => grace.phone.ringing());
  const calling = await traced('GET interaction (call)', () => follow(sent));
  await traced('carrier: answered', async () => {
    await grace.phone.answer();
    await grace.phone.hear();
  });
  // A key counts only where the question can have been heard.
  world.clock.advance(untilHeard);
  await traced('carrier: #', () => grace.phone.press('#'));
  await traced('carrier: ended', () => grace.phone.hear());
  const done = await traced('POST factor', () => browser.go(formTo(calling, /\/factor$/).action, { form: {} }));
  const resumed = await traced('GET resume', () => follow(done));
  const back = browser.next(resumed);
  if (back === undefined) throw new Error(`the sign-in ended with ${resumed.status}, expected a redirect`);
  await traced('POST token', () => request.redeem(back));
  return requests;
};
