/** Asks for a mailed link to a new password, reads it from the mailbox and opens it, as a person does. */
import { formTo, type Answer, type Browser } from '../browser/plain.ts';
import { until } from './until.ts';
import type { TestPerson, World } from './world.ts';

/** Asks on the page. `name`: as it is typed. */
export const askForLink = async (
  browser: Browser,
  name: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const page = await browser.visit('/password/forgotten');
  return browser.go(formTo(page, /\/forgotten$/).action, { form: { name }, headers });
};

/** Every link that this person got, the newest first. */
export const linksTo = async (world: World, person: Pick<TestPerson, 'name' | 'user'>): Promise<readonly string[]> =>
  (await world.mailsTo(person)).flatMap(({ text }) => /http\S+\/password\/reset\?token=\S+/.exec(text)?.[0] ?? []);

/** Asks for a link and gives it. It comes after the answer: a request looks for no account. @throws Error after half a minute */
export const linkFor = async (world: World, person: Pick<TestPerson, 'name' | 'user'>): Promise<string> => {
  const before = (await linksTo(world, person)).length;
  await askForLink(world.browser(), person.name);
  let links: readonly string[] = [];
  await until(async () => {
    links = await linksTo(world, person);
    return links.length > before;
  });
  return links[0] ?? '';
};

/** Types a new password into the form that a link leads to. */
export const chooseNew = async (browser: Browser, page: Answer, password: string): Promise<Answer> => {
  const { action, hidden } = formTo(page, /\/password\/reset$/);
  return browser.go(action, { form: { ...hidden, new_password: password } });
};
