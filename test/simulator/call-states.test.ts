import { describe, expect, test } from '@jest/globals';
import type { CallStatus } from '../../simulator/network/call.ts';
import { isOver, canBecome } from '../../simulator/network/call.ts';

describe('the status of a call', () => {
  const all = ['queued', 'ringing', 'in-progress', 'completed', 'busy', 'no-answer', 'failed', 'canceled'] as const;
  test('a status only moves forward, and a final status never changes', () => {
    const ways = all.flatMap(from => all.filter(to => canBecome(from, to)).map(to => `${from} → ${to}`));
    expect(ways).toEqual([
      'queued → ringing',
      'queued → failed',
      'queued → canceled',
      'ringing → in-progress',
      'ringing → busy',
      'ringing → no-answer',
      'ringing → failed',
      'ringing → canceled',
      'in-progress → completed',
    ]);
    const over: CallStatus[] = all.filter(isOver);
    expect(over).toEqual(['completed', 'busy', 'no-answer', 'failed', 'canceled']);
  });
});
