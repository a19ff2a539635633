/** Draws the steps of a call, Dialled · Ringing · Answered: how far it came, and where it failed. */
import type { CallEndReason } from '../../../src/end-reason.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { CallProgress } from '../props.ts';
import { icons } from './icons.ts';

const steps = ['dialled', 'ringing', 'answered'] as const;

/** Index of the step at which a call with this reason fails. For other reasons it is the step that the call was at. */
const failedStep: Partial<Readonly<Record<CallEndReason, number>>> = {
  undeliverable: 0,
  'send-limit': 0,
  'send-ceiling': 0,
  elsewhere: 0,
  paused: 0,
  disabled: 0,
  slow: 0,
  'carrier-busy': 0,
  'number-refused': 0,
  'opted-out': 0,
  busy: 1,
  unreachable: 1,
  'no-answer': 2,
  machine: 2,
  'hung-up': 2,
  silence: 2,
  attempts: 2,
  declined: 2,
  unheard: 2,
};

const indexOf = (progress: CallProgress): number => (progress === 'starting' ? 0 : steps.indexOf(progress));

type StepState = 'done' | 'now' | 'failed' | 'ahead';
/** The step that the call is at, or at which it failed. */
const isCurrent = (state: StepState): boolean => state === 'now' || state === 'failed';

const drawSteps = (labels: readonly string[], stateOf: (step: number) => StepState, { calls }: Words): Html =>
  html`<ol class="track" aria-label="${calls.trackLabel}">
${labels.map((label, i) => html`<li data-state="${stateOf(i)}" aria-current="${isCurrent(stateOf(i)) && 'step'}">${icons.tick}${icons.cross}${label}</li>`)}
</ol>`;

const labelsOf = (words: Words): readonly string[] => steps.map(step => words.calls.steps[step]);

/** A call in progress, or one that passed. */
export const track = (progress: CallProgress | 'passed', words: Words): Html => {
  const current = progress === 'passed' ? steps.length : indexOf(progress);
  return drawSteps(labelsOf(words), i => (i < current ? 'done' : i === current ? 'now' : 'ahead'), words);
};

/** A call that failed. `label` replaces the label of the step that failed. */
export const brokenTrack = (
  reason: CallEndReason | 'denied',
  progress: CallProgress,
  label: string,
  words: Words,
): Html => {
  const failed = reason === 'denied' ? 2 : (failedStep[reason] ?? indexOf(progress));
  const labels = labelsOf(words).map((usual, i) => (i === failed ? label : usual));
  return drawSteps(labels, i => (i < failed ? 'done' : i === failed ? 'failed' : 'ahead'), words);
};
