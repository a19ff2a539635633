/** Draws the error pages: what happened, what to do next, and the details for a help desk. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { accountButton, clientButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { adviceItem } from './components/ending.ts';
import { icons } from './components/icons.ts';
import { layout } from './components/layout.ts';
import { brokenTrack } from './components/track.ts';
import { isWaiting, waitId, waitSentence } from './components/wait.ts';
import type { ErrorPage, StartAgainPage } from './props.ts';

/** The sign-in has ended, or began in another browser. A known client with a registered page gets a button to start again there. */
export const startAgainPage = ({ reason, client, reference, now, here }: StartAgainPage, words: Words): Html => {
  const text = words.pages.startAgain;
  const code = { label: outcomeCodes.page(reason), term: text.terms[reason] };
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text[reason],
      ...(client !== undefined && { client }),
      isError: true,
      returnTo: here,
      body: html`${clientButton(client, text.button) || html`<p class="block">${text.unknown}</p>`}
${details({ ...(reference !== undefined && { reference }), at: now, code, open: true }, words)}`,
    },
    words,
  );
};

/** "Try again" first where that is safe, then the client's own page; or the way back to a page of ours. */
const nextSteps = ({ code, again, back, client, now, until }: ErrorPage, words: Words): Value => {
  const { frame } = words;
  if (back !== undefined)
    return html`<div class="actions"><a class="button primary" href="${back}">${frame.back}</a></div>`;
  if (again === undefined) return clientButton(client, frame.backTo) || (code === 'not-found' && accountButton(words));
  return html`<div class="actions">${
    isWaiting(now, until)
      ? html`<a class="button later" href="${again}" aria-describedby="${waitId}" data-after="${waitId}">${frame.tryAgain}</a>`
      : html`<a class="button primary" href="${again}">${frame.tryAgain}</a>`
  }${client?.uri !== undefined && html`<a class="button" href="${client.uri}">${frame.backTo(client.name)}</a>`}</div>`;
};

/** The page of any `Problem`, including an unknown address. */
export const errorPage = (props: ErrorPage, words: Words): Html => {
  const { code, label, reference, now, until, client, developerNotes, protocol, here, progress } = props;
  const text = words.problems[code];
  const more = protocol === undefined ? [] : [protocol.error, protocol.description ?? ''].filter(line => line !== '');
  return layout(
    {
      stage: progress === undefined ? 'signed-out' : 'second-step',
      heading: text.heading,
      lead: text.sentence,
      ...(client !== undefined && { client }),
      isError: true,
      developerNotes,
      limit: code === 'too-many-sign-ins' ? 'sign-ins' : undefined,
      returnTo: here,
      scripts: isWaiting(now, until) ? ['wait.js'] : [],
      body: html`${progress !== undefined && brokenTrack('lost', progress, words.calls.ends.lost.step, words)}
${isWaiting(now, until) && waitSentence({ now, until }, words)}
${text.advice !== undefined && html`<ul class="advice">${adviceItem(icons.question, text.advice)}</ul>`}
${nextSteps(props, words)}
${details({ ...(reference !== undefined && { reference }), at: now, code: { label, term: text.term }, open: true, more }, words)}`,
    },
    words,
  );
};
