/** Draws the selects that set what a number does, and reads their values. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import { apiBehaviours } from '../network/behaviours/api.ts';
import type { CallbackBehaviour } from '../network/behaviours/callbacks.ts';
import { callbackBehaviours } from '../network/behaviours/callbacks.ts';
import { callBehaviours, needsOffice } from '../network/behaviours/calls.ts';
import type { BehaviourChange, Kind } from '../network/behaviours/settings.ts';
import { readChange } from '../network/behaviours/settings.ts';
import { textBehaviours } from '../network/behaviours/texts.ts';
import type { Phone } from '../simulation/people.ts';
import { icons } from './icons.ts';
import { idOf } from './format.ts';

type Rows = readonly (readonly [name: string, row: { readonly label: string }])[];

const behavioursOf: Readonly<Record<Kind, Rows>> = {
  calls: Object.entries(callBehaviours),
  texts: Object.entries(textBehaviours),
};
const titles: Readonly<Record<Kind, string>> = { calls: 'Calls', texts: 'Texts' };

/** The options of one select, in groups. An option sets one behaviour and resets the others of this kind. */
const groupsOf = (kind: Kind, phone: Phone): Readonly<Record<string, Rows>> => ({
  does: behavioursOf[kind].filter(([name]) => phone.extensions !== undefined || kind === 'texts' || !needsOffice(name)),
  callbacks: Object.entries<CallbackBehaviour>(callbackBehaviours).filter(
    ([name, { isForCalls }]) => name !== 'normal' && (kind === 'calls' || isForCalls !== true),
  ),
  api: Object.entries(apiBehaviours).filter(([name]) => name !== 'answers'),
});
const groupNames: Readonly<Record<string, string>> = {
  does: 'The phone',
  callbacks: 'Callbacks',
  api: 'Carrier API',
};

/** The settings of a number as option values: one value, unless the JSON API has set more. */
const chosen = (kind: Kind, { behaviour }: Phone): readonly string[] => {
  const { callbacks, api } = behaviour;
  const changed = [
    ...(callbacks[kind] === 'normal' ? [] : [`callbacks:${callbacks[kind]}`]),
    ...(api[kind] === 'answers' ? [] : [`api:${api[kind]}`]),
  ];
  const does = behaviour[kind];
  const isDefault = does === 'rings' || does === 'at-once';
  return changed.length > 0 && isDefault ? changed : [`does:${does}`, ...changed];
};

/** The change that an option value stands for. Undefined: there is no such option. */
export const changeOf = (kind: Kind, choice: string, phone: Phone): BehaviourChange | undefined => {
  const [group = '', name = ''] = choice.split(':');
  if (groupsOf(kind, phone)[group]?.some(([each]) => each === name) !== true) return undefined;
  const defaults = { calls: 'rings', texts: 'at-once' } as const;
  return readChange({
    [kind]: group === 'does' ? name : defaults[kind],
    callbacks: { [kind]: group === 'callbacks' ? name : 'normal' },
    api: { [kind]: group === 'api' ? name : 'answers' },
  });
};

/** A select for calls or texts, with its label inside. */
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
