/** Dialled · Ringing · Answered: how far a call came, and where it broke. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { CallProgress, Ended } from '../props.ts';
import { icons } from './icons.ts';

const steps = ['dialled', 'ringing', 'answered'] as const;

/** The step where each kind of end belongs; the rest broke wherever the call was. */
const placeOf: Partial<Readonly<Record<Ended, number>>> = {
  undeliverable: 0,
  'send-limit': 0,
  elsewhere: 0,
  paused: 0,
  disabled: 0,
  slow: 0,
  'carrier-busy': 0,
  'number-refused': 0,
  busy: 1,
  unreachable: 1,
  'no-answer': 2,
  machine: 2,
  'hung-up': 2,
  silence: 2,
  attempts: 2,
};

const reached = (progress: CallProgress): number => (progress === 'starting' ? 0 : steps.indexOf(progress));

type TrackState = 'done' | 'now' | 'failed' | 'ahead';
const drawn = (labels: readonly string[], stateOf: (step: number) => TrackState, { calls }: Words): Html =>
  html`<ol class="track" aria-label="${calls.trackLabel}">
${labels.map((label, i) => html`<li data-state="${stateOf(i)}">${icons.tick}${icons.cross}${label}</li>`)}
</ol>`;

const labelsOf = (words: Words): readonly string[] => steps.map(step => words.calls.steps[step]);

/** A call that goes on. */
export const track = (progress: CallProgress | 'passed', words: Words): Html => {
  const at = progress === 'passed' ? steps.length : reached(progress);
  return drawn(labelsOf(words), i => (i < at ? 'done' : i === at ? 'now' : 'ahead'), words);
};

/** The same picture, interrupted. */
export const brokenTrack = (reason: Ended | 'denied', progress: CallProgress, label: string, words: Words): Html => {
  const at = reason === 'denied' ? 2 : (placeOf[reason] ?? reached(progress));
  const labels = labelsOf(words).map((usual, i) => (i === at ? label : usual));
  return drawn(labels, i => (i < at ? 'done' : i === at ? 'failed' : 'ahead'), words);
};
