/**
 * Shows one sample of the catalogue: `show(name, language)` in the console or from a test; without a server. Actions are written to
 * `asked` and change nothing.
 */
import { render } from 'preact';
import { appLanguages, type Actions, type AppState } from '../state.ts';
import { App } from '../views/app.tsx';
import { samples, type Deed } from './samples.ts';

interface Catalogue {
  readonly names: readonly string[];
  /** Names of actions, with what they were given. */
  readonly asked: (readonly [action: string, ...given: unknown[]])[];
  /** Shows a sample, after its deeds. */
  show(name: string, language?: string): Promise<void>;
}

const asked: (readonly [action: string, ...given: unknown[]])[] = [];
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each member is a function, whatever its name
const actions = new Proxy({} as Actions, {
  get:
    (_, name) =>
    (...given: readonly unknown[]) => {
      asked.push([String(name), ...given]);
    },
});

const root = document.querySelector('#app');
/** Preact draws and runs effects after the present task. */
const drawn = (): Promise<void> =>
  new Promise(done => {
    setTimeout(done, 0);
  });

const doOne = (deed: Deed): void => {
  const [selector, typed] = typeof deed === 'string' ? [deed] : deed;
  const found = root?.querySelector<HTMLElement>(selector);
  if (found instanceof HTMLInputElement && typed !== undefined) {
    found.value = typed;
    found.dispatchEvent(new Event('input', { bubbles: true }));
  } else if (found) found.click();
  else throw new Error(`got no ${selector} in the sample`);
};

const show = async (name: string, language = 'en'): Promise<void> => {
  const sample = samples.find(each => each.name === name);
  if (sample === undefined || root === null) throw new Error(`got ${name}, expected the name of a sample`);
  const state: AppState = { ...sample.state, language: appLanguages.find(each => each === language) ?? 'en' };
  // As the app starts: nothing typed in the sample before stays, and the focus moves to the heading.
  render(null, root);
  render(<App state={{ ...state, phase: 'starting' }} actions={actions} />, root);
  await drawn();
  render(<App state={state} actions={actions} />, root);
  await drawn();
  for (const deed of sample.deeds ?? []) {
    doOne(deed);
    await drawn();
  }
};

const catalogue: Catalogue = { names: samples.map(({ name }) => name), asked, show };
Object.assign(globalThis, { catalogue });
