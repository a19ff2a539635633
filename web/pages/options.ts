/**
 * Draws "Use a different verification option": the way under way, each phone with its ways, the other methods, and help. Methods
 * that are paused together share one sentence.
 */
import { givenLabel } from '../../src/locales/given-label.ts';
import type { Words } from '../../src/locales/wording.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import { html, type Html, type Value } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { submitButton } from './components/actions.ts';
import { iconOf, icons } from './components/icons.ts';
import { phraseHtml } from './components/phrase.ts';
import { splitNumber } from './components/masked-number.ts';
import { liveRegion } from './components/live-region.ts';
import { layout } from './components/layout.ts';
import { isWaiting, waitId } from './components/wait.ts';
import type { Option, OptionsPage } from './step-props.ts';

/** One mark at most, so that a row stays short. It begins with a space, because screen readers read the row as one name. */
const tag = (option: Option, { pages: { options } }: Words): Value => {
  if (option.now === 'waiting') return html` <span class="tag waiting">${options.waiting}</span>`;
  if (option.isDefault === true) return html` <span class="tag default">${options.isDefault}</span>`;
  return option.isLastUsed === true && html` <span class="tag">${options.isLastUsed}</span>`;
};

/** A number, with its label where the person has several. */
const phone = ({ label, target = '' }: Option, several: boolean, words: Words): Html => {
  const { number, extension } = splitNumber(target);
  const name = givenLabel(label, words) ?? label;
  return html`${several && html`<bdi>${name}</bdi> · `}<bdi dir="ltr">${number}</bdi>${extension !== undefined && html`, ${words.pages.options.extension(extension)}`}`;
};

/** The phone of a row. Methods without a phone have a note or their own label. */
const about = (option: Option, several: boolean, words: Words): Value =>
  option.target === undefined
    ? (words.pages.methods[option.type]?.note ?? option.label)
    : phone(option, several, words);

const nameOf = ({ type, now, label }: Option, { pages }: Words): string => {
  const known = pages.methods[type];
  return (now === 'over' ? known?.again : undefined) ?? known?.name ?? label;
};

/** What the rows need. `counted`: the method whose wait ends first; at its end `wait.js` loads the page again. */
interface Shown {
  readonly now: EpochMillis;
  readonly several: boolean;
  readonly counted?: Option | undefined;
  readonly words: Words;
}

const isUnavailable = ({ isDisabled, unavailableUntil }: Option, now: EpochMillis): boolean =>
  isDisabled === true || isWaiting(now, unavailableUntil);

const unavailable = (option: Option, until: EpochMillis, { now, counted, words }: Shown): Html => {
  const { unavailableReason: reason } = option;
  const isCounted = option === counted;
  return html`<small id="${isCounted && waitId}" data-wait="${isCounted && until - now}" data-over="${isCounted && ''}" data-reload="${isCounted && ''}">${reason && `${words.pages.options.unavailable[reason]} `}${phraseHtml(words.frame.tryAgainAt(now, until), words)}</small>`;
};

/** Why methods are paused: calls, or requests to a device too. */
const pauseWords = (paused: readonly Option[], { pages: { options } }: Words): string =>
  paused.some(({ type }) => type === 'push') ? options.requestsPaused : options.unavailable.paused;

/** The sentence that methods which are paused together share. */
const pause = (paused: readonly Option[], { now, counted, words }: Shown): Value => {
  const until = paused[0]?.unavailableUntil;
  if (until === undefined) return undefined;
  const isCounted = counted !== undefined && paused.includes(counted);
  return html`<p class="wait" id="${isCounted && waitId}" data-wait="${isCounted && until - now}" data-over="${isCounted && ''}" data-reload="${isCounted && ''}">${icons.clock}<span>${pauseWords(paused, words)} ${phraseHtml(words.frame.tryAgainAt(now, until), words)}</span></p>`;
};

const row = (option: Option, shown: Shown): Html => {
  const { several, words, now } = shown;
  const { type, unavailableUntil: until, method } = option;
  const content = (more?: Html): Html =>
    html`<span class="icon">${iconOf(type)}</span><span><b>${nameOf(option, words)}</b>${tag(option, words)}<small>${about(option, several, words)}</small>${more}</span>`;
  if (option.isDisabled === true)
    return html`<li><div class="row unavailable">${content(html`<small>${words.pages.options.disabled}</small>`)}</div></li>`;
  return isWaiting(now, until)
    ? html`<li><div class="row unavailable">${content(unavailable(option, until, shown))}</div></li>`
    : html`<li><button class="row" type="submit" name="${fields.method}" value="${method}">${content()}${icons.chevron}</button></li>`;
};

