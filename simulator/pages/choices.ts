import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import { answerings } from '../network/behaviours/api.ts';
import { reportings } from '../network/behaviours/callbacks.ts';
import { callDoings } from '../network/behaviours/calls.ts';
import type { BehaviourChange, Kind } from '../network/behaviours/settings.ts';
import { readChange } from '../network/behaviours/settings.ts';
import { textDoings } from '../network/behaviours/texts.ts';
import type { Phone } from '../simulation/people.ts';
import { icons } from './icons.ts';
import { idOf } from './format.ts';

type Rows = readonly (readonly [name: string, row: { readonly label: string }])[];

const doings: Readonly<Record<Kind, Rows>> = { calls: Object.entries(callDoings), texts: Object.entries(textDoings) };
const titles: Readonly<Record<Kind, string>> = { calls: 'Calls', texts: 'Texts' };
/** What only a number with extensions does. */
const office = new Set(['switchboard', 'direct']);

/** The choices of one select, by what they are about. One choice sets one thing; the others are as usual. */
const groupsOf = (kind: Kind, phone: Phone): Readonly<Record<string, Rows>> => ({
  does: doings[kind].filter(([name]) => phone.extensions !== undefined || !office.has(name)),
  callbacks: Object.entries(reportings).filter(([name]) => name !== 'normal'),
  api: Object.entries(answerings).filter(([name]) => name !== 'answers'),
});
const groupNames: Readonly<Record<string, string>> = {
  does: 'The phone',
  callbacks: 'Callbacks',
  api: 'The carrier’s API',
};

/** How a number is set, as the values of these choices: one, unless the API set more. */
const chosen = (kind: Kind, { behaviour }: Phone): readonly string[] => {
  const { callbacks, api } = behaviour;
  const odd = [
    ...(callbacks[kind] === 'normal' ? [] : [`callbacks:${callbacks[kind]}`]),
    ...(api[kind] === 'answers' ? [] : [`api:${api[kind]}`]),
  ];
  const does = behaviour[kind];
  const usual = does === 'rings' || does === 'at-once';
  return odd.length > 0 && usual ? odd : [`does:${does}`, ...odd];
};

/** What a choice of the page asks for. Undefined: there is no such choice. */
export const changeOf = (kind: Kind, choice: string, phone: Phone): BehaviourChange | undefined => {
  const [group = '', name = ''] = choice.split(':');
  if (groupsOf(kind, phone)[group]?.some(([each]) => each === name) !== true) return undefined;
  const usual = { calls: 'rings', texts: 'at-once' } as const;
  return readChange({
    [kind]: group === 'does' ? name : usual[kind],
    callbacks: { [kind]: group === 'callbacks' ? name : 'normal' },
    api: { [kind]: group === 'api' ? name : 'answers' },
  });
};

/** A select with its label inside, for calls or texts. */
export const chooser = (kind: Kind, phone: Phone): Html => {
  const id = `${idOf(phone.number)}-${kind}`;
  const groups = Object.entries(groupsOf(kind, phone));
  const set = chosen(kind, phone);
  const labels = groups.flatMap(([group, rows]) =>
    rows.flatMap(([name, { label }]) => (set.includes(`${group}:${name}`) ? [label] : [])),
  );
  return html`<div class="chooser">
    <label for="${id}">${titles[kind]}</label>
    <select id="${id}" name="${kind}">
      ${set.length > 1 ? html`<option value="" selected="${true}">${labels.join(', ')}</option>` : undefined}
      ${groups.map(
        ([group, rows]) =>
          html`<optgroup label="${groupNames[group]}">
            ${rows.map(([name, { label }]) => {
              const value = `${group}:${name}`;
              return html`<option value="${value}" selected="${set.length === 1 && set[0] === value}">${label}</option>`;
            })}
          </optgroup>`,
      )}
    </select>
    ${icons.chevron}
  </div>`;
};
