/** What a number does when it is called. */
export interface Behaviour {
  readonly label: string;
  /** What happens without anybody touching the phone; rings: it waits for a person. */
  readonly first: 'rings' | 'busy' | 'no-answer' | 'unreachable' | 'answers';
  /** Once answered by itself: press a key when the line listens, or hang up when the first words were heard. */
  readonly next?: { readonly press: string } | 'hang up';
}

export type BehaviourName = 'rings' | 'busy' | 'no-answer' | 'unreachable' | 'presses-hash' | 'hangs-up';

/** A new behaviour is a new row. */
export const behaviours: Readonly<Record<BehaviourName, Behaviour>> = {
  rings: { label: 'Rings', first: 'rings' },
  busy: { label: 'Busy', first: 'busy' },
  'no-answer': { label: 'No answer', first: 'no-answer' },
  unreachable: { label: 'Unreachable', first: 'unreachable' },
  'presses-hash': { label: 'Answers, presses #', first: 'answers', next: { press: '#' } },
  'hangs-up': { label: 'Hangs up', first: 'answers', next: 'hang up' },
};

export const isBehaviour = (name: unknown): name is BehaviourName =>
  typeof name === 'string' && Object.hasOwn(behaviours, name);
