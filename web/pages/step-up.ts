/** A signed-in person is asked for more: who asks and why, one button that starts; or nothing they have would do. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { post, wayOut } from './parts/actions.ts';
import { details } from './parts/details.ts';
import { iconOf } from './parts/icons.ts';
import { layout } from './parts/layout.ts';
import type { StepUpPage, UnmetPage } from './props.ts';

export const stepUpPage = (props: StepUpPage, words: Words): Html => {
  const { uid, client, account, reference, reason, method } = props;
  const said = words.pages.methods[method.type];
  const target = method.target === undefined ? said?.note : html`<bdi dir="ltr">${method.target}</bdi>`;
  const row = html`<div class="row block"><span class="icon">${iconOf(method.type)}</span><span><b>${said?.name ?? method.type}</b><small>${target}</small></span></div>`;
  return layout(
    {
      door: 'second',
      heading: words.pages.stepUp.heading,
      lead: words.pages.stepUp[reason](client.name),
      client,
      account,
      uid,
      reference,
      body: html`${row}
<div class="actions">${post(linksOf(uid).start, said?.start ?? words.frame.continue)}${wayOut(props, words)}</div>
<form class="leave" method="post" action="${linksOf(uid).cancel}"><button class="quiet" type="submit">${words.frame.backTo(client.name)}</button></form>`,
    },
    words,
  );
};

export const unmetPage = ({ uid, client, account, reference, now, wanted }: UnmetPage, words: Words): Html => {
  const { pages, frame } = words;
  const code = { label: outcomeCodes.page('unmet'), term: pages.unmet.term };
  const list = wanted.map(type => html`<li>${iconOf(type)}<span>${pages.methods[type]?.name ?? type}</span></li>`);
  return layout(
    {
      door: 'second',
      heading: pages.unmet.heading,
      lead: pages.unmet.sentence(client.name),
      client,
      account,
      uid,
      reference,
      wrong: true,
      scripts: ['small.js'],
      body: html`${wanted.length > 0 && html`<p class="block">${pages.unmet.wanted}</p><ul class="scopes">${list}</ul>`}
<p class="block">${pages.unmet.help}</p>
<div class="actions">${post(linksOf(uid).cancel, frame.backTo(client.name))}<a class="button" href="${linksOf(uid).helpless}">${frame.getHelp}</a></div>
${details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};