/** Leads back to the method that is under way. */
const back = (option: Option, here: string, { several, words }: Shown): Html =>
  html`<li><a class="row" href="${here}"><span class="icon">${iconOf(option.type)}</span><span><b>${words.pages.methods[option.type]?.back ?? words.frame.back}</b>${tag(option, words)}<small>${about(option, several, words)}</small></span>${icons.chevron}</a></li>`;

/** A phone and its ways side by side. Screen readers hear the phone with each way. */
const phoneRow = (ways: readonly [Option, ...Option[]], { several, words }: Shown): Html => {
  const of = phone(ways[0], several, words);
  return html`<li class="phone"><p aria-hidden="true">${of}</p><ul>
${ways.map(
  way =>
    html`<li><button class="row" type="submit" name="${fields.method}" value="${way.method}">${iconOf(way.type)}<b>${nameOf(way, words)}</b><small>${words.pages.methods[way.type]?.hint}</small>${tag(way, words)}<span class="visually-hidden"> ${of}</span></button></li>`,
)}
</ul></li>`;
};

const isOne = (ways: readonly Option[]): ways is readonly [Option, Option, ...Option[]] => ways.length > 1;

/** The rows in their order, the ways of one phone together in the place of its first. */
const rowsOf = (options: readonly Option[], shown: Shown): readonly Html[] => {
  const keyOf = (option: Option): string =>
    option.target === undefined || isUnavailable(option, shown.now)
      ? option.method
      : `${option.label} ${option.target}`;
  return [...Map.groupBy(options, keyOf).values()].map(ways =>
    isOne(ways) ? phoneRow(ways, shown) : html`${ways.map(way => row(way, shown))}`,
  );
};

/** Receives the events of a challenge that is answered on a phone, so that its answer continues the sign-in from this page too. */
const eventListener = (uid: string, { calls }: Words): Html =>
  liveRegion(
    { uid, progress: 'starting' },
    html`<form method="post" action="${linksOf(uid).factor}" data-autosubmit=""><noscript>${submitButton(calls.checkAgain, 'secondary')}</noscript></form>`,
  );

/** A method that can be chosen is a button as large as its row. Others say until when they cannot. */
export const optionsPage = (
  { uid, client, account, reference, now, rows, why, pairAgain = [] }: OptionsPage,
  words: Words,
): Html => {
  const links = linksOf(uid);
  const isAnsweredElsewhere = rows.some(({ answeredElsewhere }) => answeredElsewhere === true);
  const phones = new Set(rows.flatMap(({ target: number }) => number ?? []));
  const paused = rows.filter(option => option.unavailableReason === 'paused' && isUnavailable(option, now));
  const running = rows.find(option => option.now === 'waiting' && !isUnavailable(option, now));
  const others = rows.filter(option => option !== running && !paused.includes(option));
  const [counted] = [...paused, ...others]
    .filter(option => option.isDisabled !== true && isUnavailable(option, now))
    .toSorted((a, b) => (a.unavailableUntil ?? 0) - (b.unavailableUntil ?? 0));
  const shown = { now, several: phones.size > 1, counted, words };
  const waits = counted?.unavailableUntil;
  const canChoose = others.some(option => !isUnavailable(option, now));
  const list = html`<ul>
${running && back(running, links.here, shown)}
${rowsOf(others, shown)}
<li><a class="row" href="${links.helpNothingLeft}"><span class="icon plain">${icons.question}</span><span><b>${words.pages.options.none}</b></span>${icons.chevron}</a></li>
</ul>`;
  return layout(
    {
      stage: 'second-step',
      heading: words.frame.otherOption,
      client,
      uid,
      returnTo: links.options,
      reference,
      why,
      scripts: [
        ...(isAnsweredElsewhere ? (['waiting.js'] as const) : []),
        ...(waits === undefined ? [] : (['wait.js'] as const)),
      ],
      ...(waits !== undefined && { reload: { after: waits - now, to: links.options } }),
      body: html`<p class="visually-hidden">${words.frame.signingInAs} <bdi>${account}</bdi></p>
${pause(paused, shown)}
${pairAgain.map(device => html`<p class="wait">${icons.approve}<span>${phraseHtml(words.pages.options.pairAgain(device), words)}</span></p>`)}
${canChoose ? html`<form class="rows" method="post" action="${links.options}">${list}</form>` : html`<div class="rows">${list}</div>`}
${rows.some(option => option.now !== undefined) && html`<p class="leave"><a class="link" href="${links.here}">${words.frame.back}</a></p>`}
${isAnsweredElsewhere && eventListener(uid, words)}`,
    },
    words,
  );
};
