/** Tests that a command which fails or is interrupted ends its challenge: otherwise a phone would ring on. */
import { describe, expect, test } from '@jest/globals';
import { endingChallenge } from '../../cli/end-challenge.ts';
import type { CommandServices } from '../../cli/services.ts';

/** Challenges that note which bindings are cancelled, and how often SIGINT is listened to. */
const watched = (cancel: () => Promise<void> = async () => {}) => {
  const cancelled: string[] = [];
  const challenges: Pick<CommandServices['challenges'], 'cancel'> = {
    async cancel(boundTo) {
      cancelled.push(boundTo);
      await cancel();
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only this method is called
  return { cancelled, services: { challenges } as Pick<CommandServices, 'challenges'> };
};

const unanswered = async (): Promise<never> => {
  throw new Error('no answer');
};
const interrupted = async (): Promise<string> => {
  process.emit('SIGINT');
  return 'ended';
};

describe('the challenge of a command', () => {
  const listeners = process.listenerCount('SIGINT');

  test('stays where the command succeeds', async () => {
    const { cancelled, services } = watched();
    expect(await endingChallenge(services, 'cli:1', async () => 'bound')).toBe('bound');
    expect(cancelled).toEqual([]);
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });

  test('is cancelled where the command fails, and the failure goes on', async () => {
    const { cancelled, services } = watched();
    await expect(endingChallenge(services, 'cli:1', unanswered)).rejects.toThrow('no answer');
    expect(cancelled).toEqual(['cli:1']);
  });

  test('is cancelled on Ctrl-C, also where the store then fails: the command goes on to report it', async () => {
    const { cancelled, services } = watched(async () => {
      throw new Error('store is down');
    });
    expect(await endingChallenge(services, 'cli:1', interrupted)).toBe('ended');
    expect(cancelled).toEqual(['cli:1']);
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});
