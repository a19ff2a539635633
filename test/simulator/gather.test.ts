import { describe, expect, test } from '@jest/globals';
import { onKey, onSilence } from '../../simulator/network/gather.ts';

interface Row {
  readonly rules: {
    readonly numDigits?: number;
    readonly finishOnKey?: string;
    readonly actionOnEmptyResult?: boolean;
  };
  /** A space stands for silence until the timeout. */
  readonly keys: string;
  readonly gives: string;
}

const play = ({ rules, keys }: Row): string => {
  const full = { finishOnKey: '#', actionOnEmptyResult: false, ...rules };
  let digits = '';
  for (const key of keys) {
    const step = key === ' ' ? onSilence(full, digits) : onKey(full, digits, key);
    if (step.next === 'submit') return `Digits=${step.digits} FinishedOnKey=${step.finishedOnKey}`;
    if (step.next === 'fall through') return step.next;
    ({ digits } = step);
  }
  return 'listens';
};

describe('Gather', () => {
  test.each<Row>([
    // https://www.twilio.com/docs/voice/twiml/gather: the finishing key before any digit makes no request.
    { rules: {}, keys: '#', gives: 'fall through' },
    { rules: { numDigits: 1 }, keys: '#', gives: 'fall through' },
    { rules: { actionOnEmptyResult: true }, keys: '#', gives: 'Digits= FinishedOnKey=#' },
    { rules: { numDigits: 1, finishOnKey: '' }, keys: '#', gives: 'Digits=# FinishedOnKey=' },
    {
      rules: { numDigits: 1, finishOnKey: '', actionOnEmptyResult: true },
      keys: '#',
      gives: 'Digits=# FinishedOnKey=',
    },
    { rules: { numDigits: 1, finishOnKey: '*' }, keys: '#', gives: 'Digits=# FinishedOnKey=' },
    { rules: {}, keys: ' ', gives: 'fall through' },
    { rules: { actionOnEmptyResult: true }, keys: ' ', gives: 'Digits= FinishedOnKey=' },
    { rules: {}, keys: '12#', gives: 'Digits=12 FinishedOnKey=#' },
    { rules: {}, keys: '12 ', gives: 'Digits=12 FinishedOnKey=' },
    { rules: {}, keys: '12', gives: 'listens' },
    { rules: { numDigits: 7 }, keys: '123456#', gives: 'Digits=123456 FinishedOnKey=#' },
    { rules: { numDigits: 7 }, keys: '1234567', gives: 'Digits=1234567 FinishedOnKey=' },
    { rules: { numDigits: 2, finishOnKey: '' }, keys: '0#', gives: 'Digits=0# FinishedOnKey=' },
  ])('a Gather with $rules and the keys "$keys" gives: $gives', row => {
    expect(play(row)).toBe(row.gives);
  });
});
